package io.hypernetes.controllers.workload;

import io.hypernetes.api.Metadata;

import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which pods go first when there are too many: those that cost the least to lose. The rules and
 * their order are those of upstream's ReplicaSet documentation ("pod deletion cost", "scaling
 * down").
 */
final class VictimOrder {

    private static final String COST = "controller.kubernetes.io/pod-deletion-cost";

    private VictimOrder() {}

    /**
     * @param pods to choose from
     * @param neighbours all active pods of the same owner or of its siblings: of two equals, the
     *     one goes that shares its node with more of them
     */
    static List<ObjectNode> of(Collection<ObjectNode> pods, Collection<ObjectNode> neighbours) {
        Map<String, Integer> perNode = new HashMap<>();
        for (ObjectNode pod : neighbours) {
            perNode.merge(PodState.node(pod), 1, Integer::sum);
        }
        return pods.stream().sorted(order(perNode)).toList();
    }

    private static Comparator<ObjectNode> order(Map<String, Integer> perNode) {
        return Comparator.comparing((ObjectNode pod) -> !PodState.node(pod).isEmpty())
                .thenComparing(pod -> phaseRank(PodState.phase(pod)))
                .thenComparing(PodState::isReady)
                .thenComparing(VictimOrder::cost)
                .thenComparing(
                        pod -> perNode.getOrDefault(PodState.node(pod), 0),
                        Comparator.reverseOrder())
                .thenComparing(VictimOrder::readySince, Comparator.reverseOrder())
                .thenComparing(PodState::restarts, Comparator.reverseOrder())
                .thenComparing(Metadata::creationTimestamp, Comparator.reverseOrder())
                .thenComparing(Metadata::name);
    }

    private static int phaseRank(String phase) {
        return switch (phase) {
            case "Pending" -> 0;
            case "Unknown" -> 1;
            default -> 2;
        };
    }

    private static int cost(ObjectNode pod) {
        try {
            String cost = Metadata.annotation(pod, COST);
            return cost.isEmpty() ? 0 : Integer.parseInt(cost);
        } catch (NumberFormatException _) {
            return 0;
        }
    }

    /** A pod that is not ready sorts before all that are. */
    private static Instant readySince(ObjectNode pod) {
        return PodState.readySince(pod).orElse(Instant.MAX);
    }
}
