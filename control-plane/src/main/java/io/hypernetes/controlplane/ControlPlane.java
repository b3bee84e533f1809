package io.hypernetes.controlplane;

import io.hypernetes.api.access.Authenticator;
import io.hypernetes.api.access.TokenIssuer;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.PodAccess;
import io.hypernetes.api.client.UsageSource;
import io.hypernetes.api.schema.Schemas;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.hypernetes.TenantSecurity;
import io.hypernetes.api.types.networking.ServiceRanges;
import io.hypernetes.controllerruntime.FeedReader;
import io.hypernetes.controllerruntime.QueueCounts;
import io.hypernetes.controllers.ApiServiceController;
import io.hypernetes.controllers.ExtensionAuthenticationController;
import io.hypernetes.controllers.FlowSchemaController;
import io.hypernetes.controllers.NamespaceController;
import io.hypernetes.controllers.NodeTaintController;
import io.hypernetes.controllers.QuotaController;
import io.hypernetes.controllers.RoleAggregationController;
import io.hypernetes.controllers.ServiceAccountController;
import io.hypernetes.controllers.ServiceCidrController;
import io.hypernetes.controllers.StorageProtectionController;
import io.hypernetes.controllers.TenantQuotaController;
import io.hypernetes.controllers.TokenSecretController;
import io.hypernetes.controllers.garbage.GarbageCollector;
import io.hypernetes.controllers.workload.Workloads;
import io.hypernetes.identity.keystone.KeystoneService;
import io.hypernetes.identity.keystone.KeystoneSettings;
import io.hypernetes.identity.pki.CertificateAuthority;
import io.hypernetes.identity.pki.KeyedCertificate;
import io.hypernetes.identity.rbac.EscalationCheck;
import io.hypernetes.identity.rbac.RbacAuthorizer;
import io.hypernetes.identity.token.SignedTokens;
import io.hypernetes.server.ApiServer;
import io.hypernetes.server.ApiServerConfig;
import io.hypernetes.server.ServerLimits;
import io.hypernetes.server.http.TlsMaterial;
import io.hypernetes.server.local.LocalClient;
import io.hypernetes.server.local.LocalFeed;
import io.hypernetes.server.observe.Observer;
import io.hypernetes.server.observe.ServerMetrics;
import io.hypernetes.server.outbound.ClientCertificate;
import io.hypernetes.server.registry.Registry;
import io.hypernetes.store.Store;
import io.hypernetes.store.cache.WatchCache;
import io.hypernetes.tenancy.AuthController;
import io.hypernetes.tenancy.CertificateController;
import io.hypernetes.tenancy.ComponentRolesController;
import io.hypernetes.tenancy.KeystoneDuties;
import io.hypernetes.tenancy.KeystoneRoles;
import io.hypernetes.tenancy.NamespaceLimitsController;
import io.hypernetes.tenancy.PeopleController;
import io.hypernetes.tenancy.ProjectController;
import io.hypernetes.tenancy.ServerAddress;
import io.hypernetes.tenancy.SystemWorld;
import io.hypernetes.tenancy.TenantController;
import io.hypernetes.tenancy.UserSync;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * All objects over a store, the API server that serves them, and the controllers that need nothing
 * but objects. Opening reads the state; listening and running controllers are asked for apart.
 */
public final class ControlPlane implements AutoCloseable {
    private final Registry registry;
    private final Client client;
    private final CertificateAuthority authority;
    private final SignedTokens tokens;
    private final Clock clock;

    /** Where the server listens, written when it does; empty before. */
    private volatile Optional<ServerAddress> address = Optional.empty();

    private ControlPlane(Registry registry, CertificateAuthority authority, Clock clock) {
        this.registry = registry;
        this.client = new LocalClient(registry);
        this.authority = authority;
        this.tokens = new SignedTokens(authority.tokenKey(), clock);
        this.clock = clock;
    }

    /**
     * Reads the state and makes what every installation has.
     *
     * @param store stays the caller's to close, after this
     */
    public static ControlPlane open(Store store, CertificateAuthority authority, Clock clock) {
        return open(
                store,
                authority,
                clock,
                WatchCache.Settings.DEFAULT,
                TenantSecurity.RESTRICTED,
                Optional.empty());
    }

