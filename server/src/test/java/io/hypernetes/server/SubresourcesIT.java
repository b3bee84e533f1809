package io.hypernetes.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.hypernetes.api.json.Json;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Proxies, and the subresources that change a part of a pod. */
class SubresourcesIT {
    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static final String SERVICES = "/api/v1/namespaces/default/services";
    private static final String MERGE = "application/merge-patch+json";

    private static final ProcessPods PROCESSES = new ProcessPods();
    private static TestServer server;
    private static HttpServer behind;

    @BeforeAll
    static void start() throws IOException {
        server = new TestServer(PROCESSES);
        behind = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        behind.createContext(
                "/",
                exchange -> {
                    String said =
                            exchange.getRequestMethod()
                                    + " "
                                    + exchange.getRequestURI()
                                    + " auth="
                                    + exchange.getRequestHeaders().getFirst("Authorization")
                                    + " "
                                    + new String(
                                            exchange.getRequestBody().readAllBytes(),
                                            StandardCharsets.UTF_8);
                    exchange.getResponseHeaders().add("X-Pod", "yes");
                    byte[] body = said.getBytes(StandardCharsets.UTF_8);
                    boolean head = exchange.getRequestMethod().equals("HEAD");
                    exchange.sendResponseHeaders(
                            exchange.getRequestURI().getPath().equals("/teapot") ? 418 : 200,
                            head ? -1 : body.length);
                    if (!head) {
                        exchange.getResponseBody().write(body);
                    }
                    exchange.close();
                });
        behind.createContext("/page", SubresourcesIT::page);
        behind.start();
        PROCESSES.ports.put(8080, behind.getAddress().getPort());
        create(PODS, pod("web"));
        create(
                SERVICES,
                """
                {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "front"},
                 "spec": {"ports": [{"name": "http", "port": 80, "targetPort": 8080}]}}
                """);
        create(
                SERVICES,
                """
                {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "empty"},
                 "spec": {"ports": [{"port": 80}]}}
                """);
        create(
                "/api/v1/namespaces/default/endpoints",
                """
                {"apiVersion": "v1", "kind": "Endpoints", "metadata": {"name": "front"},
                 "subsets": [{"addresses": [{"ip": "10.0.0.5",
                    "targetRef": {"kind": "Pod", "name": "web", "namespace": "default"}}],
                   "ports": [{"name": "http", "port": 8080}]}]}
                """);
    }

    @AfterAll
    static void stop() {
        behind.stop(0);
        server.close();
    }

    private static String pod(String name) {
        return """
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "%s", "labels": {"app": "%s"}},
         "spec": {"containers": [{"name": "c", "image": "x",
            "ports": [{"containerPort": 8080}],
            "resources": {"requests": {"cpu": "100m"}}}]}}
        """
                .formatted(name, name);
    }

