package io.hypernetes.cli.assembly;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.PodAccess;
import io.hypernetes.api.client.UsageSource;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.cli.Progress;
import io.hypernetes.cli.admin.AdminSocket;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.LeaderElection;
import io.hypernetes.controlplane.ControlPlane;
import io.hypernetes.controlplane.ListenConfig;
import io.hypernetes.controlplane.NoNode;
import io.hypernetes.controlplane.Parts;
import io.hypernetes.httpclient.Kubeconfig;
import io.hypernetes.identity.pki.CertificateAuthority;
import io.hypernetes.identity.pki.KeyedCertificate;
import io.hypernetes.network.NetworkEngine;
import io.hypernetes.network.ovn.Datapath;
import io.hypernetes.network.ovn.OvnDaemons;
import io.hypernetes.network.ovn.OvnMember;
import io.hypernetes.network.ovsdb.TlsFiles;
import io.hypernetes.node.Capacity;
import io.hypernetes.node.ContainerdConfig;
import io.hypernetes.node.NodeAgent;
import io.hypernetes.node.NodeConfig;
import io.hypernetes.node.RuntimeConnection;
import io.hypernetes.node.remote.AllNodes;
import io.hypernetes.node.remote.NodeAddresses;
import io.hypernetes.node.remote.RemoteNode;
import io.hypernetes.scheduler.Scheduler;
import io.hypernetes.scheduler.SchedulerMirrors;
import io.hypernetes.scheduler.VmOverhead;
import io.hypernetes.server.audit.AuditFile;
import io.hypernetes.server.audit.AuditLog;
import io.hypernetes.server.audit.AuditPolicy;
import io.hypernetes.server.audit.TenantAudit;
import io.hypernetes.server.observe.MeasuredStore;
import io.hypernetes.server.observe.Observer;
import io.hypernetes.server.observe.ServerMetrics;
import io.hypernetes.store.Store;
import io.hypernetes.store.cache.WatchCache;
import io.hypernetes.store.encryption.EncryptedStore;
import io.hypernetes.tenancy.KeyRotation;
import io.hypernetes.tenancy.SystemWorld;
import io.hypernetes.volume.MachinePools;
import io.hypernetes.volume.VolumeException;
import io.hypernetes.volume.VolumePool;
import io.hypernetes.volume.claims.ClaimController;
import io.hypernetes.volume.directory.DirectoryPool;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * What one machine runs, in one process: the API server over SQLite, and of the controllers, the
 * scheduler and the node (network on OVN, hyper runtime, node agent) those that are asked for.
 *
 * <p>Closing it ends this process' part; virtual machines and the network's daemons outlive it and
 * are taken over by the next start. Starting is the only way of recovery.
 */
public final class Cloud implements AutoCloseable {

    private static final String LEADER_LEASE = "hypernetes-controllers";

    private final CloudConfig config;
    private final Progress progress;
    private final Clock clock = Clock.systemUTC();

    /** What has been started, to be closed the other way round. */
    private final Parts started = new Parts();

    private final ServerMetrics metrics = new ServerMetrics();

    /** What the pods of this machine use; nobody measures before there is a node. */
    private UsageSource usages = UsageSource.NONE;

    /** Of the API, written before anything that asks for it is started. */
    private volatile int port;

    public Cloud(CloudConfig config, Progress progress) {
        this.config = config;
        this.progress = progress;
    }

    /**
     * What the caller writes into the operator's kubeconfig.
     *
     * @param port the API listens on, also when any free one was asked for
     */
    public record OperatorAccess(int port, String authority, String certificate, String key) {

        public Kubeconfig kubeconfig(String url) {
            return new Kubeconfig(
                    url, authority, "operator", new Kubeconfig.Proof.Certificate(certificate, key));
        }
    }

    /**
     * Starts all parts in the order in which they need each other; returns when all are ready.
     *
     * @throws IOException when the port or a file cannot be had
     */
    public OperatorAccess start() throws IOException, InterruptedException {
        Files.createDirectories(config.data());
        // Both take a while the first time, and neither needs the other.
        CompletableFuture<CertificateAuthority> opening =
                CompletableFuture.supplyAsync(
                        () -> CertificateAuthority.open(config.pki(), clock),
                        work -> Thread.ofPlatform().name("authority").start(work));
        Store store = closing(config.store().open());
        CertificateAuthority authority = opened(opening);
        Store measured = new MeasuredStore(store, metrics);
        ControlPlane plane =
                closing(
                        ControlPlane.open(
                                measured,
                                authority,
                                clock,
                                WatchCache.Settings.DEFAULT,
                                config.tenantSecurity(),
                                config.networks().serviceRanges()));
        progress.step("state: " + config.store().text() + ", revision " + store.revision());

        if (config.runs(Component.NODE)) {
            startMachine(plane, authority);
        } else {
            startServer(plane, allNodes(plane, authority, new NoNode()));
        }
        startLed(store, plane);
        startAdmin(store, plane);
        progress.step("running: " + Component.names(config.components()));
        return operator(authority);
    }

