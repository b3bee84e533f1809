package io.hypernetes.node;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.client.PodAccess;
import io.hypernetes.api.client.UsageSource;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.node.SandboxView.ContainerView;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The way into the pods of this machine, for the API server. */
final class NodePodAccess implements PodAccess {

    private static final List<String> LISTS =
            List.of("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses");

    private final Informer pods;
    private final RuntimeOf runtimes;
    private final PodLogs logs;
    private final UsageSource usages;
    private final Clock clock;

    NodePodAccess(
            Informer pods, RuntimeOf runtimes, PodLogs logs, UsageSource usages, Clock clock) {
        this.usages = usages;
        this.pods = pods;
        this.runtimes = runtimes;
        this.logs = logs;
        this.clock = clock;
    }

    @Override
    public UsageSource usages() {
        return usages;
    }

    @Override
    public InputStream logs(ObjectKey key, LogOptions options) {
        ObjectNode pod = pod(key);
        String name = containerName(pod, options.container());
        Optional<SandboxView> sandbox = sandbox(key, pod);
        Optional<ContainerView> run =
                sandbox.flatMap(
                        view -> options.previous() ? view.previous(name) : view.latest(name));
        Optional<Path> lost =
                sandbox.filter(_ -> options.previous() && run.isEmpty())
                        .flatMap(view -> view.latest(name))
                        .map(latest -> file(key, pod, name, latest.attempt() - 1))
                        .filter(Files::exists);
        if (run.isEmpty() && lost.isEmpty()) {
            throw ApiException.badRequest(
                    options.previous()
                            ? "previous terminated container \"%s\" in pod \"%s\" not found"
                                    .formatted(name, key.name())
                            : "container \"%s\" in pod \"%s\" is waiting to start: %s"
                                    .formatted(name, key.name(), waitingReason(pod, name)));
        }
        Path file = lost.orElseGet(() -> file(key, pod, name, run.orElseThrow().attempt()));
        String id = run.map(ContainerView::id).orElse("");
        try {
            return Files.exists(file)
                    ? new LogStream(file, options, clock.instant(), () -> hasEnded(key, id))
                    : InputStream.nullInputStream();
        } catch (IOException e) {
            throw new UncheckedIOException("the log of " + key + " cannot be read", e);
        }
    }

    /** Also of a run whose machine has died, and with it what the runtime knew of it. */
    private Path file(ObjectKey key, ObjectNode pod, String container, int attempt) {
        return logs.directory(key.tenant(), pod).resolve(CriConfigs.logPath(container, attempt));
    }

    private boolean hasEnded(ObjectKey key, String containerId) {
        return runtimes.of(key).sandboxes(key).stream()
                .flatMap(view -> view.containers().stream())
                .noneMatch(view -> view.id().equals(containerId) && view.running());
    }

    @Override
    public Process exec(ObjectKey key, ExecOptions options, Output output) {
        ObjectNode pod = pod(key);
        ContainerView run = running(key, pod, containerName(pod, options.container()));
        SandboxAccess inside = runtimes.of(key).access();
        return options.command().isEmpty()
                ? inside.attach(run.id(), options, output)
                : inside.exec(run.id(), options, output);
    }

    @Override
    public Optional<PortStream> connect(ObjectKey key, int port) {
        ObjectNode pod = pod(key);
        SandboxView sandbox =
                sandbox(key, pod)
                        .filter(SandboxView::ready)
                        .orElseThrow(() ->
                                ApiException.badRequest(
                                        "unable to forward port because pod is not"
                                                + " running. Current status="
                                                + phase(pod)));
        return runtimes.of(key).access().connect(sandbox.id(), port, SandboxAccess.PATIENCE);
    }

    private ObjectNode pod(ObjectKey key) {
        return pods.get(key)
                .orElseThrow(() -> ApiException.notFound(BuiltinTypes.PODS.id(), key.name()));
    }

    private Optional<SandboxView> sandbox(ObjectKey key, ObjectNode pod) {
        return runtimes.of(key).sandboxes(key).stream()
                .filter(view -> view.uid().equals(Metadata.uid(pod)))
                .findFirst();
    }

    private ContainerView running(ObjectKey key, ObjectNode pod, String name) {
        return sandbox(key, pod)
                .flatMap(view -> view.latest(name))
                .filter(ContainerView::running)
                .orElseThrow(() ->
                        ApiException.of(
                                Reason.INTERNAL_ERROR,
                                "unable to upgrade connection: container not found (\""
                                        + name
                                        + "\")"));
    }

    /** The named container, or the only one, in upstream's wording when that is not clear. */
    private static String containerName(ObjectNode pod, String wanted) {
        List<String> names = new ArrayList<>();
        for (JsonNode container : pod.path("spec").path("containers")) {
            names.add(container.path("name").asString(""));
        }
        List<String> others = new ArrayList<>();
        for (String list : List.of("initContainers", "ephemeralContainers")) {
            for (JsonNode container : pod.path("spec").path(list)) {
                others.add(container.path("name").asString(""));
            }
        }
        if (wanted.isEmpty()) {
            if (names.size() == 1) {
                return names.getFirst();
            }
            throw ApiException.badRequest(
                    "a container name must be specified for pod %s, choose one of: [%s]"
                            .formatted(Metadata.name(pod), String.join(" ", names)));
        }
        if (!names.contains(wanted) && !others.contains(wanted)) {
            throw ApiException.badRequest(
                    "container %s is not valid for pod %s".formatted(wanted, Metadata.name(pod)));
        }
        return wanted;
    }

    private static String waitingReason(ObjectNode pod, String name) {
        for (String list : LISTS) {
            for (JsonNode status : pod.path("status").path(list)) {
                if (status.path("name").asString("").equals(name)) {
                    return status.path("state").path("waiting").path("reason").asString("unknown");
                }
            }
        }
        return "ContainerCreating";
    }

    private static String phase(ObjectNode pod) {
        return pod.path("status").path("phase").asString("Unknown");
    }
}
