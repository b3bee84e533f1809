package io.hypernetes.scheduler.plugin;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.placement.NodeSelection;
import io.hypernetes.scheduler.cluster.Cluster;
import io.hypernetes.scheduler.cluster.DeviceClaim;
import io.hypernetes.scheduler.cluster.NodeView;
import io.hypernetes.scheduler.cluster.PodView;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * DynamicResources (KEP-4381), as far as somebody else allocates the devices: a pod waits until all
 * of its claims are there and allocated, and goes where the devices are.
 */
record Devices(Claims claims) implements Filter {

    @Override
    public Prepared prepare(PodView pod, Cluster cluster) {
        if (pod.devices().isEmpty()) {
            return SKIP;
        }
        List<NodeSelection> places = new ArrayList<>();
        for (DeviceClaim device : pod.devices()) {
            Optional<String> name = device.claim();
            if (name.isEmpty()) {
                return new Prepared.Never(
                        "waiting for the resource claim of the pod's \"" + device.entry() + "\"");
            }
            ObjectKey key = new ObjectKey(pod.key().tenant(), pod.key().namespace(), name.get());
            Optional<ObjectNode> claim = claims.deviceClaim(key);
            if (claim.isEmpty()) {
                return new Prepared.Never("resourceclaim \"" + key.name() + "\" not found");
            }
            if (Metadata.isBeingDeleted(claim.get())) {
                return new Prepared.Never("resourceclaim \"" + key.name() + "\" is being deleted");
            }
            JsonNode allocation = claim.get().path("status").path("allocation");
            if (!allocation.isObject()) {
                return new Prepared.Never("cannot allocate all claims");
            }
            places.add(NodeSelection.of(Json.object(), allocation.path("nodeSelector")));
        }
        return new Prepared.Check(node -> check(places, node.view()));
    }

    private static Refusal check(List<NodeSelection> places, NodeView node) {
        return places.stream().allMatch(place -> place.matches(node.name(), node.labels()))
                ? Refusal.NONE
                : Refusal.hopeless("resourceclaim not available on the node");
    }

    @Override
    public Set<Trigger> helpedBy() {
        return Set.of(Trigger.NODE_CHANGED, Trigger.CLAIM_CHANGED);
    }
}
