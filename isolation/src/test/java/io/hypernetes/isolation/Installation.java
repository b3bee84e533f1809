package io.hypernetes.isolation;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Identity;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.json.Yaml;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controlplane.ControlPlane;
import io.hypernetes.controlplane.Parts;
import io.hypernetes.identity.pki.CertificateAuthority;
import io.hypernetes.identity.token.KnownTokens;
import io.hypernetes.server.observe.Observer;
import io.hypernetes.server.observe.ServerMetrics;
import io.hypernetes.store.KeyRange;
import io.hypernetes.store.Store;
import io.hypernetes.store.memory.MemoryStore;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.ExtensionContext;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A server with its controllers and two tenants: globex has something to lose, acme wants it.
 * Started by the first test that asks, closed after the last.
 */
final class Installation implements AutoCloseable {
    static final Tenant ACME = new Tenant("acme");
    static final Tenant GLOBEX = new Tenant("globex");

    /** To which nothing was added, and nothing said, but one namespace. */
    static final Tenant FRESH = new Tenant("fresh");

    /** Is in each of globex's objects, and must never be in an answer to acme. */
    static final String TREASURE = "the-treasure-of-globex";

    private final Parts parts = new Parts();
    private final CertificateAuthority authority = CertificateAuthority.inMemory(Clock.systemUTC());
    private final KnownTokens tokens = new KnownTokens();
    private final ReachedPods pods = new ReachedPods();
    private final List<Answer> answers = new CopyOnWriteArrayList<>();
    private final MemoryStore store;
    private final ControlPlane plane;
    private final Trap trap;
    private final Wire wire;

    /** Keeps its connection. */
    private final HttpClient http;

    /** Of who may do everything in acme's world. */
    final String boss = token(ACME, "boss", UserInfo.MASTERS);

    /** Of who may do everything in the fresh tenant's world. */
    final String freshBoss = token(FRESH, "boss", UserInfo.MASTERS);

    /** Of who may do nothing in acme's world. */
    final String clerk = token(ACME, "clerk");

    /** Of who may do everything in globex' world. */
    final String victim = token(GLOBEX, "victim", UserInfo.MASTERS);

