package io.hypernetes.controllers.workload;

import io.hypernetes.api.Metadata;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * How long a job waits before it makes another pod: ten seconds after a failure, twice as long
 * after each further one, ten minutes at most. Read off the pods that are still there, so that
 * nothing is remembered.
 */
final class JobBackoff {
    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final int DOUBLINGS = 6;

    private JobBackoff() {}

    static Duration left(Collection<ObjectNode> pods, Instant now) {
        List<ObjectNode> ended =
                pods.stream()
                        .filter(PodState::hasEnded)
                        .sorted(Comparator.comparing(JobBackoff::end).reversed())
                        .toList();
        int failures = 0;
        for (ObjectNode pod : ended) {
            if (JobSpec.hasSucceeded(pod)) {
                break;
            }
            failures++;
        }
        if (failures == 0) {
            return Duration.ZERO;
        }
        Duration wait = FIRST.multipliedBy(1L << Math.min(failures - 1, DOUBLINGS));
        Instant due = end(ended.getFirst()).plus(wait.compareTo(LONGEST) < 0 ? wait : LONGEST);
        return Duration.between(now, due);
    }

    /** When its last container ended; when it was made, if it does not say. */
    private static Instant end(ObjectNode pod) {
        Instant last = Instant.MIN;
        for (JsonNode status : pod.path("status").path("containerStatuses")) {
            Instant end =
                    PodState.instant(status.at("/state/terminated/finishedAt").asString(""))
                            .orElse(Instant.MIN);
            last = end.isAfter(last) ? end : last;
        }
        return last.equals(Instant.MIN)
                ? PodState.instant(Metadata.creationTimestamp(pod)).orElse(Instant.EPOCH)
                : last;
    }
}
