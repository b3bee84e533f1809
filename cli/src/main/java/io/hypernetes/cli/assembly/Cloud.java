package io.hypernetes.cli.assembly;

import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.PodAccess;
import io.hypernetes.api.schema.Schemas;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.cli.Progress;
import io.hypernetes.controllerruntime.FeedReader;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.LeaderElection;
import io.hypernetes.controllers.NamespaceController;
import io.hypernetes.controllers.QuotaController;
import io.hypernetes.controllers.RoleAggregationController;
import io.hypernetes.controllers.ServiceAccountController;
import io.hypernetes.controllers.garbage.GarbageCollector;
import io.hypernetes.httpclient.Kubeconfig;
import io.hypernetes.identity.account.Accounts;
import io.hypernetes.identity.certificate.CertificateAuthenticator;
import io.hypernetes.identity.password.PasswordAuthenticator;
import io.hypernetes.identity.pki.CertificateAuthority;
import io.hypernetes.identity.pki.KeyedCertificate;
import io.hypernetes.identity.rbac.EscalationCheck;
import io.hypernetes.identity.rbac.RbacAuthorizer;
import io.hypernetes.identity.token.SignedTokens;
import io.hypernetes.identity.token.TokenAuthenticator;
import io.hypernetes.network.controller.NetworkController;
import io.hypernetes.network.ovn.Datapath;
import io.hypernetes.network.ovn.OvnDaemons;
import io.hypernetes.network.ovn.OvnEngine;
import io.hypernetes.node.Capacity;
import io.hypernetes.node.NodeAgent;
import io.hypernetes.node.NodeConfig;
import io.hypernetes.node.RuntimeConnection;
import io.hypernetes.scheduler.Scheduler;
import io.hypernetes.scheduler.VmOverhead;
import io.hypernetes.server.ApiServer;
import io.hypernetes.server.ApiServerConfig;
import io.hypernetes.server.audit.AuditFile;
import io.hypernetes.server.audit.AuditLog;
import io.hypernetes.server.audit.AuditPolicy;
import io.hypernetes.server.http.TlsMaterial;
import io.hypernetes.server.local.LocalClient;
import io.hypernetes.server.local.LocalFeed;
import io.hypernetes.server.observe.MeasuredStore;
import io.hypernetes.server.observe.Observer;
import io.hypernetes.server.observe.ServerMetrics;
import io.hypernetes.server.registry.Registry;
import io.hypernetes.store.Store;
import io.hypernetes.tenancy.AuthController;
import io.hypernetes.tenancy.CertificateController;
import io.hypernetes.tenancy.SystemWorld;
import io.hypernetes.tenancy.TenantController;
import io.hypernetes.volume.VolumePool;
import io.hypernetes.volume.claims.ClaimController;
import io.hypernetes.volume.directory.DirectoryPool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;

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

    private int port;

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
        CertificateAuthority authority = CertificateAuthority.open(config.pki(), clock);

        Store store = closing(config.store().open());
        Store measured = new MeasuredStore(store, metrics);
        Registry registry = closing(Registry.open(measured, Schemas.kubernetes()));
        Client client = new LocalClient(registry);
        SystemWorld.bootstrap(client);
        progress.step("state: " + config.store().text() + ", revision " + store.revision());

        if (config.runs(Component.NODE)) {
            startMachine(registry, client, authority);
        } else {
            startServer(registry, client, authority, new NoNode());
        }
        startLed(store, registry, client, authority);
        progress.step("running: " + Component.names(config.components()));
        return operator(authority);
    }

    private <T extends AutoCloseable> T closing(T part) {
        return started.closing(part);
    }

    /** Over a shared store one server alone runs the controllers and the scheduler. */
    private void startLed(
            Store store, Registry registry, Client client, CertificateAuthority authority) {
        if (!config.runs(Component.CONTROLLERS) && !config.runs(Component.SCHEDULER)) {
            return;
        }
        if (store.isShared()) {
            String identity = config.nodeName() + "_" + UUID.randomUUID();
            closing(
                            new LeaderElection(
                                    client,
                                    LEADER_LEASE,
                                    identity,
                                    LeaderElection.Timing.DEFAULT,
                                    clock,
                                    () -> led(registry, client, authority)))
                    .start();
        } else {
            closing(led(registry, client, authority));
        }
    }

    /** The controllers and the scheduler, started. */
    private AutoCloseable led(Registry registry, Client client, CertificateAuthority authority) {
        Parts parts = new Parts();
        if (config.runs(Component.CONTROLLERS)) {
            startControllers(parts, registry, client, authority);
        }
        if (config.runs(Component.SCHEDULER)) {
            parts.closing(
                            new Scheduler(
                                    client,
                                    parts.closing(new Informer(client, BuiltinTypes.PODS)),
                                    parts.closing(new Informer(client, BuiltinTypes.NODES)),
                                    VmOverhead.DEFAULT,
                                    clock))
                    .start();
        }
        return parts;
    }

    /** The parts that need this machine's kernel: networks, virtual machines, volumes. */
    private void startMachine(Registry registry, Client client, CertificateAuthority authority)
            throws IOException, InterruptedException {
        OvnDaemons ovn = closing(new OvnDaemons(config.network(), Datapath.best()));
        ovn.start();
        OvnEngine network = closing(new OvnEngine(ovn));
        progress.step("networks: OVN is up in namespace " + ovn.netns().name());

        RuntimeConnection runtime = startRuntime(ovn);
        VolumePool pool = new DirectoryPool(config.volumes(), SystemWorld.LOCAL_PROVISIONER);
        NodeAgent node = node(client, authority, runtime, network, pool);
        startServer(registry, client, authority, node.access());
        startMachineControllers(client, network, pool);
        node.start();
        closing(node);
        progress.step("node " + config.nodeName() + " is registered");
    }

    private RuntimeConnection startRuntime(OvnDaemons ovn)
            throws IOException, InterruptedException {
        RuntimeParts parts = RuntimeParts.start(config, ovn.netns().path());
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

    private NodeAgent node(
            Client client,
            CertificateAuthority authority,
            RuntimeConnection runtime,
            OvnEngine network,
            VolumePool pool)
            throws IOException {
        NodeConfig node =
                new NodeConfig(
                        config.nodeName(),
                        config.address().getAddress().getHostAddress(),
                        config.podLogs(),
                        Capacity.ofThisMachine(config.data()),
                        config.version());
        return new NodeAgent(
                node,
                client,
                runtime,
                network,
                Map.of(pool.provisioner(), pool),
                new SignedTokens(authority.tokenKey(), clock),
                clock);
    }

    private void startServer(
            Registry registry, Client client, CertificateAuthority authority, PodAccess pods)
            throws IOException, InterruptedException {
        Accounts accounts = closing(new Accounts(client)).start();
        RbacAuthorizer rbac = closing(new RbacAuthorizer(client)).start();
        accounts.awaitSynced();
        rbac.awaitSynced();
        SignedTokens tokens = new SignedTokens(authority.tokenKey(), clock);
        KeyedCertificate certificate =
                authority.serverCertificate(List.of(config.address().getHostString()));
        ApiServer server =
                new ApiServer(
                        new ApiServerConfig(
                                config.address(),
                                new TlsMaterial(
                                        List.of(certificate.certificate()),
                                        certificate.key(),
                                        List.of(authority.certificate())),
                                observer()),
                        registry,
                        List.of(
                                new CertificateAuthenticator(authority.certificate(), clock),
                                new TokenAuthenticator(tokens, accounts, clock),
                                new PasswordAuthenticator(accounts, clock)),
                        List.of(rbac),
                        new EscalationCheck(rbac),
                        tokens,
                        pods);
        server.start();
        closing(server);
        port = server.port();
        progress.step("API: https://" + config.address().getHostString() + ":" + port);
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

    private void startControllers(
            Parts parts, Registry registry, Client client, CertificateAuthority authority) {
        FeedReader feed = parts.closing(new FeedReader(new LocalFeed(registry)));
        parts.closing(new TenantController(client, registry.types(), clock)).start();
        parts.closing(new AuthController(client)).start();
        parts.closing(new NamespaceController(client, registry.types(), feed, clock)).start();
        parts.closing(new GarbageCollector(client, registry.types(), feed, clock)).start();
        parts.closing(new ServiceAccountController(client, authority.certificatePem())).start();
        parts.closing(
                        new QuotaController(
                                client,
                                registry.types(),
                                BuiltinTypes.RESOURCE_QUOTAS,
                                feed,
                                clock))
                .start();
        parts.closing(new RoleAggregationController(client)).start();
        parts.closing(new CertificateController(client, authority, clock)).start();
        feed.start();
    }

    /** The controllers that work on this machine's network and volumes. */
    private void startMachineControllers(Client client, OvnEngine network, VolumePool pool) {
        Informer pods = closing(new Informer(client, BuiltinTypes.PODS));
        closing(
                        new NetworkController(
                                client,
                                network,
                                closing(new Informer(client, BuiltinTypes.NETWORKS)),
                                closing(new Informer(client, BuiltinTypes.NAMESPACES)),
                                pods))
                .start();
        closing(
                        new ClaimController(
                                client,
                                pool,
                                closing(
                                        new Informer(
                                                client, BuiltinTypes.PERSISTENT_VOLUME_CLAIMS)),
                                closing(new Informer(client, BuiltinTypes.PERSISTENT_VOLUMES)),
                                pods,
                                clock))
                .start();
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
