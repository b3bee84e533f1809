package io.hypernetes.api.client;

import io.hypernetes.api.ObjectKey;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What pods and nodes use, as the nodes measured it last. Any thread may ask; it never blocks long.
 */
public interface UsageSource {

    /** Nobody measures. */
    UsageSource NONE =
            new UsageSource() {
                @Override
                public Optional<PodUsage> pod(ObjectKey pod) {
                    return Optional.empty();
                }

                @Override
                public Optional<NodeUsage> node(String name) {
                    return Optional.empty();
                }
            };

    /**
     * @param nanoCores thousand-millionths of a core, the mean over the window
     * @param memoryBytes the working set
     */
    record Amount(long nanoCores, long memoryBytes) {
        public Amount plus(Amount other) {
            return new Amount(nanoCores + other.nanoCores, memoryBytes + other.memoryBytes);
        }
    }

    /**
     * @param at the end of the window
     * @param containers by their names
     */
    record PodUsage(Instant at, Duration window, Map<String, Amount> containers) {
        public Amount total() {
            return containers.values().stream().reduce(new Amount(0, 0), Amount::plus);
        }
    }

    /** A whole machine. */
    record NodeUsage(Instant at, Duration window, Amount total) {}

    /** Empty for a pod that is not measured (yet). */
    Optional<PodUsage> pod(ObjectKey pod);

    Optional<NodeUsage> node(String name);
}
