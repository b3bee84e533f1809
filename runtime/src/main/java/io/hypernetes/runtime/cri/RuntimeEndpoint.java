package io.hypernetes.runtime.cri;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.hypernetes.cri.v1.AttachRequest;
import io.hypernetes.cri.v1.AttachResponse;
import io.hypernetes.cri.v1.CgroupDriver;
import io.hypernetes.cri.v1.Container;
import io.hypernetes.cri.v1.ContainerEventResponse;
import io.hypernetes.cri.v1.ContainerFilter;
import io.hypernetes.cri.v1.ContainerStats;
import io.hypernetes.cri.v1.ContainerStatsFilter;
import io.hypernetes.cri.v1.ContainerStatsRequest;
import io.hypernetes.cri.v1.ContainerStatsResponse;
import io.hypernetes.cri.v1.ContainerStatusRequest;
import io.hypernetes.cri.v1.ContainerStatusResponse;
import io.hypernetes.cri.v1.CreateContainerRequest;
import io.hypernetes.cri.v1.CreateContainerResponse;
import io.hypernetes.cri.v1.ExecRequest;
import io.hypernetes.cri.v1.ExecResponse;
import io.hypernetes.cri.v1.ExecSyncRequest;
import io.hypernetes.cri.v1.ExecSyncResponse;
import io.hypernetes.cri.v1.GetEventsRequest;
import io.hypernetes.cri.v1.LinuxRuntimeConfiguration;
import io.hypernetes.cri.v1.ListContainerStatsRequest;
import io.hypernetes.cri.v1.ListContainerStatsResponse;
import io.hypernetes.cri.v1.ListContainersRequest;
import io.hypernetes.cri.v1.ListContainersResponse;
import io.hypernetes.cri.v1.ListPodSandboxRequest;
import io.hypernetes.cri.v1.ListPodSandboxResponse;
import io.hypernetes.cri.v1.ListPodSandboxStatsRequest;
import io.hypernetes.cri.v1.ListPodSandboxStatsResponse;
import io.hypernetes.cri.v1.PodSandbox;
import io.hypernetes.cri.v1.PodSandboxFilter;
import io.hypernetes.cri.v1.PodSandboxStatsFilter;
import io.hypernetes.cri.v1.PodSandboxStatsRequest;
import io.hypernetes.cri.v1.PodSandboxStatsResponse;
import io.hypernetes.cri.v1.PodSandboxStatusRequest;
import io.hypernetes.cri.v1.PodSandboxStatusResponse;
import io.hypernetes.cri.v1.PortForwardRequest;
import io.hypernetes.cri.v1.PortForwardResponse;
import io.hypernetes.cri.v1.RemoveContainerRequest;
import io.hypernetes.cri.v1.RemoveContainerResponse;
import io.hypernetes.cri.v1.RemovePodSandboxRequest;
import io.hypernetes.cri.v1.RemovePodSandboxResponse;
import io.hypernetes.cri.v1.ReopenContainerLogRequest;
import io.hypernetes.cri.v1.ReopenContainerLogResponse;
import io.hypernetes.cri.v1.RunPodSandboxRequest;
import io.hypernetes.cri.v1.RunPodSandboxResponse;
import io.hypernetes.cri.v1.RuntimeCondition;
import io.hypernetes.cri.v1.RuntimeConfigRequest;
import io.hypernetes.cri.v1.RuntimeConfigResponse;
import io.hypernetes.cri.v1.RuntimeFeatures;
import io.hypernetes.cri.v1.RuntimeHandler;
import io.hypernetes.cri.v1.RuntimeHandlerFeatures;
import io.hypernetes.cri.v1.RuntimeServiceGrpc;
import io.hypernetes.cri.v1.RuntimeStatus;
import io.hypernetes.cri.v1.StartContainerRequest;
import io.hypernetes.cri.v1.StartContainerResponse;
import io.hypernetes.cri.v1.StatusRequest;
import io.hypernetes.cri.v1.StatusResponse;
import io.hypernetes.cri.v1.StopContainerRequest;
import io.hypernetes.cri.v1.StopContainerResponse;
import io.hypernetes.cri.v1.StopPodSandboxRequest;
import io.hypernetes.cri.v1.StopPodSandboxResponse;
import io.hypernetes.cri.v1.StreamContainersRequest;
import io.hypernetes.cri.v1.StreamContainersResponse;
import io.hypernetes.cri.v1.StreamPodSandboxesRequest;
import io.hypernetes.cri.v1.StreamPodSandboxesResponse;
import io.hypernetes.cri.v1.UpdateContainerResourcesRequest;
import io.hypernetes.cri.v1.UpdateContainerResourcesResponse;
import io.hypernetes.cri.v1.UpdatePodSandboxResourcesRequest;
import io.hypernetes.cri.v1.UpdatePodSandboxResourcesResponse;
import io.hypernetes.cri.v1.UpdateRuntimeConfigRequest;
import io.hypernetes.cri.v1.UpdateRuntimeConfigResponse;
import io.hypernetes.cri.v1.VersionRequest;
import io.hypernetes.cri.v1.VersionResponse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * CRI's runtime service. What a machine of its own makes meaningless, or nobody has needed yet,
 * answers UNIMPLEMENTED (the default of the generated base) or says why. Long because CRI is: one
 * short method a call, and nothing but translation in it.
 */
