package io.hypernetes.node;

import tools.jackson.databind.JsonNode;

import java.time.Duration;
import java.util.Optional;

/**
 * What a container's {@code lifecycle} asks for: a command, a request, or a pause (KEP-3960), made
 * by the guest itself like a probe.
 */
@FunctionalInterface
interface LifecycleHooks {

    /**
     * @param handler {@code exec}, {@code httpGet}, {@code tcpSocket} or {@code sleep}
     * @param limit the hook is given up after this
     * @return what failed; empty for a success
     */
    Optional<String> run(
            String sandbox,
            String containerId,
            JsonNode container,
            JsonNode handler,
            Duration limit);

    static LifecycleHooks by(Prober prober) {
        return (sandbox, containerId, container, handler, limit) ->
                handler.has("sleep")
                        ? sleep(
                                Duration.ofSeconds(handler.path("sleep").path("seconds").asLong(0)),
                                limit)
                        : prober.call(sandbox, containerId, container, handler, limit);
    }

    static Optional<String> sleep(Duration time, Duration limit) {
        try {
            Thread.sleep(time.compareTo(limit) < 0 ? time : limit);
            return Optional.empty();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.of("the pause was interrupted");
        }
    }
}
