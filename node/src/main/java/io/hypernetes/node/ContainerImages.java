package io.hypernetes.node;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.controllerruntime.EventRecorder;
import io.hypernetes.controllerruntime.EventRecorder.Type;
import io.hypernetes.cri.v1.Image;
import io.hypernetes.node.ImagePulls.Outcome;
import io.hypernetes.node.PodMemory.Backoff;

import tools.jackson.databind.JsonNode;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Sees to it that the images of a pod's containers are here and that its tenant may use them: pull
 * policy, pull secrets, back-off, and the events and reasons that upstream's kubelet tells.
 */
final class ContainerImages {

    private final PodRuntime runtime;
    private final ImagePulls pulls;
    private final PullSecrets secrets;
    private final EventRecorder events;
    private final Clock clock;
    private final Consumer<ObjectKey> lookAgain;

    ContainerImages(
            PodRuntime runtime,
            ImagePulls pulls,
            PullSecrets secrets,
            EventRecorder events,
            Clock clock,
            Consumer<ObjectKey> lookAgain) {
        this.runtime = runtime;
        this.pulls = pulls;
        this.secrets = secrets;
        this.events = events;
        this.clock = clock;
        this.lookAgain = lookAgain;
    }

    /** The image when it is here; else a pull is under way, or waits its time. */
    Optional<Image> ready(PodLook look, JsonNode container) {
        String image = container.path("image").asString("");
        Optional<Outcome> outcome = pulls.take(look.uid(), image);
        if (outcome.isPresent()) {
            return ended(look, container, outcome.get());
        }
        if (pulls.isRunning(look.uid(), image)) {
            return Optional.empty();
        }
        Optional<Image> here;
        try {
            here = runtime.image(look.tenant(), image);
        } catch (StatusRuntimeException e) {
            String text = "Failed to inspect image \"" + image + "\": " + PodRuntime.message(e);
            boolean invalid = e.getStatus().getCode() == Status.Code.INVALID_ARGUMENT;
            return hopeless(
                    look,
                    container,
                    "InspectFailed",
                    invalid ? "InvalidImageName" : "ImageInspectError",
                    text);
        }
        return switch (container.path("imagePullPolicy").asString("IfNotPresent")) {
            case "Always" -> pull(look, container);
            case "Never" ->
                    here.isPresent() ? present(look, container, here) : never(look, container);
            default -> here.isPresent() ? present(look, container, here) : pull(look, container);
        };
    }

    private Optional<Image> ended(PodLook look, JsonNode container, Outcome outcome) {
        String image = container.path("image").asString("");
        return switch (outcome) {
            case Outcome.Pulled(Duration took) -> {
                look.memory().pulls(image).reset();
                Optional<Image> here = runtime.image(look.tenant(), image);
                String seconds = took.toMillis() / 1000.0 + "s";
                record(
                        look,
                        container,
                        Type.NORMAL,
                        "Pulled",
                        "Successfully pulled image \"%s\" in %s (%s including waiting). Image size: %d bytes."
                                .formatted(
                                        image,
                                        seconds,
                                        seconds,
                                        here.map(Image::getSize).orElse(0L)));
                yield here;
            }
            case Outcome.Failed(String message) -> {
                look.memory().pulls(image).failed(clock.instant());
                String text = "Failed to pull image \"" + image + "\": " + message;
                record(look, container, Type.WARNING, "Failed", text);
                record(look, container, Type.WARNING, "Failed", "Error: ErrImagePull");
                waits(look, container, "ErrImagePull", message);
                yield Optional.empty();
            }
        };
    }

    private Optional<Image> present(PodLook look, JsonNode container, Optional<Image> image) {
        record(
                look,
                container,
                Type.NORMAL,
                "Pulled",
                "Container image \"%s\" already present on machine and can be accessed by the pod"
                        .formatted(container.path("image").asString("")));
        return image;
    }

    private Optional<Image> never(PodLook look, JsonNode container) {
        String text =
                "Container image \"%s\" is not present with pull policy of Never"
                        .formatted(container.path("image").asString(""));
        return hopeless(look, container, "ErrImageNeverPull", "ErrImageNeverPull", text);
    }

    /** Nothing is done about it but to look again, at longer and longer intervals. */
    private Optional<Image> hopeless(
            PodLook look, JsonNode container, String event, String reason, String text) {
        String name = container.path("name").asString("");
        Backoff backoff = look.memory().pulls(container.path("image").asString(""));
        if (backoff.mayTry(clock.instant())) {
            backoff.failed(clock.instant());
        }
        if (look.memory().waiting(name).filter(w -> w.reason().equals(reason)).isEmpty()) {
            record(look, container, Type.WARNING, event, text);
            record(look, container, Type.WARNING, "Failed", "Error: " + reason);
            waits(look, container, reason, text);
        }
        return Optional.empty();
    }

    private Optional<Image> pull(PodLook look, JsonNode container) {
        String image = container.path("image").asString("");
        Backoff backoff = look.memory().pulls(image);
        if (!backoff.mayTry(clock.instant())) {
            backOff(look, container, image);
            return Optional.empty();
        }
        PullSecrets.Found found = secrets.find(look.tenant(), look.pod(), image);
        if (!found.missing().isEmpty()) {
            String names = String.join(", ", found.missing());
            events.record(
                    look.tenant(),
                    look.pod(),
                    Type.WARNING,
                    "FailedToRetrieveImagePullSecret",
                    "Unable to retrieve some image pull secrets ("
                            + names
                            + "); attempting to pull the image may not succeed.");
        }
        record(look, container, Type.NORMAL, "Pulling", "Pulling image \"" + image + "\"");
        pulls.start(
                look.tenant(),
                look.uid(),
                image,
                found.credentials(),
                look.config(),
                () -> lookAgain.accept(look.key()));
        return Optional.empty();
    }

    private void backOff(PodLook look, JsonNode container, String image) {
        String name = container.path("name").asString("");
        String why = look.memory().waiting(name).map(PodMemory.Waiting::message).orElse("");
        String before = "Back-off pulling image \"" + image + "\"";
        if (!why.startsWith(before)) {
            record(look, container, Type.NORMAL, "BackOff", before);
            record(look, container, Type.WARNING, "Failed", "Error: ImagePullBackOff");
            waits(look, container, "ImagePullBackOff", before + ": ErrImagePull: " + why);
        }
    }

    /** When to look again at a container whose image was not {@link #ready}. */
    Optional<Duration> next(PodLook look, JsonNode container) {
        String image = container.path("image").asString("");
        if (pulls.isRunning(look.uid(), image)) {
            return Optional.empty();
        }
        Instant next = look.memory().pulls(image).next();
        Duration left = Duration.between(clock.instant(), next);
        boolean justFailed =
                look.memory()
                        .waiting(container.path("name").asString(""))
                        .filter(waiting -> waiting.reason().equals("ErrImagePull"))
                        .isPresent();
        // Soon after a failure the reason turns from ErrImagePull to ImagePullBackOff.
        return Optional.of(justFailed || left.isNegative() ? Duration.ofSeconds(2) : left);
    }

    private static void waits(PodLook look, JsonNode container, String reason, String message) {
        look.memory().waits(container.path("name").asString(""), reason, message);
    }

    private void record(
            PodLook look, JsonNode container, Type type, String reason, String message) {
        events.record(
                look.tenant(),
                look.pod(),
                PodLook.fieldPath(look.pod(), container),
                type,
                reason,
                message);
    }
}
