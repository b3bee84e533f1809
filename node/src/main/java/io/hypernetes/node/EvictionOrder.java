package io.hypernetes.node;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.quantity.Quantity;
import io.hypernetes.api.quota.PodResources;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Which pod goes first when its node is short of something: who uses more than it asked for, then
 * who has the lower priority, then who is further above what it asked for ("Node-pressure
 * Eviction", Kubernetes documentation). Pure.
 */
final class EvictionOrder {

    /** From here on a pod is the system's own, and never goes. */
    private static final int CRITICAL = 2_000_000_000;

    /**
     * @param used by container, of what the node is short of
     */
    record Candidate(ObjectKey key, ObjectNode pod, Map<String, Long> used) {
        long total() {
            return used.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    private final Shortage.Kind kind;

    EvictionOrder(Shortage.Kind kind) {
        this.kind = kind;
    }

    List<Candidate> of(Collection<Candidate> candidates) {
        Comparator<Candidate> order =
                Comparator.comparing((Candidate one) -> excess(one) <= 0)
                        .thenComparing(EvictionOrder::priority)
                        .thenComparing(one -> -excess(one));
        return candidates.stream().filter(one -> priority(one) < CRITICAL).sorted(order).toList();
    }

    /** Upstream's words about those of its containers that are above what they asked for. */
    String details(Candidate candidate) {
        StringBuilder text = new StringBuilder();
        for (JsonNode container : candidate.pod().path("spec").path("containers")) {
            String name = container.path("name").asString("");
            long used = candidate.used().getOrDefault(name, 0L);
            String asked =
                    container.path("resources").path("requests").path(kind.resource()).asString("");
            if (used > (asked.isEmpty() ? 0 : Quantity.parse(asked).value())) {
                text.append(
                        "Container %s was using %s, request is %s, has larger consumption of %s. "
                                .formatted(
                                        name,
                                        Quantity.of(used / 1024 * 1024, Quantity.Format.BINARY_SI),
                                        asked.isEmpty() ? "0" : asked,
                                        kind.resource()));
            }
        }
        return text.toString();
    }

    private static int priority(Candidate candidate) {
        return candidate.pod().path("spec").path("priority").asInt(0);
    }

    private long excess(Candidate candidate) {
        long asked =
                PodResources.requests(candidate.pod().path("spec"))
                        .get(kind.resource())
                        .map(Quantity::value)
                        .orElse(0L);
        return candidate.total() - asked;
    }
}
