package io.hypernetes.embedded;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.api.types.hypernetes.TenantSecurity;
import io.hypernetes.api.types.networking.ServiceRanges;
import io.hypernetes.controlplane.ControlPlane;
import io.hypernetes.controlplane.IdentityConfig;
import io.hypernetes.controlplane.ListenConfig;
import io.hypernetes.controlplane.NoNode;
import io.hypernetes.controlplane.Parts;
import io.hypernetes.identity.pki.CertificateAuthority;
import io.hypernetes.identity.token.KnownTokens;
import io.hypernetes.server.ServerLimits;
import io.hypernetes.server.observe.Observer;
import io.hypernetes.server.observe.ServerMetrics;
import io.hypernetes.server.outbound.TenantUrls;
import io.hypernetes.store.Retention;
import io.hypernetes.store.Store;
import io.hypernetes.store.cache.WatchCache;
import io.hypernetes.store.memory.MemoryStore;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A Kubernetes API server in this JVM, with the controllers that need nothing but objects
 * (namespaces, service accounts, owners, custom resources, tenants). It has no nodes: pods stay
 * Pending until somebody writes their status.
 *
 * <pre>{@code
 * try (KubernetesApiServer server = KubernetesApiServer.builder().start()) {
 *     World world = server.createTenant("test");
 *     KubernetesClient client = new KubernetesClientBuilder()
 *             .withConfig(Config.fromKubeconfig(world.kubeconfig()))
 *             .build();
 * }
 * }</pre>
 */
public final class KubernetesApiServer implements AutoCloseable {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    /** Made once: all servers of a JVM are signed for by the same authority. */
    private static final class Shared {
        static final CertificateAuthority AUTHORITY = authority();

        private static CertificateAuthority authority() {
            CertificateAuthority authority = CertificateAuthority.inMemory(Clock.systemUTC());
            List<String> hosts = new ArrayList<>(ServiceRanges.DEFAULT.apiAddresses());
            hosts.add(LOOPBACK.getHostAddress());
            authority.serverCertificate(hosts);
            authority.tokenKey();
            return authority;
        }
    }

    private final Parts parts = new Parts();
    private final KnownTokens tokens = new KnownTokens();
    private final AtomicLong generated = new AtomicLong();
    private final ControlPlane plane;
    private final World system;

    /** Replaced by {@link #disconnect}, guarded by this. */
    private ControlPlane.Listening listening;

    private KubernetesApiServer(Builder options) throws IOException, InterruptedException {
        Store store =
                options.store == null
                        ? parts.closing(new MemoryStore(options.retention))
                        : options.store;
        try {
            plane =
                    parts.closing(
                            ControlPlane.open(
                                    store,
                                    Shared.AUTHORITY,
                                    Clock.systemUTC(),
                                    options.past,
                                    TenantSecurity.OPEN,
                                    Optional.empty()));
            listening = listen(options.port);
            startControllers(options.workloads);
            system = new World(this, Tenant.SYSTEM);
        } catch (IOException | InterruptedException | RuntimeException e) {
            parts.close();
            throw e;
        }
    }

    private void startControllers(boolean workloads) {
        try {
            parts.closing(plane.startControllers());
            if (workloads) {
                parts.closing(plane.startWorkloads());
            }
        } catch (RuntimeException e) {
            listening.close();
            throw e;
        }
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Like {@code https://127.0.0.1:36013}. */
    public String url() {
        return "https://" + LOOPBACK.getHostAddress() + ":" + port();
    }

    public synchronized int port() {
        return listening.port();
    }

    /** The certificate that clients must trust, PEM. */
    public String authority() {
        return Shared.AUTHORITY.certificatePem();
    }

    /** A kubeconfig file's text for the operator, in the system's own world; holds a secret. */
    public String kubeconfig() {
        return system.kubeconfig();
    }

    /** The API without HTTP, in any world, with every right. */
    public Client client() {
        return plane.client();
    }

    /** The world of the operator, where tenants are objects. */
    public World system() {
        return system;
    }

    /**
     * Makes a world of its own: no other sees its objects, not even its custom resource
     * definitions. Returns when its first namespaces are there.
     *
     * @throws io.hypernetes.api.ApiException AlreadyExists, Invalid
     */
    public World createTenant(String name) {
        World world = new World(this, new Tenant(name));
        world.create();
        return world;
    }

    /** The same under a name that no other has. */
    public World createTenant() {
        return createTenant("t" + generated.incrementAndGet());
    }

    /**
     * Cuts every connection, as a restart of the server does, and listens on the same port again.
     * Objects and resource versions stay; clients have to connect and to watch anew.
     */
    public synchronized void disconnect() {
        int port = listening.port();
        listening.close();
        try {
            listening = listen(port);
        } catch (IOException e) {
            throw new UncheckedIOException("the port " + port + " cannot be had again", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted, the server does not listen", e);
        }
    }

    private ControlPlane.Listening listen(int port) throws IOException, InterruptedException {
        // The webhooks of a test are in its own JVM.
        return plane.listen(
                new ListenConfig(
                        new InetSocketAddress(LOOPBACK, port),
                        Observer.unaudited(new ServerMetrics()),
                        IdentityConfig.BUILT_IN,
                        ServerLimits.DEFAULT.with(TenantUrls.ALL)),
                List.of(tokens),
                new NoNode());
    }

    WorldTypes types() {
        return plane.registry().types();
    }

    KnownTokens tokens() {
        return tokens;
    }

    /** Ends watches and threads, frees the port; a store in memory is forgotten. */
    @Override
    public synchronized void close() {
        listening.close();
        parts.close();
    }

    /** What can be asked for; without any of it a server starts too. */
    public static final class Builder {
        private int port;
        private @Nullable Store store;
        private Retention retention = Retention.DEFAULT;
        private WatchCache.Settings past = WatchCache.Settings.DEFAULT;
        private boolean workloads;

        private Builder() {}

        /** A port on 127.0.0.1; any free one by default. */
        public Builder port(int number) {
            this.port = number;
            return this;
        }

        /** Where objects are kept, in place of memory; stays the caller's to close. */
        public Builder store(Store kept) {
            this.store = kept;
            return this;
        }

        /**
         * How much of the past the store in memory keeps, and how many changes of a resource lists
         * and watches can go back. A client that asks for older resource versions gets 410 Gone.
         *
         * @param revisions at least 1
         */
        public Builder history(Duration age, int revisions) {
            this.retention = new Retention(age, revisions);
            this.past = new WatchCache.Settings(Math.min(revisions, past.window()));
            return this;
        }

        /**
         * Runs the controllers of replica sets, deployments and their like too: they make pods,
         * which stay Pending until a test writes their status. Without them such objects are data.
         */
        public Builder workloads() {
            this.workloads = true;
            return this;
        }

        /** Starts a server; returns when it answers. Throws when the port cannot be had. */
        public KubernetesApiServer start() {
            try {
                return new KubernetesApiServer(this);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while the server started", e);
            }
        }
    }
}
