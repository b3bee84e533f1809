package io.hypernetes.node;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.types.core.ContainerLists;
import io.hypernetes.cri.v1.PodSandboxConfig;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** What one look at one pod works with. */
record PodLook(
        Tenant tenant,
        ObjectNode pod,
        SandboxView sandbox,
        PodSandboxConfig config,
        List<String> podIps,
        PodMemory memory) {

    ObjectKey key() {
        return new ObjectKey(tenant, Metadata.namespace(pod), Metadata.name(pod));
    }

    String uid() {
        return Metadata.uid(pod);
    }

    /** Which part of the pod an event about a container means. */
    static String fieldPath(ObjectNode pod, JsonNode container) {
        String name = container.path("name").asString("");
        for (String list : ContainerLists.ALL) {
            for (JsonNode one : pod.path("spec").path(list)) {
                if (one.path("name").asString("").equals(name)) {
                    return "spec." + list + "{" + name + "}";
                }
            }
        }
        return "";
    }
}
