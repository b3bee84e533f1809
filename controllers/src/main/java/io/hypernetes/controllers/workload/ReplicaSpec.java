package io.hypernetes.controllers.workload;

import io.hypernetes.api.json.Json;
import io.hypernetes.api.select.LabelSelector;
import io.hypernetes.api.types.WorkloadTypes;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a ReplicaSet or a ReplicationController asks for: the latter is the former with a selector
 * of an older shape.
 */
record ReplicaSpec(int replicas, long minReadySeconds, LabelSelector selector, JsonNode template) {

    static ReplicaSpec of(ObjectNode owner) {
        JsonNode spec = owner.path("spec");
        return new ReplicaSpec(
                spec.path("replicas").asInt(1),
                spec.path("minReadySeconds").asLong(0),
                selector(owner.path("kind").asString(""), spec),
                spec.path("template"));
    }

    private static LabelSelector selector(String kind, JsonNode spec) {
        if (kind.equals(WorkloadTypes.REPLICA_SETS.kind())) {
            return LabelSelector.fromObject(spec.path("selector"));
        }
        // An empty selector means the template's labels, which defaulting has filled in.
        ObjectNode selector = Json.object();
        selector.set("matchLabels", spec.path("selector"));
        return spec.path("selector").isEmpty()
                ? LabelSelector.NOTHING
                : LabelSelector.fromObject(selector);
    }
}
