package io.hypernetes.node;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.TokenIssuer;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.PodAccess;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.EventRecorder;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.cri.v1.ContainerEventResponse;
import io.hypernetes.cri.v1.GetEventsRequest;
import io.hypernetes.cri.v1.RuntimeServiceGrpc;
import io.hypernetes.network.NetworkEngine;
import io.hypernetes.node.PodMemory.Eviction;
import io.hypernetes.volume.VolumePool;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/** The node agent of one machine, wired together. */
public final class NodeAgent implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeAgent.class);
    private static final int WORKERS = 64;
    private static final Duration EVENTS_RETRY = Duration.ofSeconds(1);

    private final NodeStatus status;
    private final PodRuntime runtime;
    private final NodePressure pressure;
    private final StorageLimits storage;
    private final Probes probes;
    private final Prober prober;
    private final Orphans orphans;
    private final LogRotation rotation;
    private final PodAccess access;
    private final Controller<ObjectKey> controller;
    private final Informer pods;
    private final Informer namespaces;
    private final Informer tenants;
    private final Thread runtimeEvents;
    private final ManagedChannel channel;

    /**
     * @param connection the CRI v1 runtime of this machine, which also offers the guest service;
     *     the caller closes it
     * @param pools by provisioner
     */
    public NodeAgent(
            NodeConfig config,
            Client client,
            RuntimeConnection connection,
            NetworkEngine network,
            Map<String, VolumePool> pools,
            TokenIssuer tokens,
            Clock clock) {
        this.channel = connection.channel();
        this.runtime = new PodRuntime(channel);
        this.pods =
                new Informer(
                        client,
                        BuiltinTypes.PODS,
                        Selection.EVERYTHING.withFields("spec.nodeName=" + config.name()));
        this.namespaces = new Informer(client, BuiltinTypes.NAMESPACES);
        this.tenants = new Informer(client, BuiltinTypes.TENANTS, Selection.of(Tenant.SYSTEM));
        EventRecorder events = new EventRecorder(client, BuiltinTypes.EVENTS, "node-agent", clock);
        DownwardApi downward = new DownwardApi(config.name(), config.address(), config.capacity());
        CriConfigs configs = new CriConfigs(config.logs());
        this.prober = new Prober(channel);
        LifecycleHooks hooks = LifecycleHooks.by(prober);
        ContainerStopper stopper = new ContainerStopper(runtime, hooks, events);
        ContainerStarter containers =
                new ContainerStarter(
                        runtime,
                        new ContainerImages(
                                runtime,
                                new ImagePulls(runtime::pull),
                                new PullSecrets(client),
                                events,
                                clock,
                                this::lookAgain),
                        new Environment(client, downward),
                        configs,
                        hooks,
                        events,
                        clock,
                        this::lookAgain);
        PodVolumes volumes =
                new PodVolumes(
                        client,
                        new FileVolumes(client, downward, new PodTokens(client, tokens)),
                        pools);
        this.orphans = new Orphans(network, volumes, runtime, pods);
        PodStarter starter =
                new PodStarter(
                        network,
                        namespaces,
                        volumes,
                        runtime,
                        new GuestFiles(channel),
                        configs,
                        containers,
                        events,
                        clock);
        this.probes = new Probes(prober, stopper, events, this::lookAgain);
        PodReconciler reconciler =
                new PodReconciler(
                        client,
                        pods,
                        runtime,
                        starter,
                        stopper,
                        probes,
                        new StatusBuilder(config.address()),
                        new Allocation(config.name(), config.capacity(), pods::objects, events),
                        events,
                        clock,
                        config.name(),
                        this::isSuspended);
        this.controller =
                Controller.of("node-agent", WORKERS, pods, reconciler)
                        .watch(namespaces, (_, _) -> Stream.empty())
                        .watch(tenants, (_, _) -> Stream.empty());
        tenants.listen(this::tenantChanged);
        UsageMeter usages = new UsageMeter(config.name(), runtime, clock);
        this.pressure =
                new NodePressure(
                        () -> Shortage.Left.ofThisMachine(folders(config)),
                        new ImageGarbage(runtime.images(), ImageGarbage.Marks.DEFAULT, clock),
                        () -> running(config.name()),
                        usages,
                        (key, pod) -> StorageLimits.logs(configs.logDirectory(key.tenant(), pod)),
                        (key, pod, message) -> {
                            boolean news = reconciler.evict(pod, new Eviction(message, true));
                            lookAgain(key);
                            return news;
                        },
                        (reason, message) ->
                                events.record(
                                        Tenant.SYSTEM,
                                        NodeStatus.reference(config.name()),
                                        EventRecorder.Type.WARNING,
                                        reason,
                                        message),
                        config.pressureLasts(),
                        this::writeStatusSoon,
                        clock);
        this.storage =
                new StorageLimits(
                        () -> running(config.name()),
                        runtime,
                        configs,
                        (key, pod, message) -> {
                            if (reconciler.evict(pod, new Eviction(message, false))) {
                                lookAgain(key);
                            }
                        },
                        NodePressure.period(config.pressureLasts()));
        this.status = new NodeStatus(client, config, runtime, pressure::isUnder, events, clock);
        this.access = new NodePodAccess(pods, runtime, configs, usages, clock);
        this.rotation =
                new LogRotation(
                        config.logs().toAbsolutePath(),
                        LogRotation.Limits.DEFAULT,
                        runtime::reopenLog,
                        clock);
        this.runtimeEvents =
                Thread.ofVirtual().name("runtime-events").unstarted(this::followRuntime);
    }

    /** Registers the node and starts to work; sandboxes whose pod is gone are looked at first. */
    public void start() throws InterruptedException {
        status.start();
        pods.start().awaitSynced();
        runtime.sandboxes().forEach(sandbox -> controller.enqueue(sandbox.pod()));
        controller.start();
        runtimeEvents.start();
        orphans.start();
        rotation.start();
        pressure.start();
        storage.start();
    }

    /** The way into this machine's pods. */
    public PodAccess access() {
        return access;
    }

    /** Stops working; the sandboxes run on. */
    @Override
    public void close() {
        runtimeEvents.interrupt();
        pressure.close();
        storage.close();
        orphans.close();
        rotation.close();
        controller.close();
        probes.close();
        prober.close();
        status.close();
        pods.close();
        namespaces.close();
        tenants.close();
    }

    private boolean isSuspended(Tenant tenant) {
        return isSuspended(tenants.get(new ObjectKey(Tenant.SYSTEM, "", tenant.name())));
    }

    private static boolean isSuspended(Optional<ObjectNode> tenant) {
        return tenant.map(tree -> tree.path("spec").path("suspended").asBoolean(false))
                .orElse(false);
    }

    /** Stops, or starts again, the pods of a tenant. */
    private void tenantChanged(
            ObjectKey key, Optional<ObjectNode> old, Optional<ObjectNode> current) {
        if (isSuspended(old) != isSuspended(current)) {
            Tenant tenant = new Tenant(key.name());
            for (ObjectNode pod : pods.objects(tenant)) {
                lookAgain(new ObjectKey(tenant, Metadata.namespace(pod), Metadata.name(pod)));
            }
        }
    }

    private List<TenantObject> running(String node) {
        return pods.all().stream()
                .filter(item -> {
                    ObjectNode pod = item.object();
                    return pod.path("spec").path("nodeName").asString("").equals(node)
                            && !StatusBuilder.isOver(pod)
                            && !Metadata.isBeingDeleted(pod);
                })
                .toList();
    }

    private void writeStatusSoon() {
        status.soon();
    }

    /**
     * What fills this machine's disks: logs and images; a runtime that is away has none to tell.
     */
    private List<Path> folders(NodeConfig config) {
        List<Path> folders = new ArrayList<>(List.of(config.logs().toAbsolutePath()));
        try {
            folders.addAll(runtime.imageFolders());
        } catch (StatusRuntimeException e) {
            LOG.debug("where images are is not known: {}", e.getStatus());
        }
        return folders;
    }

    private void lookAgain(ObjectKey pod) {
        controller.enqueue(pod);
    }

    /** Looks at a pod as soon as one of its containers starts or ends. */
    private void followRuntime() {
        try {
            while (true) {
                CountDownLatch broken = new CountDownLatch(1);
                RuntimeServiceGrpc.newStub(channel)
                        .getContainerEvents(
                                GetEventsRequest.getDefaultInstance(), new Events(broken));
                broken.await();
                Thread.sleep(EVENTS_RETRY);
                lookAtAll();
            }
        } catch (InterruptedException _) {
            LOG.debug("the runtime's events end");
        }
    }

    private void lookAtAll() {
        try {
            runtime.sandboxes().forEach(sandbox -> controller.enqueue(sandbox.pod()));
        } catch (StatusRuntimeException e) {
            LOG.warn("the runtime does not answer: {}", PodRuntime.message(e));
        }
    }

    private final class Events implements StreamObserver<ContainerEventResponse> {
        private final CountDownLatch broken;

        private Events(CountDownLatch broken) {
            this.broken = broken;
        }

        @Override
        public void onNext(ContainerEventResponse event) {
            Map<String, String> labels = event.getPodSandboxStatus().getLabelsMap();
            if (labels.containsKey(CriConfigs.TENANT)) {
                controller.enqueue(PodRuntime.key(labels));
            }
        }

        @Override
        public void onError(Throwable failure) {
            LOG.debug("the runtime's events broke off: {}", failure.getMessage());
            broken.countDown();
        }

        @Override
        public void onCompleted() {
            broken.countDown();
        }
    }
}