    /**
     * The same with more or less of the past for lists and watches.
     *
     * @param security of new tenants that do not say it themselves
     * @param ranges of services' addresses, when the operator asks for some
     * @throws IllegalArgumentException when the installation has others
     */
    public static ControlPlane open(
            Store store,
            CertificateAuthority authority,
            Clock clock,
            WatchCache.Settings past,
            TenantSecurity security,
            Optional<ServiceRanges> ranges) {
        Registry registry = Registry.open(store, Schemas.kubernetes(), past, security);
        ControlPlane plane = new ControlPlane(registry, authority, clock);
        SystemWorld.bootstrap(plane.client, ranges);
        return plane;
    }

    /**
     * Takes another state in the place of this one while it is served; controllers, rights and
     * clients list again and follow.
     */
    public void replaceState(Registry.Replacement replacement) throws InterruptedException {
        registry.replaceState(replacement);
        SystemWorld.bootstrap(client);
    }

    public Registry registry() {
        return registry;
    }

    /** Where services' addresses come from in every world. */
    public ServiceRanges serviceRanges() {
        return SystemWorld.serviceRanges(client);
    }

    /** The same API in this process, with every right. */
    public Client client() {
        return client;
    }

    /** Makes tokens that this server believes. */
    public TokenIssuer tokens() {
        return tokens;
    }

    /**
     * Serves HTTPS.
     *
     * @param more authenticators that are asked before certificates, tokens and passwords
     * @param pods the way into running pods
     * @throws IOException that says which address cannot be listened on
     */
    public Listening listen(
            InetSocketAddress address, Observer observer, List<Authenticator> more, PodAccess pods)
            throws IOException, InterruptedException {
        return listen(
                new ListenConfig(address, observer, IdentityConfig.BUILT_IN, ServerLimits.DEFAULT),
                more,
                pods);
    }

    /** The same, with others who are asked about people and rights, and limits. */
    public Listening listen(ListenConfig config, List<Authenticator> more, PodAccess pods)
            throws IOException, InterruptedException {
        Parts parts = new Parts();
        try {
            return new Listening(serve(parts, config, more, pods), parts);
        } catch (IOException | InterruptedException | RuntimeException e) {
            parts.close();
            throw e;
        }
    }

    private int serve(Parts parts, ListenConfig config, List<Authenticator> more, PodAccess pods)
            throws IOException, InterruptedException {
        InetSocketAddress address = config.address();
        IdentityConfig identity = config.identity();
        KeystoneRoles.reconcile(client, identity.keystoneRoles());
        RbacAuthorizer rbac = parts.closing(new RbacAuthorizer(client)).start();
        List<Authenticator> authenticators = new ArrayList<>(more);
        authenticators.addAll(
                new Authenticators(identity, client, authority, tokens, clock).start(parts));
        queues(config.observer().metrics());
        ApiServer server =
                new ApiServer(
                        new ApiServerConfig(
                                address,
                                tls(address),
                                config.observer(),
                                frontProxy(),
                                config.limits()),
                        registry,
                        authenticators,
                        new Authorizers(identity, new LocalFeed(registry), rbac, clock)
                                .start(parts),
                        new EscalationCheck(rbac),
                        identity.keystone().isPresent() ? new KeystoneLogins(tokens) : tokens,
                        pods);
        rbac.awaitSynced();
        server.start();
        int port = parts.closing(server).port();
        this.address =
                Optional.of(ServerAddress.of(new InetSocketAddress(address.getAddress(), port)));
        return port;
    }

    private ClientCertificate frontProxy() {
        KeyedCertificate proxy = authority.frontProxyAuthority().frontProxy();
        return ClientCertificate.of(proxy.certificate(), proxy.key());
    }

    /** The depths and counts of the controllers' queues, under upstream's names. */
    private static void queues(ServerMetrics metrics) {
        metrics.gauges(
                "workqueue_depth",
                "Keys that wait in a controller's queue, also those that wait for their time.",
                "name",
                () -> byController(QueueCounts::depth));
        metrics.counters(
                "workqueue_adds",
                "Keys that were put into a controller's queue.",
                "name",
                () -> byController(QueueCounts::adds));
        metrics.counters(
                "workqueue_retries",
                "Keys that came again because working on them failed.",
                "name",
                () -> byController(QueueCounts::retries));
    }