final class RuntimeEndpoint extends RuntimeServiceGrpc.RuntimeServiceImplBase {

    static final String NAME = "hyper";
    static final String VERSION = "0.1.0";

    private final Sandboxes sandboxes;
    private final Containers containers;
    private final ContainerEvents events;
    private final Messages messages;
    private final Streams streams;
    private final Map<String, String> info;

    /**
     * @param info facts about this runtime for verbose status calls
     */
    RuntimeEndpoint(
            Sandboxes sandboxes,
            Containers containers,
            ContainerEvents events,
            Messages messages,
            StreamingUrls urls,
            Map<String, String> info) {
        this.sandboxes = sandboxes;
        this.containers = containers;
        this.events = events;
        this.messages = messages;
        this.streams = new Streams(sandboxes, containers, urls);
        this.info = Map.copyOf(info);
    }

    @Override
    public void version(VersionRequest request, StreamObserver<VersionResponse> observer) {
        Calls.answer(
                observer,
                () ->
                        VersionResponse.newBuilder()
                                .setVersion("0.1.0") // of the kubelet's own API, fixed by CRI
                                .setRuntimeName(NAME)
                                .setRuntimeVersion(VERSION)
                                .setRuntimeApiVersion("v1")
                                .build());
    }

    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> observer) {
        Calls.answer(
                observer,
                () ->
                        StatusResponse.newBuilder()
                                .setStatus(
                                        RuntimeStatus.newBuilder()
                                                .addConditions(condition("RuntimeReady"))
                                                .addConditions(condition("NetworkReady")))
                                .putAllInfo(request.getVerbose() ? info : Map.of())
                                .addRuntimeHandlers(handler(""))
                                .addRuntimeHandlers(handler(NAME))
                                .setFeatures(
                                        RuntimeFeatures.newBuilder()
                                                .setSupplementalGroupsPolicy(true))
                                .build());
    }

    private static RuntimeHandler handler(String name) {
        return RuntimeHandler.newBuilder()
                .setName(name)
                .setFeatures(RuntimeHandlerFeatures.newBuilder().setRecursiveReadOnlyMounts(true))
                .build();
    }

    private static RuntimeCondition condition(String type) {
        return RuntimeCondition.newBuilder().setType(type).setStatus(true).build();
    }

    @Override
    public void runPodSandbox(
            RunPodSandboxRequest request, StreamObserver<RunPodSandboxResponse> observer) {
        Calls.answer(
                observer,
                () -> {
                    String handler = request.getRuntimeHandler();
                    if (!handler.isEmpty() && !handler.equals(NAME)) {
                        throw Failures.invalid("there is no runtime handler '" + handler + "'");
                    }
                    return RunPodSandboxResponse.newBuilder()
                            .setPodSandboxId(sandboxes.run(request.getConfig(), handler))
                            .build();
                });
    }

    @Override
    public void stopPodSandbox(
            StopPodSandboxRequest request, StreamObserver<StopPodSandboxResponse> observer) {
        Calls.answer(
                observer,
                () -> {
                    sandboxes.stop(request.getPodSandboxId());
                    return StopPodSandboxResponse.getDefaultInstance();
                });
    }

    @Override
    public void removePodSandbox(
            RemovePodSandboxRequest request, StreamObserver<RemovePodSandboxResponse> observer) {
        Calls.answer(
                observer,
                () -> {
                    sandboxes.remove(request.getPodSandboxId());
                    return RemovePodSandboxResponse.getDefaultInstance();
                });
    }

    @Override
    public void podSandboxStatus(
            PodSandboxStatusRequest request, StreamObserver<PodSandboxStatusResponse> observer) {
        Calls.answer(
                observer,
                () -> {
                    Sandbox sandbox = sandboxes.get(request.getPodSandboxId());
                    return PodSandboxStatusResponse.newBuilder()
                            .setStatus(messages.status(sandbox))
                            .setTimestamp(Times.now())
                            .addAllContainersStatuses(messages.containerStatuses(sandbox))
                            .build();
                });
    }

    private List<PodSandbox> sandboxes(PodSandboxFilter filter) {
        return sandboxes.list().stream()
                .filter(sandbox -> Filters.matches(filter, sandbox.record()))
                .map(messages::item)
                .toList();
    }

    @Override
    public void listPodSandbox(
            ListPodSandboxRequest request, StreamObserver<ListPodSandboxResponse> observer) {
        Calls.answer(
                observer,
                () ->
                        ListPodSandboxResponse.newBuilder()
                                .addAllItems(sandboxes(request.getFilter()))
                                .build());
    }

    @Override
    public void streamPodSandboxes(
            StreamPodSandboxesRequest request,
            StreamObserver<StreamPodSandboxesResponse> observer) {
        Calls.answer(
                observer,
                () ->
                        StreamPodSandboxesResponse.newBuilder()
                                .addAllPodSandboxes(sandboxes(request.getFilter()))
                                .build());
    }

    @Override
    public void createContainer(
            CreateContainerRequest request, StreamObserver<CreateContainerResponse> observer) {
        Calls.answer(
                observer,
                () ->
                        CreateContainerResponse.newBuilder()
                                .setContainerId(
                                        containers.create(
                                                request.getPodSandboxId(), request.getConfig()))
                                .build());
    }

    @Override
    public void startContainer(
            StartContainerRequest request, StreamObserver<StartContainerResponse> observer) {
        Calls.answer(
                observer,
                () -> {
                    containers.start(request.getContainerId());
                    return StartContainerResponse.getDefaultInstance();
                });
    }

    @Override
    public void stopContainer(
            StopContainerRequest request, StreamObserver<StopContainerResponse> observer) {
        Calls.answer(
                observer,
                () -> {
                    containers.stop(
                            request.getContainerId(), Duration.ofSeconds(request.getTimeout()));
                    return StopContainerResponse.getDefaultInstance();
                });
    }

    @Override
    public void removeContainer(
            RemoveContainerRequest request, StreamObserver<RemoveContainerResponse> observer) {
        Calls.answer(
                observer,
                () -> {
                    containers.remove(request.getContainerId());
                    return RemoveContainerResponse.getDefaultInstance();
                });
    }

    private List<Container> containers(ContainerFilter filter) {
        return sandboxes.list().stream()
                .flatMap(sandbox -> sandbox.containers().stream())
                .map(PodContainer::record)
                .filter(record -> Filters.matches(filter, record))
                .map(messages::item)
                .toList();
    }

    @Override
    public void listContainers(
            ListContainersRequest request, StreamObserver<ListContainersResponse> observer) {
        Calls.answer(
                observer,
                () ->
                        ListContainersResponse.newBuilder()
                                .addAllContainers(containers(request.getFilter()))
                                .build());
    }

    @Override
    public void streamContainers(
            StreamContainersRequest request, StreamObserver<StreamContainersResponse> observer) {
        Calls.answer(
                observer,
                () ->
                        StreamContainersResponse.newBuilder()
                                .addAllContainers(containers(request.getFilter()))
                                .build());
    }

    @Override
    public void containerStatus(
            ContainerStatusRequest request, StreamObserver<ContainerStatusResponse> observer) {
        Calls.answer(
                observer,
                () ->
                        ContainerStatusResponse.newBuilder()
                                .setStatus(
                                        messages.status(
                                                containers
                                                        .get(request.getContainerId())
                                                        .container()
                                                        .record()))
                                .build());
    }

    @Override
    public void updateContainerResources(
            UpdateContainerResourcesRequest request,
            StreamObserver<UpdateContainerResourcesResponse> observer) {
        Calls.answer(
                observer,
                () -> {
                    containers.limit(request.getContainerId(), request.getLinux());
                    return UpdateContainerResourcesResponse.getDefaultInstance();
                });
    }

    @Override
    public void updatePodSandboxResources(
            UpdatePodSandboxResourcesRequest request,
            StreamObserver<UpdatePodSandboxResourcesResponse> observer) {
        Calls.answer(
                observer,
                () -> {
                    sandboxes.resize(
                            request.getPodSandboxId(),
                            request.getOverhead(),
                            request.getResources());
                    return UpdatePodSandboxResourcesResponse.getDefaultInstance();
                });
    }

    @Override
    public void reopenContainerLog(
            ReopenContainerLogRequest request,
            StreamObserver<ReopenContainerLogResponse> observer) {
        Calls.answer(
                observer,
                () -> {
                    try {
                        containers.running(request.getContainerId()).container().output().reopen();
                    } catch (IOException e) {
                        throw new UncheckedIOException("the log can not be opened", e);
                    }
                    return ReopenContainerLogResponse.getDefaultInstance();
                });
    }

    @Override
    public void execSync(ExecSyncRequest request, StreamObserver<ExecSyncResponse> observer) {
        Calls.answer(
                observer,
                () ->
                        SyncExec.run(
                                containers.running(request.getContainerId()).sandbox().agent(),
                                request.getContainerId(),
                                request.getCmdList(),
                                request.getTimeout()));
    }

    @Override
    public void exec(ExecRequest request, StreamObserver<ExecResponse> observer) {
        Calls.answer(
                observer,
                () -> ExecResponse.newBuilder().setUrl(streams.exec(request).toString()).build());
    }

    @Override
    public void attach(AttachRequest request, StreamObserver<AttachResponse> observer) {
        Calls.answer(
                observer,
                () ->
                        AttachResponse.newBuilder()
                                .setUrl(streams.attach(request).toString())
                                .build());
    }

    @Override
    public void portForward(
            PortForwardRequest request, StreamObserver<PortForwardResponse> observer) {
        Calls.answer(
                observer,
                () ->
                        PortForwardResponse.newBuilder()
                                .setUrl(streams.portForward(request).toString())
                                .build());
    }

    private List<ContainerStats> containerStats(ContainerStatsFilter filter) {
        return sandboxes.list().stream()
                .filter(sandbox -> sandbox.id().startsWith(filter.getPodSandboxId()))
                .flatMap(sandbox -> Statistics.of(sandbox).stream())
                .flatMap(stats -> stats.getLinux().getContainersList().stream())
                .filter(stats -> stats.getAttributes().getId().startsWith(filter.getId()))
                .filter(stats ->
                        Filters.contains(
                                stats.getAttributes().getLabelsMap(), filter.getLabelSelectorMap()))
                .toList();
    }

    @Override
    public void containerStats(
            ContainerStatsRequest request, StreamObserver<ContainerStatsResponse> observer) {
        Calls.answer(
                observer,
                () -> {
                    Sandbox sandbox = containers.get(request.getContainerId()).sandbox();
                    ContainerStatsFilter filter =
                            ContainerStatsFilter.newBuilder()
                                    .setId(request.getContainerId())
                                    .setPodSandboxId(sandbox.id())
                                    .build();
                    ContainerStatsResponse.Builder response = ContainerStatsResponse.newBuilder();
                    containerStats(filter).stream().findFirst().ifPresent(response::setStats);
                    return response.build();
                });
    }

    @Override
    public void listContainerStats(
            ListContainerStatsRequest request,
            StreamObserver<ListContainerStatsResponse> observer) {
        Calls.answer(
                observer,
                () ->
                        ListContainerStatsResponse.newBuilder()
                                .addAllStats(containerStats(request.getFilter()))
                                .build());
    }

    @Override
    public void podSandboxStats(
            PodSandboxStatsRequest request, StreamObserver<PodSandboxStatsResponse> observer) {
        Calls.answer(
                observer,
                () ->
                        PodSandboxStatsResponse.newBuilder()
                                .setStats(
                                        Statistics.of(sandboxes.get(request.getPodSandboxId()))
                                                .orElseThrow(() ->
                                                        Failures.precondition(
                                                                "the sandbox does not" + " run")))
                                .build());
    }

    @Override
    public void listPodSandboxStats(
            ListPodSandboxStatsRequest request,
            StreamObserver<ListPodSandboxStatsResponse> observer) {
        PodSandboxStatsFilter filter = request.getFilter();
        Calls.answer(
                observer,
                () ->
                        ListPodSandboxStatsResponse.newBuilder()
                                .addAllStats(
                                        sandboxes.list().stream()
                                                .filter(one -> one.id().startsWith(filter.getId()))
                                                .filter(one ->
                                                        Filters.contains(
                                                                one.record()
                                                                        .config()
                                                                        .getLabelsMap(),
                                                                filter.getLabelSelectorMap()))
                                                .flatMap(one -> Statistics.of(one).stream())
                                                .toList())
                                .build());
    }

    @Override
    public void updateRuntimeConfig(
            UpdateRuntimeConfigRequest request,
            StreamObserver<UpdateRuntimeConfigResponse> observer) {
        // A pod CIDR means nothing here: addresses come with each sandbox.
        Calls.answer(observer, UpdateRuntimeConfigResponse::getDefaultInstance);
    }

    @Override
    public void runtimeConfig(
            RuntimeConfigRequest request, StreamObserver<RuntimeConfigResponse> observer) {
        // The cgroups of containers are the guests'; the node's need no driver.
        Calls.answer(
                observer,
                () ->
                        RuntimeConfigResponse.newBuilder()
                                .setLinux(
                                        LinuxRuntimeConfiguration.newBuilder()
                                                .setCgroupDriver(CgroupDriver.CGROUPFS))
                                .build());
    }

    @Override
    public void getContainerEvents(
            GetEventsRequest request, StreamObserver<ContainerEventResponse> observer) {
        // Subscribed before this returns: nothing after the call is missed.
        ContainerEvents.Subscriber subscriber = events.subscribe();
        StreamObserver<GetEventsRequest> unused =
                Duplex.serve(
                        observer,
                        call -> {
                            call.onCancel(() -> events.unsubscribe(subscriber));
                            Optional<ContainerEventResponse> event = subscriber.next();
                            while (event.isPresent()) {
                                call.send(event.get());
                                event = subscriber.next();
                            }
                            throw Status.RESOURCE_EXHAUSTED
                                    .withDescription("the stream of events has ended; list again")
                                    .asRuntimeException();
                        });
    }
}
