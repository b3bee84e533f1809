package io.hypernetes.node;

import io.grpc.StatusRuntimeException;
import io.hypernetes.api.Tenant;
import io.hypernetes.cri.v1.AuthConfig;
import io.hypernetes.cri.v1.PodSandboxConfig;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Fetches images beside the pods' workers, so that a slow registry holds up nobody: a pod that
 * waits for an image can still be deleted.
 */
final class ImagePulls {

    /** How a pull ended. */
    sealed interface Outcome {
        /**
         * @param took from the request to the end
         */
        record Pulled(Duration took) implements Outcome {}

        record Failed(String message) implements Outcome {}
    }

    /** Fetches with these credentials, or fails with the runtime's reason. */
    @FunctionalInterface
    interface Puller {
        void pull(Tenant tenant, String image, AuthConfig credentials, PodSandboxConfig sandbox);
    }

    private record Pull(String pod, String image) {}

    private final Puller puller;
    private final Map<Pull, Optional<Outcome>> pulls = new ConcurrentHashMap<>();

    ImagePulls(Puller puller) {
        this.puller = puller;
    }

    /**
     * Starts to fetch the image for this pod, if that is not going on already.
     *
     * @param credentials tried one after the other; empty for a pull without
     * @param ended called once when it has ended
     */
    void start(
            Tenant tenant,
            String podUid,
            String image,
            List<AuthConfig> credentials,
            PodSandboxConfig sandbox,
            Runnable ended) {
        Pull pull = new Pull(podUid, image);
        if (pulls.putIfAbsent(pull, Optional.empty()) != null) {
            return;
        }
        List<AuthConfig> tries =
                credentials.isEmpty() ? List.of(AuthConfig.getDefaultInstance()) : credentials;
        Thread.ofVirtual()
                .name("pull-" + image)
                .start(() -> {
                    pulls.put(pull, Optional.of(fetch(tenant, image, tries, sandbox)));
                    ended.run();
                });
    }

    private Outcome fetch(
            Tenant tenant, String image, List<AuthConfig> tries, PodSandboxConfig sandbox) {
        long start = System.nanoTime();
        Set<String> failures = new LinkedHashSet<>();
        for (AuthConfig credentials : tries) {
            try {
                puller.pull(tenant, image, credentials, sandbox);
                return new Outcome.Pulled(Duration.ofNanos(System.nanoTime() - start));
            } catch (StatusRuntimeException e) {
                failures.add(PodRuntime.message(e));
            }
        }
        return new Outcome.Failed(
                failures.size() == 1
                        ? failures.iterator().next()
                        : "[" + String.join(", ", failures) + "]");
    }

    boolean isRunning(String podUid, String image) {
        Optional<Outcome> outcome = pulls.get(new Pull(podUid, image));
        return outcome != null && outcome.isEmpty();
    }

    /** Takes the outcome of a pull that has ended, once. */
    Optional<Outcome> take(String podUid, String image) {
        Pull pull = new Pull(podUid, image);
        Optional<Outcome> outcome = pulls.get(pull);
        if (outcome == null || outcome.isEmpty()) {
            return Optional.empty();
        }
        pulls.remove(pull);
        return outcome;
    }
}