    private static Map<String, Double> byController(ToLongFunction<QueueCounts> count) {
        Map<String, Double> values = new TreeMap<>();
        QueueCounts.all().forEach((name, of) -> values.put(name, (double) count.applyAsLong(of)));
        return values;
    }

    private TlsMaterial tls(InetSocketAddress address) {
        List<String> hosts = new ArrayList<>(serviceRanges().apiAddresses());
        hosts.add(address.getHostString());
        KeyedCertificate certificate = authority.serverCertificate(hosts);
        return new TlsMaterial(
                // with its authority, which a machine that joins knows by the hash of its key
                List.of(certificate.certificate(), authority.certificate()),
                certificate.key(),
                List.of(authority.certificate()));
    }

    /**
     * An open port; closing it ends watches and lets other requests end.
     *
     * @param port the one listened on, also when any free one was asked for
     */
    public record Listening(int port, Parts parts) implements AutoCloseable {
        @Override
        public void close() {
            parts.close();
        }
    }

    /**
     * The controllers of worlds, rights, namespaces, quotas, owners and certificates, started;
     * closing ends them.
     */
    public Parts startControllers() {
        return startControllers(IdentityConfig.BUILT_IN);
    }

    /** The same, with those that keep tenants and users and a Keystone together. */
    public Parts startControllers(IdentityConfig identity) {
        Parts parts = new Parts();
        FeedReader feed = parts.closing(new FeedReader(new LocalFeed(registry)));
        parts.closing(
                        new TenantController(
                                client, registry.types(), clock, serviceRanges(), () -> address))
                .start();
        parts.closing(new AuthController(client, registry.types())).start();
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
        parts.closing(new TenantQuotaController(client, registry.types(), feed, clock)).start();
        parts.closing(new NamespaceLimitsController(client, feed)).start();
        parts.closing(new RoleAggregationController(client)).start();
        parts.closing(new ComponentRolesController(client)).start();
        parts.closing(new StorageProtectionController(client, feed)).start();
        parts.closing(new NodeTaintController(client, feed)).start();
        parts.closing(new ApiServiceController(client, feed)).start();
        parts.closing(new FlowSchemaController(client, feed, clock)).start();
        parts.closing(new ServiceCidrController(client, clock, feed)).start();
        parts.closing(new TokenSecretController(client, tokens, authority.certificatePem(), feed))
                .start();
        parts.closing(new ExtensionAuthenticationController(client, authorities(), feed)).start();
        parts.closing(new CertificateController(client, authority, clock)).start();
        feed.start();
        identity.keystone()
                .ifPresent(settings ->
                        identity.keystoneAccount()
                                .ifPresent(account -> startKeystone(parts, settings, account)));
        return parts;
    }

    private void startKeystone(Parts parts, KeystoneSettings settings, KeystoneAccount account) {
        KeystoneDuties duties = account.duties();
        KeystoneService service =
                parts.closing(new KeystoneService(settings, account.access(), duties.every()));
        parts.closing(new ProjectController(client, service, duties, clock)).start();
        parts.closing(new PeopleController(client, service, duties, clock)).start();
        if (duties.syncUsers()) {
            parts.closing(new UserSync(client, service, duties)).start();
        }
    }

    private ExtensionAuthenticationController.Authorities authorities() {
        return new ExtensionAuthenticationController.Authorities(
                authority.frontProxyAuthority().certificatePem(),
                CertificateAuthority.FRONT_PROXY,
                authority.certificatePem());
    }

    /** The same without anybody who measures pods. */
    public Workloads startWorkloads() {
        return startWorkloads(UsageSource.NONE);
    }

    /**
     * The controllers that make pods of other objects, and those of nodes, started; closing ends
     * them.
     */
    public Workloads startWorkloads(UsageSource usages) {
        return new Workloads(client, registry.types(), usages, clock).start();
    }

    /** Ends all watches. */
    @Override
    public void close() {
        registry.close();
    }
}
