package io.hypernetes.node;

import io.hypernetes.api.quantity.Quantity;
import io.hypernetes.api.quota.PodResources;

import tools.jackson.databind.JsonNode;

import java.util.Map;
import java.util.Optional;

/**
 * What a pod has written that goes with it, and which of its limits that breaks. Pure.
 *
 * @param volumes bytes by volume
 * @param layers bytes that a container has written over its image
 * @param logs bytes of a container's log files
 */
record LocalStorage(Map<String, Long> volumes, Map<String, Long> layers, Map<String, Long> logs) {

    private static final String RESOURCE = "ephemeral-storage";

    /** Whether there is a limit that it could break: other pods need not be measured. */
    static boolean isLimited(JsonNode spec) {
        if (PodResources.limits(spec).get(RESOURCE).isPresent()) {
            return true;
        }
        return spec.path("volumes")
                .valueStream()
                .anyMatch(volume -> volume.path("emptyDir").has("sizeLimit"));
    }

    /** Upstream's message about the first limit that is broken, in upstream's order. */
    Optional<String> breach(JsonNode spec) {
        return emptyDir(spec).or(() -> pod(spec)).or(() -> container(spec));
    }

    private Optional<String> emptyDir(JsonNode spec) {
        for (JsonNode volume : spec.path("volumes")) {
            String name = volume.path("name").asString("");
            String limit = volume.path("emptyDir").path("sizeLimit").asString("");
            if (!limit.isEmpty() && volumes.getOrDefault(name, 0L) > atMost(limit)) {
                return Optional.of(
                        "Usage of EmptyDir volume \"%s\" exceeds the limit \"%s\". "
                                .formatted(name, limit));
            }
        }
        return Optional.empty();
    }

    /** A size of zero is no limit. */
    private static long atMost(String limit) {
        long bytes = Quantity.parse(limit).value();
        return bytes > 0 ? bytes : Long.MAX_VALUE;
    }

    private Optional<String> pod(JsonNode spec) {
        long used = sum(layers) + sum(logs);
        for (JsonNode volume : spec.path("volumes")) {
            if (isOnDisk(volume)) {
                used += volumes.getOrDefault(volume.path("name").asString(""), 0L);
            }
        }
        long all = used;
        return PodResources.limits(spec)
                .get(RESOURCE)
                .filter(limit -> all > limit.value())
                .map(
                        ("Pod ephemeral local storage usage exceeds the total limit of containers"
                                        + " %s. ")
                                ::formatted);
    }

    /** Upstream's {@code IsLocalEphemeralVolume}. */
    private static boolean isOnDisk(JsonNode volume) {
        return volume.has("configMap")
                || (volume.has("emptyDir")
                        && volume.path("emptyDir").path("medium").asString("").isEmpty());
    }

    private static long sum(Map<String, Long> bytes) {
        return bytes.values().stream().mapToLong(Long::longValue).sum();
    }

    private Optional<String> container(JsonNode spec) {
        for (JsonNode container : spec.path("containers")) {
            String name = container.path("name").asString("");
            String limit = container.path("resources").path("limits").path(RESOURCE).asString("");
            long used = layers.getOrDefault(name, 0L) + logs.getOrDefault(name, 0L);
            if (!limit.isEmpty() && used > atMost(limit)) {
                return Optional.of(
                        "Container %s exceeded its local ephemeral storage limit \"%s\". "
                                .formatted(name, limit));
            }
        }
        return Optional.empty();
    }
}
