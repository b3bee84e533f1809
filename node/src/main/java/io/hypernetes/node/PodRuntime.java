package io.hypernetes.node;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.types.core.HostRuntime;
import io.hypernetes.cri.Annotations;
import io.hypernetes.cri.v1.AuthConfig;
import io.hypernetes.cri.v1.Container;
import io.hypernetes.cri.v1.ContainerConfig;
import io.hypernetes.cri.v1.ContainerFilter;
import io.hypernetes.cri.v1.ContainerState;
import io.hypernetes.cri.v1.ContainerStateValue;
import io.hypernetes.cri.v1.ContainerStats;
import io.hypernetes.cri.v1.ContainerStatsFilter;
import io.hypernetes.cri.v1.ContainerStatus;
import io.hypernetes.cri.v1.ContainerStatusRequest;
import io.hypernetes.cri.v1.CreateContainerRequest;
import io.hypernetes.cri.v1.ExecSyncRequest;
import io.hypernetes.cri.v1.ExecSyncResponse;
import io.hypernetes.cri.v1.Image;
import io.hypernetes.cri.v1.ImageFsInfoRequest;
import io.hypernetes.cri.v1.ImageServiceGrpc;
import io.hypernetes.cri.v1.ImageSpec;
import io.hypernetes.cri.v1.ImageStatusRequest;
import io.hypernetes.cri.v1.ImageStatusResponse;
import io.hypernetes.cri.v1.LinuxContainerResources;
import io.hypernetes.cri.v1.ListContainerStatsRequest;
import io.hypernetes.cri.v1.ListContainersRequest;
import io.hypernetes.cri.v1.ListImagesRequest;
import io.hypernetes.cri.v1.ListPodSandboxRequest;
import io.hypernetes.cri.v1.PodSandbox;
import io.hypernetes.cri.v1.PodSandboxConfig;
import io.hypernetes.cri.v1.PodSandboxFilter;
import io.hypernetes.cri.v1.PodSandboxState;
import io.hypernetes.cri.v1.PullImageRequest;
import io.hypernetes.cri.v1.RemoveContainerRequest;
import io.hypernetes.cri.v1.RemoveImageRequest;
import io.hypernetes.cri.v1.RemovePodSandboxRequest;
import io.hypernetes.cri.v1.ReopenContainerLogRequest;
import io.hypernetes.cri.v1.RunPodSandboxRequest;
import io.hypernetes.cri.v1.RuntimeCondition;
import io.hypernetes.cri.v1.RuntimeServiceGrpc;
import io.hypernetes.cri.v1.StartContainerRequest;
import io.hypernetes.cri.v1.StatusRequest;
import io.hypernetes.cri.v1.StopContainerRequest;
import io.hypernetes.cri.v1.StopPodSandboxRequest;
import io.hypernetes.cri.v1.UpdateContainerResourcesRequest;
import io.hypernetes.cri.v1.UpdatePodSandboxResourcesRequest;
import io.hypernetes.cri.v1.VersionRequest;
import io.hypernetes.cri.v1.VersionResponse;
import io.hypernetes.node.SandboxView.ContainerView;
import io.hypernetes.node.SandboxView.Phase;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A CRI runtime of this machine, in the node agent's words. Calls block; any thread may call.
 * Failures come out as {@link StatusRuntimeException}.
 */
final class PodRuntime {

    private static final Duration QUICK = Duration.ofSeconds(30);

    /** Beyond a command's own time: the way to it and back. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    private static final Duration SANDBOX = Duration.ofMinutes(4);
    private static final Duration PULL = Duration.ofMinutes(30);

    private final ManagedChannel channel;
    private final String name;
    private final String handler;
    private final boolean resizes;
    private final SandboxAccess access;

    /**
     * @param name of the runtime, the scheme of its containers' ids in statuses
     * @param handler that sandboxes are run by
     * @param resizes whether it changes what a running pod has
     */
    private PodRuntime(
            ManagedChannel channel,
            String name,
            String handler,
            boolean resizes,
            SandboxAccess access) {
        this.resizes = resizes;
        this.channel = channel;
        this.name = name;
        this.handler = handler;
        this.access = access;
    }

    /** The runtime whose pods are virtual machines. */
    static PodRuntime hyper(ManagedChannel channel) {
        return new PodRuntime(channel, "hyper", "hyper", true, new GuestAccess(channel));
    }

    /** The runtime whose pods are processes of this machine. */
    static PodRuntime containerd(ManagedChannel channel) {
        return new PodRuntime(
                channel, "containerd", HostRuntime.HANDLER, false, new ContainerdAccess(channel));
    }

