package io.hypernetes.server;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.PodAccess;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.schema.Schemas;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.server.local.LocalClient;
import io.hypernetes.server.observe.Observer;
import io.hypernetes.server.observe.ServerMetrics;
import io.hypernetes.server.outbound.ClientCertificate;
import io.hypernetes.server.registry.Registry;
import io.hypernetes.store.memory.MemoryStore;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Optional;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The real server on a loopback port, over a memory store, with two tenants. */
final class TestServer implements AutoCloseable {
    static final Tenant ACME = new Tenant("acme");
    static final Tenant GLOBEX = new Tenant("globex");
    static final String ALICE = "alice:acme";
    static final String BOB = "bob:globex";

    /** What the server shows to extension servers. */
    static final TestCertificates FRONT_PROXY = TestCertificates.make();

    private final TestCertificates certificates = TestCertificates.make();
    private final MemoryStore store = new MemoryStore();
    private final Registry registry;
    private final ApiServer server;
    private final HttpClient http;
    final TestUsers users = new TestUsers();
    final FakePods pods = new FakePods();

    TestServer() throws IOException {
        this(ServerLimits.DEFAULT);
    }

    /** With other pods than the fake ones. */
    TestServer(PodAccess access) throws IOException {
        this(Optional.of(access), Observer.unaudited(new ServerMetrics()), ServerLimits.DEFAULT);
    }

    TestServer(Observer observer) throws IOException {
        this(Optional.empty(), observer, ServerLimits.DEFAULT);
    }

    TestServer(ServerLimits limits) throws IOException {
        this(Optional.empty(), Observer.unaudited(new ServerMetrics()), limits);
    }

    private TestServer(Optional<PodAccess> access, Observer observer, ServerLimits limits)
            throws IOException {
        registry = Registry.open(store, Schemas.kubernetes());
        server =
                new ApiServer(
                        new ApiServerConfig(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                certificates.tls(),
                                observer,
                                ClientCertificate.of(
                                        FRONT_PROXY.server(), FRONT_PROXY.serverKey().getPrivate()),
                                limits),
                        registry,
                        List.of(users),
                        List.of(users),
                        (user, tenant, type, object, old) -> {
                            if (object.toString().contains("too-much")) {
                                throw ApiException.forbidden(type.id(), "", "too much");
                            }
                        },
                        users,
                        access.orElse(pods));
        server.start();
        http = HttpClient.newBuilder().sslContext(trusting()).build();
        world(Tenant.SYSTEM);
        for (Tenant tenant : List.of(ACME, GLOBEX)) {
            ObjectNode object = Json.object();
            object.putObject("metadata").put("name", tenant.name());
            client().create(BuiltinTypes.TENANTS, Tenant.SYSTEM, object);
            world(tenant);
        }
    }

    private void world(Tenant tenant) {
        ObjectNode namespace = Json.object();
        namespace.putObject("metadata").put("name", "default");
        client().create(BuiltinTypes.NAMESPACES, tenant, namespace);
    }

    private SSLContext trusting() {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("ca", certificates.authority());
            TrustManagerFactory managers =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    Registry registry() {
        return registry;
    }

    Client client() {
        return new LocalClient(registry);
    }

    ObjectNode stored(ResourceType type, Tenant tenant, String namespace, String name) {
        return client().get(type, new ObjectKey(tenant, namespace, name));
    }

    String url() {
        return "https://127.0.0.1:" + server.port();
    }

    /** Another client, with connections of its own; the caller ends it. */
    HttpClient another() {
        return HttpClient.newBuilder().sslContext(trusting()).build();
    }

    HttpClient http() {
        return http;
    }

    HttpRequest.Builder request(String token, String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url() + path));
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    HttpResponse<String> send(String token, String method, String path, String body) {
        return send(token, method, path, body, "application/json");
    }

    HttpResponse<String> send(
            String token, String method, String path, String body, String contentType) {
        HttpRequest.Builder request = request(token, path);
        if (body.isEmpty()) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.header("Content-Type", contentType)
                    .method(method, BodyPublishers.ofString(body));
        }
        return send(request.build());
    }

    HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<String> get(String token, String path) {
        return send(token, "GET", path, "");
    }

    /** A kubeconfig for a token, with an optional prefix of the path. */
    Path kubeconfig(Path folder, String token, String prefix) throws IOException {
        Path file = folder.resolve("kubeconfig-" + token.hashCode() + "-" + prefix.hashCode());
        Files.writeString(
                file,
                """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "%s", certificate-authority-data: "%s"}}]
                users: [{name: u, user: {token: "%s"}}]
                contexts: [{name: x, context: {cluster: c, user: u}}]
                current-context: x
                """
                        .formatted(url() + prefix, certificates.authorityBase64(), token));
        return file;
    }

    @Override
    public void close() {
        http.shutdownNow(); // whatever a test that failed left open
        http.close();
        server.close();
        registry.close();
        store.close();
    }
}
