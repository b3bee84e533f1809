package io.hypernetes.scheduler.cluster;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.select.LabelSelector;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/**
 * A pod's topology spread constraint.
 *
 * @param hard {@code DoNotSchedule}, otherwise {@code ScheduleAnyway}
 * @param minDomains 0 when it is not set
 * @param honorsAffinity nodes that the pod's selector leaves out are no domains
 * @param honorsTaints nodes that the pod does not tolerate are no domains
 */
public record SpreadConstraint(
        String topologyKey,
        int maxSkew,
        boolean hard,
        LabelSelector selector,
        int minDomains,
        boolean honorsAffinity,
        boolean honorsTaints) {

    static List<SpreadConstraint> all(ObjectNode pod) {
        List<SpreadConstraint> all = new ArrayList<>();
        for (JsonNode each : pod.path("spec").path("topologySpreadConstraints")) {
            all.add(
                    new SpreadConstraint(
                            each.path("topologyKey").asString(""),
                            each.path("maxSkew").asInt(1),
                            !each.path("whenUnsatisfiable").asString("").equals("ScheduleAnyway"),
                            Selectors.withLabelKeys(
                                    LabelSelector.fromObject(each.path("labelSelector")),
                                    Metadata.labels(pod),
                                    each.path("matchLabelKeys"),
                                    Json.object()),
                            each.path("minDomains").asInt(0),
                            !each.path("nodeAffinityPolicy").asString("").equals("Ignore"),
                            each.path("nodeTaintsPolicy").asString("").equals("Honor")));
        }
        return List.copyOf(all);
    }

    /** Whether the node, as far as the pod is concerned, is one of the domains' nodes. */
    public boolean counts(PodView pod, NodeView node) {
        return (!honorsAffinity || pod.selection().matches(node.name(), node.labels()))
                && (!honorsTaints || pod.toleratesAll(node));
    }
}
