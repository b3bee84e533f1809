package io.hypernetes.controllers;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A claim that a pod brings along, of a volume or of a device: it is the pod's and goes with it.
 */
public final class PodsOwnClaim {

    private PodsOwnClaim() {}

    /**
     * @param template its metadata's labels and annotations, and its spec, are the claim's
     */
    public static ObjectNode of(ObjectNode pod, String name, JsonNode template) {
        ObjectNode claim = Json.object();
        ObjectNode metadata = claim.putObject("metadata");
        metadata.put("namespace", Metadata.namespace(pod)).put("name", name);
        for (String field : new String[] {"labels", "annotations"}) {
            JsonNode value = template.path("metadata").path(field);
            if (value.isObject()) {
                metadata.set(field, value.deepCopy());
            }
        }
        metadata.putArray("ownerReferences")
                .add(Metadata.controllerReference(BuiltinTypes.PODS, pod));
        claim.set("spec", template.path("spec").deepCopy());
        return claim;
    }
}
