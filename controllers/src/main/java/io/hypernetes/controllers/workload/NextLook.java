package io.hypernetes.controllers.workload;

import io.hypernetes.api.Metadata;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** When a plan is worth another look though nothing was written: time alone changes it. */
final class NextLook {
    private Optional<Duration> soonest = Optional.empty();

    Optional<Duration> soonest() {
        return soonest;
    }

    void after(Duration wait) {
        if (soonest.filter(known -> known.compareTo(wait) <= 0).isEmpty()) {
            soonest = Optional.of(wait);
        }
    }

    /** Notes when a pod that is ready will have been so for long enough. */
    boolean isAvailable(ObjectNode pod, long minReadySeconds, Instant now) {
        if (Metadata.isBeingDeleted(pod)) {
            return false;
        }
        Optional<Duration> left = PodState.untilAvailable(pod, minReadySeconds, now);
        left.filter(Duration::isPositive).ifPresent(this::after);
        return left.filter(Duration::isZero).isPresent();
    }
}