    private static void create(String path, String body) {
        HttpResponse<String> answer = send("POST", path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    private static HttpResponse<String> send(String method, String path, String body) {
        return server.send(TestServer.ALICE, method, path, body);
    }

    private static String message(HttpResponse<String> answer) {
        return Json.parseObject(answer.body().getBytes(StandardCharsets.UTF_8))
                .path("message")
                .asString("");
    }

    /** Upstream: "Proxy version v1 should proxy through a service and a pod". */
    @Test
    void theLinksOfAPageLeadBackThroughTheProxy() throws Exception {
        String root = PODS + "/web/proxy";
        HttpResponse<String> page = send("GET", root + "/page", "");
        assertThat(page.body())
                .isEqualTo("<a href=\"" + root + "/rewriteme\">test</a><p class=\"/x\">");
        assertThat(send("GET", root + "/page/moved", "").headers().firstValue("Location"))
                .contains(root + "/there");
    }

    /** Upstream: "Pods should support retrieving logs from the container over websockets". */
    @ParameterizedTest
    @CsvSource({"'', one|two|", "binary.k8s.io, one|two|", "base64.binary.k8s.io, b25lCnR3bwo="})
    void aLogComesOverAWebSocket(String protocol, String received) throws Exception {
        CompletableFuture<String> log = new CompletableFuture<>();
        WebSocket.Builder builder =
                server.http()
                        .newWebSocketBuilder()
                        .header("Authorization", "Bearer " + TestServer.ALICE);
        if (!protocol.isEmpty()) {
            builder.subprotocols(protocol);
        }
        URI uri = URI.create(server.url().replace("https", "wss") + PODS + "/web/log");
        WebSocket socket = builder.buildAsync(uri, new LogListener(log)).get(60, TimeUnit.SECONDS);
        assertThat(socket.getSubprotocol()).isEqualTo(protocol);
        assertThat(log.get(60, TimeUnit.SECONDS)).isEqualTo(received.replace('|', '\n'));
    }

    /** Collects messages of both kinds until the end. */
    private record LogListener(CompletableFuture<String> all, StringBuilder log)
            implements WebSocket.Listener {
        LogListener(CompletableFuture<String> all) {
            this(all, new StringBuilder());
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            log.append(data);
            socket.request(1);
            return CompletableFuture.completedFuture(data);
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            log.append(StandardCharsets.UTF_8.decode(data));
            socket.request(1);
            return CompletableFuture.completedFuture(data);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            all.complete(log.toString());
            return CompletableFuture.completedFuture(reason);
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            all.completeExceptionally(error);
        }
    }

    private static void page(HttpExchange exchange) throws IOException {
        boolean moved = exchange.getRequestURI().getPath().endsWith("/moved");
        if (moved) {
            exchange.getResponseHeaders().add("Location", "/there");
        }
        exchange.getResponseHeaders().add("Content-Type", "text/html; charset=utf-8");
        byte[] body =
                "<a href=\"/rewriteme\">test</a><p class=\"/x\">".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(moved ? 302 : 200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Test
    void aPodIsReachedByEveryMethodAndPath() {
        HttpResponse<String> got = send("GET", PODS + "/web/proxy/a%2Fb//c/../d?x=%20y", "");
        assertThat(got.statusCode()).as(got.body()).isEqualTo(200);
        assertThat(got.body()).isEqualTo("GET /a%2Fb//c/../d?x=%20y auth=null ");
        assertThat(got.headers().firstValue("X-Pod")).contains("yes");
        assertThat(send("POST", PODS + "/web:8080/proxy/form", "content").body())
                .isEqualTo("POST /form auth=null content");
        assertThat(send("PUT", PODS + "/web/proxy/x", "content").body()).startsWith("PUT /x");
        assertThat(send("PATCH", PODS + "/web/proxy/x", "content").body()).startsWith("PATCH /x");
        assertThat(send("DELETE", PODS + "/web/proxy/x", "").body()).startsWith("DELETE /x");
        assertThat(send("HEAD", PODS + "/web/proxy/x", "").statusCode()).isEqualTo(200);
        assertThat(send("GET", PODS + "/web/proxy/teapot", "").statusCode()).isEqualTo(418);
    }

    @Test
    void withoutASlashThePageMovesToOne() {
        HttpResponse<String> moved = send("GET", PODS + "/web/proxy?a=b", "");
        assertThat(moved.statusCode()).isEqualTo(301);
        assertThat(moved.headers().firstValue("Location")).contains(PODS + "/web/proxy/?a=b");
        assertThat(send("POST", PODS + "/web/proxy?a=b", "content").body())
                .startsWith("POST /?a=b");
    }

    @Test
    void aServiceIsOneOfItsReadyPods() {
        for (String name : new String[] {"front:http", "front:80", "http:front:http"}) {
            HttpResponse<String> got = send("GET", SERVICES + "/" + name + "/proxy/x", "");
            assertThat(got.statusCode()).as(got.body()).isEqualTo(200);
            assertThat(got.body()).startsWith("GET /x");
        }
        assertThat(message(send("GET", SERVICES + "/front:81/proxy/", "")))
                .isEqualTo("no service port 81 found for service \"front\"");
        HttpResponse<String> nobody = send("GET", SERVICES + "/empty/proxy/", "");
        assertThat(nobody.statusCode()).isEqualTo(503);
        assertThat(message(nobody)).isEqualTo("no endpoints available for service \"empty\"");
    }

    @Test
    void aPodsAndServicesTlsIsSpokenWhateverItsCertificate() throws IOException {
        try (WebhookServer tls = new WebhookServer()) {
            tls.serve(
                    "/secret",
                    exchange -> {
                        byte[] body = "over TLS".getBytes(StandardCharsets.UTF_8);
                        exchange.sendResponseHeaders(200, body.length);
                        exchange.getResponseBody().write(body);
                        exchange.close();
                    });
            PROCESSES.ports.put(8443, tls.port());
            create(
                    SERVICES,
                    """
                    {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "closed"},
                     "spec": {"ports": [{"name": "https", "port": 443, "targetPort": 8443}]}}
                    """);
            create(
                    "/api/v1/namespaces/default/endpoints",
                    """
                    {"apiVersion": "v1", "kind": "Endpoints", "metadata": {"name": "closed"},
                     "subsets": [{"addresses": [{"ip": "10.0.0.5",
                        "targetRef": {"kind": "Pod", "name": "web", "namespace": "default"}}],
                       "ports": [{"name": "https", "port": 8443}]}]}
                    """);
            for (String path :
                    new String[] {
                        PODS + "/https:web:8443",
                        SERVICES + "/https:closed:https",
                        SERVICES + "/https:closed:443"
                    }) {
                HttpResponse<String> got = send("GET", path + "/proxy/secret", "");
                assertThat(got.body()).as(path).isEqualTo("over TLS");
            }
            assertThat(send("GET", PODS + "/web:8443/proxy/secret", "").body())
                    .doesNotContain("over TLS");
        }
    }

    @Test
    void whoAppliesAScaleOwnsTheReplicas() {
        String sets = "/apis/apps/v1/namespaces/default/replicasets";
        create(
                sets + "?fieldManager=maker",
                """
                {"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": {"name": "many"},
                 "spec": {"replicas": 1, "selector": {"matchLabels": {"a": "b"}},
                  "template": {"metadata": {"labels": {"a": "b"}},
                   "spec": {"containers": [{"name": "c", "image": "i"}]}}}}
                """);
        String scale =
                """
                {"apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": {"name": "many"},
                 "spec": {"replicas": 4}}
                """;
        String path = sets + "/many/scale?fieldManager=scaler";
        String apply = "application/apply-patch+yaml";
        HttpResponse<String> refused = server.send(TestServer.ALICE, "PATCH", path, scale, apply);
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(409);
        assertThat(message(refused)).contains("conflict with \"maker\"", ".spec.replicas");
        HttpResponse<String> forced =
                server.send(TestServer.ALICE, "PATCH", path + "&force=true", scale, apply);
        assertThat(forced.statusCode()).as(forced.body()).isEqualTo(200);
        JsonNode shown = Json.parse(forced.body().getBytes(StandardCharsets.UTF_8));
        assertThat(shown.path("kind").asString()).isEqualTo("Scale");
        assertThat(shown.at("/spec/replicas").asInt()).isEqualTo(4);
        JsonNode set =
                Json.parse(send("GET", sets + "/many", "").body().getBytes(StandardCharsets.UTF_8));
        assertThat(set.at("/spec/replicas").asInt()).isEqualTo(4);
        JsonNode owner =
                set.at("/metadata/managedFields")
                        .valueStream()
                        .filter(entry -> entry.path("manager").asString().equals("scaler"))
                        .findFirst()
                        .orElseThrow();
        assertThat(owner.path("operation").asString()).isEqualTo("Apply");
        assertThat(owner.path("subresource").asString()).isEqualTo("scale");
        assertThat(owner.at("/fieldsV1/f:spec").has("f:replicas")).isTrue();
        assertThat(
                        server.send(TestServer.ALICE, "PATCH", sets + "/many/scale", scale, apply)
                                .statusCode())
                .isEqualTo(422);
    }

    @Test
    void aPortThatNobodyListensOnIsAServiceUnavailable() {
        HttpResponse<String> refused = send("GET", PODS + "/web:9/proxy/", "");
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(message(refused)).startsWith("error trying to reach service: ");
        assertThat(send("GET", PODS + "/web:0/proxy/", "").statusCode()).isEqualTo(400);
        assertThat(send("GET", PODS + "/ftp:web:1/proxy/", "").statusCode()).isEqualTo(400);
    }

    @Test
    void anotherTenantsPodIsNotThere() {
        assertThat(server.get(TestServer.BOB, PODS + "/web/proxy/").statusCode()).isEqualTo(404);
        assertThat(server.get(TestServer.BOB, SERVICES + "/front:80/proxy/").statusCode())
                .isEqualTo(404);
    }

    @Test
    void ephemeralContainersAreOnlyAdded() {
        create(PODS, pod("debugged"));
        String path = PODS + "/debugged/ephemeralcontainers";
        String one =
                """
                {"spec": {"ephemeralContainers": [{"name": "sh", "image": "x",
                   "terminationMessagePolicy": "File", "imagePullPolicy": "Always"}]}}
                """;
        HttpResponse<String> added = server.send(TestServer.ALICE, "PATCH", path, one, MERGE);
        assertThat(added.statusCode()).as(added.body()).isEqualTo(200);
        assertThat(added.body()).contains("\"ephemeralContainers\"");
        HttpResponse<String> removed =
                server.send(
                        TestServer.ALICE,
                        "PATCH",
                        path,
                        "{\"spec\": {\"ephemeralContainers\": []}}",
                        MERGE);
        assertThat(removed.statusCode()).isEqualTo(422);
        assertThat(message(removed))
                .contains("existing ephemeral containers \"sh\" may not be removed");
    }

    @Test
    void resourcesAreResizedAndNothingElse() {
        create(PODS, pod("sized"));
        String path = PODS + "/sized/resize";
        HttpResponse<String> resized =
                server.send(
                        TestServer.ALICE,
                        "PATCH",
                        path,
                        "{\"spec\": {\"containers\": [{\"name\": \"c\", \"resources\":"
                                + " {\"requests\": {\"cpu\": \"200m\"}}}]}}",
                        "application/strategic-merge-patch+json");
        assertThat(resized.statusCode()).as(resized.body()).isEqualTo(200);
        JsonNode pod =
                Json.parseObject(resized.body().getBytes(StandardCharsets.UTF_8)).path("spec");
        assertThat(
                        pod.path("containers")
                                .path(0)
                                .path("resources")
                                .path("requests")
                                .path("cpu")
                                .asString(""))
                .isEqualTo("200m");
        HttpResponse<String> refused =
                server.send(
                        TestServer.ALICE,
                        "PATCH",
                        path,
                        "{\"spec\": {\"containers\": [{\"name\": \"c\", \"resources\":"
                                + " {\"requests\": {\"ephemeral-storage\": \"1Gi\"}}}]}}",
                        "application/strategic-merge-patch+json");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(message(refused)).contains("only cpu and memory resources are mutable");
    }

    @Test
    void anEvictionDeletesThePodUnlessItIsDry() {
        create(PODS, pod("evicted"));
        String eviction =
                "{\"apiVersion\": \"policy/v1\", \"kind\": \"Eviction\","
                        + " \"metadata\": {\"name\": \"evicted\"}}";
        String path = PODS + "/evicted/eviction";
        assertThat(send("POST", path + "?dryRun=All", eviction).statusCode()).isEqualTo(201);
        assertThat(send("GET", PODS + "/evicted", "").statusCode()).isEqualTo(200);
        HttpResponse<String> wrong = send("POST", path, eviction.replace("evicted", "web"));
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(message(wrong)).isEqualTo("name in URL does not match name in Eviction object");
        HttpResponse<String> evicted = send("POST", path, eviction);
        assertThat(evicted.statusCode()).as(evicted.body()).isEqualTo(201);
        HttpResponse<String> after = send("GET", PODS + "/evicted", "");
        assertThat(after.statusCode() == 404 || after.body().contains("deletionTimestamp"))
                .isTrue();
    }

    @Test
    void logOptionsThatMakeNoSenseAreInvalid() {
        HttpResponse<String> refused = send("GET", PODS + "/web/log?tailLines=-1", "");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(message(refused))
                .isEqualTo(
                        "PodLogOptions \"web\" is invalid: tailLines: Invalid value: -1: must be"
                                + " greater than or equal to 0");
        assertThat(send("GET", PODS + "/web/log?sinceTime=yesterday", "").statusCode())
                .isEqualTo(400);
        assertThat(send("GET", PODS + "/web/log?limitBytes=x", "").statusCode()).isEqualTo(400);
        assertThat(send("GET", PODS + "/web/log?tailLines=1", "").statusCode()).isEqualTo(200);
    }

    @Test
    void oneStreamOfALogExcludesATail() {
        String log = PODS + "/web/log?stream=";
        assertThat(message(send("GET", log + "stdout", "")))
                .isEqualTo(
                        "PodLogOptions \"web\" is invalid: stream: Unsupported value: \"stdout\":"
                                + " supported values: \"All\", \"Stderr\", \"Stdout\"");
        HttpResponse<String> refused = send("GET", log + "Stdout&tailLines=1", "");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(message(refused))
                .endsWith("`tailLines` and specific `stream` are mutually exclusive for now");
        assertThat(send("GET", log + "All&tailLines=1", "").statusCode()).isEqualTo(200);
        assertThat(send("GET", log + "Stderr", "").statusCode()).isEqualTo(200);
    }

    @Test
    void theOldPathWatchesOneNameOnly() {
        create(PODS, pod("seen"));
        create(PODS, pod("unseen"));
        String path = "/api/v1/watch/namespaces/default/pods";
        String one = send("GET", path + "/seen?timeoutSeconds=1", "").body();
        assertThat(one).contains("\"ADDED\"").contains("\"seen\"").doesNotContain("unseen");
        assertThat(send("GET", path + "?timeoutSeconds=1", "").body())
                .contains("\"seen\"")
                .contains("\"unseen\"");
    }
}
