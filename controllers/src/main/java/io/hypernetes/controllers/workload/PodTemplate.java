package io.hypernetes.controllers.workload;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Pods made after a template. */
final class PodTemplate {
    private PodTemplate() {}

    /**
     * A pod of the owner, without a name of its own.
     *
     * @param reference the entry for the pod's owner references
     */
    static ObjectNode pod(ObjectNode owner, JsonNode template, ObjectNode reference) {
        ObjectNode pod = Json.object();
        ObjectNode metadata = pod.putObject("metadata");
        metadata.put("namespace", Metadata.namespace(owner));
        metadata.put("generateName", Metadata.name(owner) + "-");
        for (String field : new String[] {"labels", "annotations", "finalizers"}) {
            JsonNode value = template.path("metadata").path(field);
            if (!value.isMissingNode() && !value.isNull()) {
                metadata.set(field, value.deepCopy());
            }
        }
        metadata.putArray("ownerReferences").add(reference);
        pod.set("spec", template.path("spec").deepCopy());
        return pod;
    }
}
