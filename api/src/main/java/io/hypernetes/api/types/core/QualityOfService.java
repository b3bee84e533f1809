package io.hypernetes.api.types.core;

import io.hypernetes.api.quantity.Quantity;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/** The class of a pod when its node runs short: who asks for nothing goes first. */
public final class QualityOfService {

    private QualityOfService() {}

    public static String of(ObjectNode spec) {
        List<ObjectNode> owners = new ArrayList<>();
        if (spec.has("resources")) {
            owners.add(spec); // Those of the pod as a whole count alone (KEP-2837).
        } else {
            owners.addAll(Trees.objects(spec.path("containers")));
            owners.addAll(Trees.objects(spec.path("initContainers")));
        }
        boolean asks = false;
        boolean guaranteed = true;
        for (ObjectNode owner : owners) {
            for (String resource : List.of("cpu", "memory")) {
                Quantity request =
                        Resources.parse(Trees.at(owner, "resources", "requests", resource));
                Quantity limit = Resources.parse(Trees.at(owner, "resources", "limits", resource));
                asks |= request != null && request.signum() > 0;
                asks |= limit != null && limit.signum() > 0;
                guaranteed &= limit != null && limit.signum() > 0 && limit.equals(request);
            }
        }
        return !asks ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
    }
}
