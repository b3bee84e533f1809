package io.hypernetes.node;

import io.grpc.StatusRuntimeException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.TokenIssuer;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.PodAccess;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.core.HostRuntime;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.EventRecorder;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;
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
import java.util.stream.Stream;

/** The node agent of one machine, wired together. */
public final class NodeAgent implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeAgent.class);
    private static final int WORKERS = 64;
    private static final Duration RUNTIME_RETRY = Duration.ofSeconds(5);

    private final EventRecorder events;
    private final NodeStatus status;
    private final NodePressure pressure;
    private final Orphans orphans;
    private final LogRotation rotation;
    private final PodAccess access;
    private final Controller<ObjectKey> controller;
    private final Informer pods;
    private final Informer namespaces;
    private final Informer tenants;

    /** That of virtual machines first. */
    private final List<PodWorker> workers = new ArrayList<>();

    /**
     * @param connection the CRI v1 runtime of this machine, which also offers the guest service;
     *     the caller closes it
     * @param containerd what runs the operator's pods that are no virtual machines, if anything
     *     does
     * @param pools by provisioner
     */
    public NodeAgent(
            NodeConfig config,
            Client client,
            RuntimeConnection connection,
            Optional<ContainerdConfig> containerd,
            NetworkEngine network,
            Map<String, VolumePool> pools,
            TokenIssuer tokens,
            Clock clock) {
        this.pods =
                new Informer(
                        client,
                        BuiltinTypes.PODS,
                        Selection.EVERYTHING.withFields("spec.nodeName=" + config.name()));
        this.namespaces = new Informer(client, BuiltinTypes.NAMESPACES);
        this.tenants = new Informer(client, BuiltinTypes.TENANTS, Selection.of(Tenant.SYSTEM));
        this.events = new EventRecorder(client, BuiltinTypes.EVENTS, "node-agent", clock);
        PodLogs logs = new PodLogs(config.logs());
        DownwardApi downward = new DownwardApi(config.name(), config.address(), config.capacity());
        FileVolumes files = new FileVolumes(client, downward, new PodTokens(client, tokens));
        PodWorker.Machine machine =
                new PodWorker.Machine(
                        config,
                        client,
                        network,
                        pods,
                        namespaces,
                        downward,
                        logs,
                        () -> running(config.name()),
                        this::isSuspended,
                        events,
                        clock,
                        this::lookAgain);
        PodRuntime runtime = PodRuntime.hyper(connection.channel());
        PodVolumes volumes = new PodVolumes(client, files, pools);
        boolean alone = containerd.isEmpty();
        workers.add(
                new PodWorker(
                        machine,
                        runtime,
                        new MachineSetup(new GuestFiles(connection.channel())),
                        volumes,
                        (tenant, pod) -> alone || !HostRuntime.runs(tenant, pod)));
        containerd.ifPresent(host ->
                workers.add(
                        new PodWorker(
                                machine,
                                PodRuntime.containerd(host.connection().channel()),
                                new ContainerdSetup(
                                        host.pods(),
                                        ContainerdNetwork.install(
                                                host.networks(), host.connection().channel())),
                                new PodVolumes(client, files, Map.of()),
                                HostRuntime::runs)));
        this.orphans = new Orphans(network, volumes, workers, pods);
        this.controller =
                Controller.of("node-agent", WORKERS, pods, this::reconcile)
                        .watch(namespaces, (_, _) -> Stream.empty())
                        .watch(tenants, (_, _) -> Stream.empty());
        tenants.listen(this::tenantChanged);
        UsageMeter usages = new UsageMeter(config.name(), this::runtimeOf, clock);
        this.pressure =
                new NodePressure(
                        () -> Shortage.Left.ofThisMachine(folders(config, runtime)),
                        new ImageGarbage(runtime.images(), ImageGarbage.Marks.DEFAULT, clock),
                        () -> running(config.name()),
                        usages,
                        (key, pod) -> StorageLimits.logs(logs.directory(key.tenant(), pod)),
                        (key, pod, message) ->
                                worker(key).evict(key, pod, new Eviction(message, true)),
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
        this.status = new NodeStatus(client, config, runtime, pressure::isUnder, events, clock);
        this.access = new NodePodAccess(pods, this::runtimeOf, logs, usages, clock);
        this.rotation =
                new LogRotation(
                        config.logs().toAbsolutePath(),
                        LogRotation.Limits.DEFAULT,
                        this::reopenLog,
                        clock);
    }

    /** Registers the node and starts to work; sandboxes whose pod is gone are looked at first. */
    public void start() throws InterruptedException {
        status.start();
        pods.start().awaitSynced();
        workers.forEach(this::enqueueSandboxes);
        controller.start();
        workers.forEach(PodWorker::start);
        orphans.start();
        rotation.start();
        pressure.start();
    }

    /** The way into this machine's pods. */
    public PodAccess access() {
        return access;
    }

    /** Stops working; the sandboxes run on. */
    @Override
    public void close() {
        workers.forEach(PodWorker::close);
        pressure.close();
        orphans.close();
        rotation.close();
        controller.close();
        workers.forEach(PodWorker::closeProbes);
        status.close();
        pods.close();
        namespaces.close();
        tenants.close();
    }

    /** The operator's pods may be any runtime's, also when it is not known any more which. */
    private Reconciler.Result reconcile(ObjectKey key) throws InterruptedException {
        Reconciler.Result next = workers.getFirst().reconcile(key);
        if (key.tenant().isSystem()) {
            for (PodWorker other : workers.subList(1, workers.size())) {
                next = Reconciler.sooner(next, reconcile(other, key));
            }
        }
        return next;
    }

    /** While this runtime is away the pods of the others go on. */
    private Reconciler.Result reconcile(PodWorker other, ObjectKey key)
            throws InterruptedException {
        try {
            return other.reconcile(key);
        } catch (StatusRuntimeException e) {
            String runtime = other.runtime().name();
            pods.get(key)
                    .filter(pod -> other.runs(key.tenant(), pod))
                    .ifPresent(pod ->
                            events.record(
                                    key.tenant(),
                                    pod,
                                    EventRecorder.Type.WARNING,
                                    "RuntimeNotReady",
                                    runtime + " does not answer: " + PodRuntime.message(e)));
            return Reconciler.again(RUNTIME_RETRY);
        }
    }

    private void enqueueSandboxes(PodWorker worker) {
        try {
            worker.runtime().sandboxes().forEach(sandbox -> controller.enqueue(sandbox.pod()));
        } catch (StatusRuntimeException e) {
            LOG.warn("{} does not answer: {}", worker.runtime().name(), PodRuntime.message(e));
        }
    }

    private PodRuntime runtimeOf(ObjectKey key) {
        return worker(key).runtime();
    }

    private PodWorker worker(ObjectKey key) {
        return pods.get(key)
                .flatMap(pod ->
                        workers.stream()
                                .filter(worker -> worker.runs(key.tenant(), pod))
                                .findFirst())
                .orElse(workers.getFirst());
    }

    private boolean reopenLog(Path log) {
        return workers.stream().anyMatch(worker -> worker.runtime().reopenLog(log));
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
    private static List<Path> folders(NodeConfig config, PodRuntime runtime) {
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
}
