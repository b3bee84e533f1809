package io.hypernetes.network.policy;

import io.hypernetes.api.Metadata;
import io.hypernetes.network.PortId;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * A pod that lives, as policies see it.
 *
 * @param addresses empty before it has one
 */
record PodView(ObjectNode pod, PortId port, List<String> addresses) {

    PodView {
        addresses = List.copyOf(addresses);
    }

    static boolean lives(ObjectNode pod) {
        String phase = pod.path("status").path("phase").asString("");
        return !phase.equals("Succeeded") && !phase.equals("Failed");
    }

    String namespace() {
        return Metadata.namespace(pod);
    }

    Map<String, String> labels() {
        return Metadata.labels(pod);
    }

    /** The number of a container's port. */
    OptionalInt number(String portName, String protocol) {
        JsonNode spec = pod.path("spec");
        return Stream.concat(
                        spec.path("containers").valueStream(),
                        spec.path("initContainers").valueStream())
                .flatMap(container -> container.path("ports").valueStream())
                .filter(port -> port.path("name").asString("").equals(portName))
                .filter(port -> port.path("protocol").asString("TCP").equals(protocol))
                .mapToInt(port -> port.path("containerPort").asInt(0))
                .filter(number -> number > 0)
                .findFirst();
    }
}
