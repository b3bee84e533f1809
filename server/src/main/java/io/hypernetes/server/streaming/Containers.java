package io.hypernetes.server.streaming;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/** Which of a pod's containers is meant. */
final class Containers {
    private Containers() {}

    /** Throws BadRequest with upstream's words when the name is wrong or missing. */
    static String choose(ObjectNode pod, String wanted) {
        List<String> names = names(pod, "containers");
        List<String> initNames = names(pod, "initContainers");
        if (!wanted.isEmpty()) {
            if (names.contains(wanted)
                    || initNames.contains(wanted)
                    || names(pod, "ephemeralContainers").contains(wanted)) {
                return wanted;
            }
            throw ApiException.badRequest(
                    "container " + wanted + " is not valid for pod " + Metadata.name(pod));
        }
        if (names.size() == 1) {
            return names.getFirst();
        }
        String choices = "choose one of: [" + String.join(" ", names) + "]";
        if (!initNames.isEmpty()) {
            choices += " or one of the init containers: [" + String.join(" ", initNames) + "]";
        }
        throw ApiException.badRequest(
                "a container name must be specified for pod "
                        + Metadata.name(pod)
                        + ", "
                        + choices);
    }

    private static List<String> names(ObjectNode pod, String field) {
        List<String> names = new ArrayList<>();
        for (JsonNode container : pod.path("spec").path(field)) {
            names.add(container.path("name").asString(""));
        }
        return names;
    }
}