    private Installation() throws IOException, InterruptedException {
        store = parts.closing(new MemoryStore());
        plane = parts.closing(ControlPlane.open(store, authority, Clock.systemUTC()));
        trap = parts.closing(new Trap());
        ControlPlane.Listening listening =
                parts.closing(
                        plane.listen(
                                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0),
                                Observer.unaudited(new ServerMetrics()),
                                List.of(tokens),
                                pods));
        parts.closing(plane.startControllers());
        wire = new Wire(trusting(), listening.port());
        http = parts.closing(HttpClient.newBuilder().sslContext(wire.context()).build());
        for (Tenant tenant : List.of(ACME, GLOBEX)) {
            // As open as can be: what stops them is isolation, nothing else.
            apply(
                    Tenant.SYSTEM,
                    "{kind: Tenant, metadata: {name: %s}, spec: {security: {pods: privileged, nodePorts: true, alwaysPull: false, namespaceLimits: false}}}"
                            .formatted(tenant));
            awaitAccount(tenant);
            Belongings.of(tenant, tenant.equals(GLOBEX) ? TREASURE : "nothing")
                    .forEach(manifest -> apply(tenant, manifest));
        }
        apply(Tenant.SYSTEM, "{kind: Tenant, metadata: {name: %s}}".formatted(FRESH));
        awaitAccount(FRESH);
        apply(FRESH, "{kind: Namespace, metadata: {name: vault}}");
        awaitAccount(FRESH, "vault");
        awaitRest();
    }

    static Installation of(ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(Installation.class))
                .computeIfAbsent(Installation.class, _ -> started(), Installation.class);
    }

    private static Installation started() {
        try {
            return new Installation();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private SSLContext trusting() {
        try {
            TrustManagerFactory managers =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(authority.trustStore());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    String token(Tenant tenant, String user, String... groups) {
        List<String> all = new ArrayList<>(List.of(groups));
        all.add(UserInfo.AUTHENTICATED);
        UserInfo info = new UserInfo(user, "", List.copyOf(all), Map.of());
        boolean operator = tenant.isSystem() && all.contains(UserInfo.MASTERS);
        return tokens.issue(new Identity(info, Optional.of(tenant), Set.of(tenant), operator));
    }

    void awaitAccount(Tenant tenant) {
        awaitAccount(tenant, "default");
    }

    private void awaitAccount(Tenant tenant, String namespace) {
        ObjectKey account = new ObjectKey(tenant, namespace, "default");
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> client().find(BuiltinTypes.SERVICE_ACCOUNTS, account).isPresent());
    }

    void awaitType(Tenant tenant, String kind) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() ->
                        plane.registry().types().of(tenant).all().stream()
                                .anyMatch(type -> type.kind().equals(kind)));
    }

    /** Raw keys of the store that have this text. */
    List<String> storeKeys(String text) {
        return store.range(KeyRange.ALL, Store.LATEST, 0).entries().stream()
                .map(entry -> entry.key().toString())
                .filter(key -> key.contains(text))
                .toList();
    }

    /** Until the controllers have nothing more to write. */
    private void awaitRest() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> {
                    Set<String> before = belongings();
                    Thread.sleep(400);
                    return before.equals(belongings());
                });
    }

    /** As the operator, without HTTP. */
    Client client() {
        return plane.client();
    }

    /** As the operator. */
    ObjectNode apply(Tenant tenant, String yaml) {
        ObjectNode object = Yaml.parseAll(yaml.getBytes(StandardCharsets.UTF_8)).getFirst().tree();
        String kind = object.path("kind").asString("");
        ResourceType type =
                plane.registry().types().of(tenant).all().stream()
                        .filter(known -> known.kind().equals(kind))
                        .findFirst()
                        .orElseThrow();
        return client().create(type, tenant, object);
    }

    /**
     * All that globex and the operator have, each with its revision, but what controllers report.
     */
    Set<String> belongings() {
        Set<String> found = new TreeSet<>();
        for (Tenant tenant : List.of(GLOBEX, Tenant.SYSTEM)) {
            for (ResourceType type : plane.registry().types().of(tenant).stored()) {
                if (type.equals(BuiltinTypes.EVENTS)) {
                    continue;
                }
                client().list(type, Selection.of(tenant))
                        .items()
                        .forEach(item ->
                                found.add(
                                        type.id()
                                                + " "
                                                + item.key()
                                                + " "
                                                + item.object()
                                                        .path("metadata")
                                                        .path("resourceVersion")));
            }
        }
        return found;
    }

    /** What tells every object of globex from all others, whatever they are called. */
    List<String> treasuredUids() {
        List<String> uids = new ArrayList<>();
        for (ResourceType type : plane.registry().types().of(GLOBEX).stored()) {
            client().list(type, Selection.of(GLOBEX)).items().stream()
                    .filter(item -> item.tenant().equals(GLOBEX))
                    .map(item -> item.object().path("metadata").path("uid").asString(""))
                    .forEach(uids::add);
        }
        return uids;
    }

    Trap trap() {
        return trap;
    }

    ReachedPods pods() {
        return pods;
    }

    CertificateAuthority authority() {
        return authority;
    }

    Wire wire() {
        return wire;
    }

    /** What was answered since the last call. */
    List<Answer> takeAnswers() {
        List<Answer> taken = List.copyOf(answers);
        answers.clear();
        return taken;
    }

    /** A request line and headers as they are, with a bearer token unless it is empty. */
    Answer raw(String token, String method, String target, List<String> headers, String body) {
        List<String> all = new ArrayList<>(headers);
        if (!token.isEmpty()) {
            all.add("Authorization: Bearer " + token);
        }
        return wire(Wire.request(method, target, all, body));
    }

    Answer wire(String request) {
        Answer answer = wire.send(request);
        answers.add(answer);
        return answer;
    }

    /** A GET over other connections, which prove who asks. */
    Answer wire(Wire other, String target) {
        Answer answer = other.send(Wire.request("GET", target, List.of(), ""));
        answers.add(answer);
        return answer;
    }

    Answer http2(List<Map.Entry<String, String>> fields) {
        Answer answer = new Http2Wire(wire).send(fields);
        answers.add(answer);
        return answer;
    }

    Answer get(String token, String target, String... headers) {
        return raw(token, "GET", target, List.of(headers), "");
    }

    /** Over a connection that is there already, for those who look at the clock. */
    int ask(String token, String target) {
        return kept(HttpRequest.newBuilder(), token, target).statusCode();
    }

    /** What an access review says. */
    boolean allowed(String token, String review) {
        return kept(
                        HttpRequest.newBuilder()
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(review)),
                        token,
                        "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews")
                .body()
                .contains("\"allowed\":true");
    }

    private HttpResponse<String> kept(HttpRequest.Builder request, String token, String target) {
        try {
            return http.send(
                    request.uri(URI.create("https://127.0.0.1:" + wire.port() + target))
                            .header("Authorization", "Bearer " + token)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    Answer send(String token, String method, String target, String json) {
        return raw(token, method, target, List.of("Content-Type: application/json"), json);
    }

    Answer patch(String token, String target, String type, String json) {
        return raw(token, "PATCH", target, List.of("Content-Type: application/" + type), json);
    }

    /** YAML as the JSON that a client sends. */
    static String json(String yaml) {
        return Json.text(Yaml.parseAll(yaml.getBytes(StandardCharsets.UTF_8)).getFirst().tree());
    }

    @Override
    public void close() {
        parts.close();
    }
}