    private static CertificateAuthority opened(CompletableFuture<CertificateAuthority> opening) {
        try {
            return opening.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private <T extends AutoCloseable> T closing(T part) {
        return started.closing(part);
    }

    /** Over a shared store one server alone runs the controllers and the scheduler. */
    private void startLed(Store store, ControlPlane plane) {
        if (!config.runs(Component.CONTROLLERS) && !config.runs(Component.SCHEDULER)) {
            return;
        }
        if (store.isShared()) {
            String identity = config.nodeName() + "_" + UUID.randomUUID();
            closing(
                            new LeaderElection(
                                    plane.client(),
                                    LEADER_LEASE,
                                    identity,
                                    LeaderElection.Timing.DEFAULT,
                                    clock,
                                    () -> led(store, plane)))
                    .start();
        } else {
            closing(led(store, plane));
        }
    }

    /** The controllers and the scheduler, started. */
    private AutoCloseable led(Store store, ControlPlane plane) {
        Client client = plane.client();
        Parts parts = new Parts();
        if (config.runs(Component.CONTROLLERS)) {
            parts.closing(plane.startControllers(config.identity()));
            if (store instanceof EncryptedStore encrypted) {
                parts.closing(new KeyRotation(client, new EncryptionKeys(encrypted))).start();
            }
            parts.closing(plane.startWorkloads(usages));
        }
        if (config.runs(Component.SCHEDULER)) {
            parts.closing(
                            new Scheduler(
                                    client,
                                    parts.closing(SchedulerMirrors.of(client)),
                                    VmOverhead.DEFAULT,
                                    clock))
                    .start();
        }
        return parts;
    }

    /** The parts that need this machine's kernel: networks, virtual machines, volumes. */
    private void startMachine(ControlPlane plane, CertificateAuthority authority)
            throws IOException, InterruptedException {
        Client client = plane.client();
        MachineConfig machine = config.machine();
        OvnDaemons ovn =
                closing(new OvnDaemons(machine.network(), Datapath.best(), member(authority)));
        ovn.start();
        NetworkParts networks =
                closing(NetworkParts.central(ovn, client, networks(plane), this::api));
        progress.step("networks: OVN is up in namespace " + ovn.netns().name());

        RuntimeConnection runtime = startRuntime(ovn);
        VolumePool pool = new DirectoryPool(machine.volumes(), SystemWorld.LOCAL_PROVISIONER);
        NodeAgent node = node(plane, runtime, networks.engine(), pool);
        PodAccess pods = allNodes(plane, authority, node.access());
        startServer(plane, pods);
        usages = pods.usages();
        networks.start();
        startClaims(client, networks.pods(), pool, new NodeTls(authority));
        if (machine.runtimes().containerd().isPresent()) {
            SystemWorld.ensureHostRuntime(client);
        }
        node.start();
        closing(node);
        progress.step("node " + config.nodeName() + " is registered");
        config.networks()
                .cluster()
                .address()
                .ifPresent(host -> {
                    ClusterFacts.of(host, authority, networks(plane)).publish(client);
                    progress.step("other machines may join at " + host);
                });
    }

    /** With the ranges of services' addresses that there are. */
    private NetworkRules networks(ControlPlane plane) {
        return config.networks().with(plane.serviceRanges());
    }

    /** The databases of networks are here, and offered to other machines when that is wanted. */
    private OvnMember member(CertificateAuthority authority) {
        ClusterRules cluster = config.networks().cluster();
        Optional<OvnMember.Offer> offer =
                cluster.address()
                        .map(host -> {
                            authority.networkAuthority().networkServer(host); // writes the files
                            String file = CertificateAuthority.NETWORK;
                            return new OvnMember.Offer(
                                    host,
                                    new TlsFiles(
                                            config.pki().resolve(file + ".key"),
                                            config.pki().resolve(file + ".crt"),
                                            config.pki().resolve(file + "-ca.crt")));
                        });
        return new OvnMember(new OvnMember.Role.Central(offer), cluster.underlay(), cluster.mtu());
    }

    /** The pods of this machine, and those of machines that have joined. */
    private PodAccess allNodes(ControlPlane plane, CertificateAuthority authority, PodAccess own) {
        NodeTls tls = new NodeTls(authority);
        String self = config.runs(Component.NODE) ? config.nodeName() : "";
        return new AllNodes(
                plane.client(),
                self,
                own,
                (name, address) ->
                        new RemoteNode(
                                address, CertificateAuthority.nodeHost(name), tls.context()));
    }

    private static RemoteNode remote(Client client, String name, NodeTls tls) {
        try {
            InetSocketAddress address = new NodeAddresses(client).ofReady(name);
            return new RemoteNode(address, CertificateAuthority.nodeHost(name), tls.context());
        } catch (ApiException e) {
            throw new VolumeException(String.valueOf(e.getMessage()), e);
        }
    }

    private RuntimeConnection startRuntime(OvnDaemons ovn)
            throws IOException, InterruptedException {
        RuntimeParts parts = RuntimeParts.start(config.machine(), ovn.netns().path());
        closing(parts.streams());
        closing(parts.hyper());
        RuntimeConnection connection = closing(parts.connection());
        progress.step("machines: hyper is up, accelerator " + parts.accelerator());
        Path image = config.guest().resolve("hello.tar");
        if (parts.isMissing(image)) {
            List<String> names = parts.importImage(image);
            progress.step("images: imported " + String.join(", ", names));
        }
        return connection;
    }

    /**
     * What runs the operator's pods that are no virtual machines, where the operator wants that.
     */
    private Optional<ContainerdConfig> containerd() {
        MachineConfig machine = config.machine();
        return machine.runtimes()
                .containerd()
                .map(socket -> {
                    progress.step("pods of the operator: by containerd too, at " + socket);
                    return new ContainerdConfig(
                            closing(RuntimeConnection.open(socket)),
                            machine.podFiles(),
                            machine.containerdNetworks());
                });
    }

    private NodeAgent node(
            ControlPlane plane, RuntimeConnection runtime, NetworkEngine network, VolumePool pool)
            throws IOException {
        NodeConfig node =
                new NodeConfig(
                        config.nodeName(),
                        config.address().getAddress().getHostAddress(),
                        0,
                        config.machine().podLogs(),
                        Capacity.ofThisMachine(config.data()),
                        config.version(),
                        MachineConfig.pressureLasts());
        return new NodeAgent(
                node,
                plane.client(),
                runtime,
                containerd(),
                network,
                Map.of(pool.provisioner(), pool),
                plane.tokens(),
                clock);
    }

    private void startServer(ControlPlane plane, PodAccess pods)
            throws IOException, InterruptedException {
        port =
                closing(
                                plane.listen(
                                        new ListenConfig(
                                                config.address(),
                                                observer().keeping(tenantAudit()),
                                                config.identity(),
                                                config.limits()),
                                        List.of(),
                                        pods))
                        .port();
        progress.step("API: https://" + config.address().getHostString() + ":" + port);
    }

    /** What tenants read of their own requests outlives the process. */
    private TenantAudit tenantAudit() throws IOException {
        TenantAudit audit = new TenantAudit(config.data().resolve("audit").resolve("tenants.log"));
        closing(audit::close);
        return audit;
    }

    private Observer observer() throws IOException {
        if (config.audit().policy().isEmpty()) {
            return Observer.unaudited(metrics);
        }
        Path policy = config.audit().policy().get();
        AuditPolicy audited = AuditPolicy.parse(Files.readAllBytes(policy));
        AuditLog log =
                closing(
                        new AuditFile(
                                config.auditLog(),
                                config.audit().mostBytes(),
                                config.audit().backups()));
        progress.step("audit: " + config.auditLog() + ", by " + policy);
        return new Observer(metrics, audited, log, clock);
    }

    /** Where this machine reaches its own API. */
    private InetSocketAddress api() {
        InetAddress address = config.address().getAddress();
        return new InetSocketAddress(
                address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address, port);
    }

    private void startClaims(Client client, Informer pods, VolumePool pool, NodeTls tls) {
        MachinePools machines =
                new MachinePools(
                        config.nodeName(),
                        node -> remote(client, node, tls).pool(pool.provisioner()));
        closing(
                        new ClaimController(
                                client,
                                pool,
                                Optional.of(machines),
                                closing(
                                        new Informer(
                                                client, BuiltinTypes.PERSISTENT_VOLUME_CLAIMS)),
                                closing(new Informer(client, BuiltinTypes.PERSISTENT_VOLUMES)),
                                pods,
                                clock))
                .start();
    }

    /** What a copy is restored into: values are copied as they lie. */
    private static Store plain(Store store) {
        return store instanceof EncryptedStore encrypted ? encrypted.below() : store;
    }

    private void startAdmin(Store store, ControlPlane plane) {
        try {
            closing(AdminSocket.open(config.adminSocket(), new LiveRestore(plain(store), plane)));
        } catch (IOException e) {
            progress.step(
                    "without admin socket (%s): restore needs this server to be down"
                            .formatted(e.getMessage()));
        }
    }

    private OperatorAccess operator(CertificateAuthority authority) {
        KeyedCertificate operator = authority.operator();
        return new OperatorAccess(
                port, authority.certificatePem(), operator.certificatePem(), operator.keyPem());
    }

    @Override
    public void close() {
        started.close();
    }
}
