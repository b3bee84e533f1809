package io.hypernetes.node;

import io.grpc.StatusRuntimeException;
import io.hypernetes.cri.v1.PodSandboxConfig;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Fetches images beside the pods' workers, so that a slow registry holds up nobody: a pod that
 * waits for an image can still be deleted.
 */
final class ImagePulls {

    /** How a pull ended. */
    sealed interface Outcome {
        record Pulled() implements Outcome {}

        record Failed(String message) implements Outcome {}
    }

    private record Pull(String pod, String image) {}

    private final PodRuntime runtime;
    private final Map<Pull, Optional<Outcome>> pulls = new ConcurrentHashMap<>();

    ImagePulls(PodRuntime runtime) {
        this.runtime = runtime;
    }

    /**
     * Starts to fetch the image for this pod, if that is not going on already.
     *
     * @param ended called once when it has ended
     */
    void start(String podUid, String image, PodSandboxConfig sandbox, Runnable ended) {
        Pull pull = new Pull(podUid, image);
        if (pulls.putIfAbsent(pull, Optional.empty()) != null) {
            return;
        }
        Thread.ofVirtual()
                .name("pull-" + image)
                .start(() -> {
                    pulls.put(pull, Optional.of(fetch(image, sandbox)));
                    ended.run();
                });
    }

    private Outcome fetch(String image, PodSandboxConfig sandbox) {
        try {
            runtime.pull(image, sandbox);
            return new Outcome.Pulled();
        } catch (StatusRuntimeException e) {
            return new Outcome.Failed(PodRuntime.message(e));
        }
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