    /** The scheme of container ids in statuses. */
    String name() {
        return name;
    }

    /** Whether it changes what a running pod has. */
    boolean resizes() {
        return resizes;
    }

    /** The ways in. */
    SandboxAccess access() {
        return access;
    }

    private RuntimeServiceGrpc.RuntimeServiceBlockingStub runtime(Duration deadline) {
        return RuntimeServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS);
    }

    private ImageServiceGrpc.ImageServiceBlockingStub images(Duration deadline) {
        return ImageServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Name and version, {@code hyper://0.1.0}. */
    String version() {
        try {
            VersionResponse version = runtime(QUICK).version(VersionRequest.getDefaultInstance());
            return version.getRuntimeName() + "://" + version.getRuntimeVersion();
        } catch (StatusRuntimeException _) {
            return "unknown";
        }
    }

    /** Why the runtime cannot run pods now; empty when it can. */
    Optional<String> trouble() {
        try {
            for (RuntimeCondition condition :
                    runtime(QUICK)
                            .status(StatusRequest.getDefaultInstance())
                            .getStatus()
                            .getConditionsList()) {
                if (condition.getType().equals("RuntimeReady") && !condition.getStatus()) {
                    return Optional.of(condition.getReason() + ": " + condition.getMessage());
                }
            }
            return Optional.empty();
        } catch (StatusRuntimeException e) {
            return Optional.of("the runtime does not answer: " + e.getStatus().getCode());
        }
    }

    /** All sandboxes of pods of this name, those of earlier incarnations too; newest first. */
    List<SandboxView> sandboxes(ObjectKey pod) {
        return list(
                PodSandboxFilter.newBuilder()
                        .putLabelSelector(CriConfigs.TENANT, pod.tenant().name())
                        .putLabelSelector(CriConfigs.POD_NAMESPACE, pod.namespace())
                        .putLabelSelector(CriConfigs.POD_NAME, pod.name())
                        .build(),
                true);
    }

    /** All sandboxes of this machine, without their containers. */
    List<SandboxView> sandboxes() {
        return list(PodSandboxFilter.getDefaultInstance(), false);
    }

    private List<SandboxView> list(PodSandboxFilter filter, boolean withContainers) {
        List<SandboxView> views = new ArrayList<>();
        for (PodSandbox sandbox :
                runtime(QUICK)
                        .listPodSandbox(
                                ListPodSandboxRequest.newBuilder().setFilter(filter).build())
                        .getItemsList()) {
            Map<String, String> labels = sandbox.getLabelsMap();
            if (!labels.containsKey(CriConfigs.TENANT)) {
                continue;
            }
            views.add(
                    new SandboxView(
                            sandbox.getId(),
                            key(labels),
                            sandbox.getMetadata().getUid(),
                            sandbox.getMetadata().getAttempt(),
                            sandbox.getState() == PodSandboxState.SANDBOX_READY,
                            sandbox.containsAnnotations(Annotations.WAITS),
                            instant(sandbox.getCreatedAt()),
                            withContainers ? containers(sandbox.getId()) : List.of()));
        }
        views.sort((a, b) -> b.created().compareTo(a.created()));
        return views;
    }

    /** A sandbox or a container in a state. */
    record Seen(ObjectKey pod, String id, int state) {}

    /** All sandboxes and containers of this machine with their states, for comparing. */
    Set<Seen> seen() {
        Set<Seen> seen = new HashSet<>();
        for (PodSandbox sandbox :
                runtime(QUICK)
                        .listPodSandbox(ListPodSandboxRequest.getDefaultInstance())
                        .getItemsList()) {
            if (sandbox.containsLabels(CriConfigs.TENANT)) {
                seen.add(
                        new Seen(
                                key(sandbox.getLabelsMap()),
                                sandbox.getId(),
                                sandbox.getStateValue()));
            }
        }
        for (Container container :
                runtime(QUICK)
                        .listContainers(ListContainersRequest.getDefaultInstance())
                        .getContainersList()) {
            if (container.containsLabels(CriConfigs.TENANT)) {
                seen.add(
                        new Seen(
                                key(container.getLabelsMap()),
                                container.getId(),
                                container.getStateValue()));
            }
        }
        return seen;
    }

    /** What the containers of a sandbox have used. */
    List<ContainerStats> stats(String sandbox) {
        ContainerStatsFilter filter =
                ContainerStatsFilter.newBuilder().setPodSandboxId(sandbox).build();
        return runtime(QUICK)
                .listContainerStats(
                        ListContainerStatsRequest.newBuilder().setFilter(filter).build())
                .getStatsList();
    }

    static ObjectKey key(Map<String, String> labels) {
        return new ObjectKey(
                new Tenant(labels.getOrDefault(CriConfigs.TENANT, "")),
                labels.getOrDefault(CriConfigs.POD_NAMESPACE, ""),
                labels.getOrDefault(CriConfigs.POD_NAME, ""));
    }

    private List<ContainerView> containers(String sandbox) {
        List<ContainerView> views = new ArrayList<>();
        ContainerFilter filter = ContainerFilter.newBuilder().setPodSandboxId(sandbox).build();
        for (Container container :
                runtime(QUICK)
                        .listContainers(
                                ListContainersRequest.newBuilder().setFilter(filter).build())
                        .getContainersList()) {
            container(container.getId()).ifPresent(views::add);
        }
        return views;
    }

    private Optional<ContainerView> container(String id) {
        try {
            ContainerStatus status =
                    runtime(QUICK)
                            .containerStatus(
                                    ContainerStatusRequest.newBuilder().setContainerId(id).build())
                            .getStatus();
            return Optional.of(
                    new ContainerView(
                            id,
                            status.getMetadata().getName(),
                            status.getMetadata().getAttempt(),
                            switch (status.getState()) {
                                case CONTAINER_CREATED -> Phase.CREATED;
                                case CONTAINER_RUNNING -> Phase.RUNNING;
                                case CONTAINER_EXITED, CONTAINER_UNKNOWN, UNRECOGNIZED ->
                                        Phase.EXITED;
                            },
                            instant(status.getCreatedAt()),
                            instant(status.getStartedAt()),
                            instant(status.getFinishedAt()),
                            status.getExitCode(),
                            status.getReason(),
                            TerminationMessages.of(status),
                            status.getImage().getImage(),
                            status.getImageRef(),
                            status.getLogPath(),
                            status.getResources().getLinux()));
        } catch (StatusRuntimeException e) {
            if (isNotFound(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    String runSandbox(PodSandboxConfig config) {
        return runtime(SANDBOX)
                .runPodSandbox(
                        RunPodSandboxRequest.newBuilder()
                                .setConfig(config)
                                .setRuntimeHandler(handler)
                                .build())
                .getPodSandboxId();
    }

    /** Ends the machine and forgets it, whatever state it is in. */
    void removeSandbox(String id) {
        try {
            runtime(SANDBOX)
                    .stopPodSandbox(StopPodSandboxRequest.newBuilder().setPodSandboxId(id).build());
            runtime(SANDBOX)
                    .removePodSandbox(
                            RemovePodSandboxRequest.newBuilder().setPodSandboxId(id).build());
        } catch (StatusRuntimeException e) {
            if (!isNotFound(e)) {
                throw e;
            }
        }
    }

    /** Ends the machine; its containers and their logs can still be looked at. */
    void stopSandbox(String id) {
        try {
            runtime(SANDBOX)
                    .stopPodSandbox(StopPodSandboxRequest.newBuilder().setPodSandboxId(id).build());
        } catch (StatusRuntimeException e) {
            if (!isNotFound(e)) {
                throw e;
            }
        }
    }

    /** The folders of this machine that have the images. */
    List<Path> imageFolders() {
        return images(QUICK)
                .imageFsInfo(ImageFsInfoRequest.getDefaultInstance())
                .getImageFilesystemsList()
                .stream()
                .map(system -> Path.of(system.getFsId().getMountpoint()))
                .toList();
    }

    /**
     * A command in a container, run to its end.
     *
     * @param limit after which it is ended
     */
    ExecSyncResponse execSync(String container, List<String> command, Duration limit) {
        return runtime(limit.plus(SLACK))
                .execSync(
                        ExecSyncRequest.newBuilder()
                                .setContainerId(container)
                                .addAllCmd(command)
                                .setTimeout(Math.max(1, limit.toSeconds()))
                                .build());
    }

    /** The images of this machine, those of all tenants. */
    ImageGarbage.Images images() {
        return new ImageGarbage.Images() {
            @Override
            public List<Image> list() {
                return PodRuntime.this
                        .images(QUICK)
                        .listImages(ListImagesRequest.getDefaultInstance())
                        .getImagesList();
            }

            @Override
            public Set<String> used() {
                return runtime(QUICK)
                        .listContainers(ListContainersRequest.getDefaultInstance())
                        .getContainersList()
                        .stream()
                        .map(Container::getImageId)
                        .collect(Collectors.toSet());
            }

            @Override
            public void remove(String id) {
                var unused =
                        PodRuntime.this
                                .images(QUICK)
                                .removeImage(
                                        RemoveImageRequest.newBuilder()
                                                .setImage(ImageSpec.newBuilder().setImage(id))
                                                .build());
            }
        };
    }

    /** An image that is here and that this tenant may use. */
    Optional<Image> image(Tenant tenant, String name) {
        ImageStatusResponse response =
                images(QUICK)
                        .imageStatus(
                                ImageStatusRequest.newBuilder()
                                        .setImage(spec(tenant, name))
                                        .build());
        return response.hasImage() && !response.getImage().getId().isEmpty()
                ? Optional.of(response.getImage())
                : Optional.empty();
    }

    /** Fetches an image for a tenant; its id. */
    String pull(Tenant tenant, String name, AuthConfig credentials, PodSandboxConfig sandbox) {
        return images(PULL)
                .pullImage(
                        PullImageRequest.newBuilder()
                                .setImage(spec(tenant, name))
                                .setAuth(credentials)
                                .setSandboxConfig(sandbox)
                                .build())
                .getImageRef();
    }

    private static ImageSpec spec(Tenant tenant, String name) {
        return ImageSpec.newBuilder()
                .setImage(name)
                .putAnnotations(Annotations.TENANT, tenant.name())
                .build();
    }

    String createContainer(String sandbox, ContainerConfig config, PodSandboxConfig sandboxConfig) {
        return runtime(SANDBOX)
                .createContainer(
                        CreateContainerRequest.newBuilder()
                                .setPodSandboxId(sandbox)
                                .setConfig(config)
                                .setSandboxConfig(sandboxConfig)
                                .build())
                .getContainerId();
    }

    void startContainer(String id) {
        runtime(SANDBOX)
                .startContainer(StartContainerRequest.newBuilder().setContainerId(id).build());
    }

    /** Another size of the machine; what it has beyond that stays. */
    void growSandbox(String id, VmSize size) {
        var unused =
                runtime(SANDBOX)
                        .updatePodSandboxResources(
                                UpdatePodSandboxResourcesRequest.newBuilder()
                                        .setPodSandboxId(id)
                                        .setResources(CriConfigs.resources(size))
                                        .build());
    }

    /** Other limits for a container that runs. */
    void updateContainer(String id, LinuxContainerResources resources) {
        var unused =
                runtime(QUICK)
                        .updateContainerResources(
                                UpdateContainerResourcesRequest.newBuilder()
                                        .setContainerId(id)
                                        .setLinux(resources)
                                        .build());
    }

    /** Asks it to end and waits so many seconds before it is killed. */
    void stopContainer(String id, long graceSeconds) {
        try {
            runtime(QUICK.plusSeconds(graceSeconds))
                    .stopContainer(
                            StopContainerRequest.newBuilder()
                                    .setContainerId(id)
                                    .setTimeout(graceSeconds)
                                    .build());
        } catch (StatusRuntimeException e) {
            if (!isNotFound(e)) {
                throw e;
            }
        }
    }

    void removeContainer(String id) {
        try {
            runtime(QUICK)
                    .removeContainer(
                            RemoveContainerRequest.newBuilder().setContainerId(id).build());
        } catch (StatusRuntimeException e) {
            if (!isNotFound(e)) {
                throw e;
            }
        }
    }

    /**
     * Has the container that writes to this log file go on in a new one.
     *
     * @return whether there is one that runs
     */
    boolean reopenLog(Path log) {
        for (Container container :
                runtime(QUICK)
                        .listContainers(
                                ListContainersRequest.newBuilder()
                                        .setFilter(
                                                ContainerFilter.newBuilder()
                                                        .setState(
                                                                ContainerStateValue.newBuilder()
                                                                        .setState(
                                                                                ContainerState
                                                                                        .CONTAINER_RUNNING)))
                                        .build())
                        .getContainersList()) {
            Optional<ContainerView> view = container(container.getId());
            if (view.filter(run -> run.logPath().equals(log.toString())).isPresent()) {
                var unused =
                        runtime(QUICK)
                                .reopenContainerLog(
                                        ReopenContainerLogRequest.newBuilder()
                                                .setContainerId(container.getId())
                                                .build());
                return true;
            }
        }
        return false;
    }

    ManagedChannel channel() {
        return channel;
    }

    static boolean isNotFound(StatusRuntimeException e) {
        return e.getStatus().getCode() == Status.Code.NOT_FOUND;
    }

    /** What went wrong, for people. */
    static String message(StatusRuntimeException e) {
        String description = e.getStatus().getDescription();
        return description == null ? e.getStatus().getCode().toString() : description;
    }

    private static Instant instant(long nanos) {
        return Instant.ofEpochSecond(0, nanos);
    }
}
