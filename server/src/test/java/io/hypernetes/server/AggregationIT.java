package io.hypernetes.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsExchange;

import io.hypernetes.api.json.Json;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.net.ssl.SSLPeerUnverifiedException;

/** An extension API server over real HTTPS, behind an APIService of the operator's world. */
class AggregationIT {
    private static final String API = "/apis/sky.example.com/v1";
    private static final String SERVICES = "/apis/apiregistration.k8s.io/v1/apiservices";

    /** Heads of the requests that reached the extension server, names in lower case. */
    private final List<Map<String, List<String>>> heads = new CopyOnWriteArrayList<>();

    @TempDir Path folder;
    private TestServer server;
    private WebhookServer extension;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer();
        extension = new WebhookServer();
        extension.serve(
                API,
                exchange ->
                        answer(
                                exchange,
                                """
                                {"kind": "APIResourceList", "apiVersion": "v1",
                                 "groupVersion": "sky.example.com/v1", "resources": [
                                  {"name": "stars", "singularName": "star", "namespaced": true,
                                   "kind": "Star", "verbs": ["get", "list"]}]}
                                """));
        extension.serve(
                API + "/namespaces/default/stars",
                exchange ->
                        answer(
                                exchange,
                                """
                                {"kind": "StarList", "apiVersion": "sky.example.com/v1",
                                 "metadata": {}, "items": [
                                  {"kind": "Star", "apiVersion": "sky.example.com/v1",
                                   "metadata": {"name": "vega", "namespace": "default"}}]}
                                """));
    }

    @AfterEach
    void stop() {
        extension.close();
        server.close();
    }

    private void answer(HttpExchange exchange, String body) throws IOException {
        Map<String, List<String>> head = new java.util.TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        head.putAll(exchange.getRequestHeaders());
        head.put(":client", client((HttpsExchange) exchange));
        head.put(":path", List.of(exchange.getRequestURI().toString()));
        // The server's own questions, for discovery and availability, come when they come.
        if (!List.of("system:kube-aggregator").equals(head.get("X-Remote-User"))) {
            heads.add(head);
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static List<String> client(HttpsExchange exchange) {
        try {
            return List.of(exchange.getSSLSession().getPeerPrincipal().getName());
        } catch (SSLPeerUnverifiedException _) {
            return List.of();
        }
    }

    private void create(String token, String path, String body) {
        HttpResponse<String> answer = server.send(token, "POST", path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    /** A service of that world that stands for loopback, and the claim. */
    private void register(String token, int port) {
        create(
                token,
                "/api/v1/namespaces/default/services",
                """
                {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "extension"},
                 "spec": {"type": "ExternalName", "externalName": "localhost"}}
                """);
        create(
                token,
                SERVICES,
                """
                {"apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService",
                 "metadata": {"name": "v1.sky.example.com"},
                 "spec": {"group": "sky.example.com", "version": "v1", "caBundle": "%s",
                          "groupPriorityMinimum": 100, "versionPriority": 10,
                          "service": {"namespace": "default", "name": "extension",
                                      "port": %d}}}
                """
                        .formatted(extension.caBundle(), port));
    }

    @Test
    void kubectlGetsWhatTheExtensionServerHas() throws Exception {
        register(TestUsers.OPERATOR, extension.port());
        Kubectl kubectl = new Kubectl(folder, server.kubeconfig(folder, TestUsers.OPERATOR, ""));
        assertThat(kubectl.ok("", "get", "--raw", API + "/namespaces/default/stars"))
                .contains("vega");
        assertThat(kubectl.ok("", "get", "stars")).contains("vega");
        assertThat(kubectl.ok("", "api-resources", "--api-group=sky.example.com"))
                .contains("stars", "Star");
        assertThat(server.get(TestUsers.OPERATOR, "/apis").body()).contains("sky.example.com/v1");
        assertThat(server.get(TestUsers.OPERATOR, "/apis/sky.example.com").body())
                .contains("preferredVersion", "sky.example.com/v1");
        assertThat(server.get(TestUsers.OPERATOR, API).body()).contains("APIResourceList");
    }

    @Test
    void theExtensionServerLearnsWhoAsksAndNoCredentials() {
        register(TestUsers.OPERATOR, extension.port());
        HttpRequest request =
                server.request(TestUsers.OPERATOR, API + "/namespaces/default/stars?limit=5")
                        .header("X-Remote-User", "somebody-else")
                        .header("X-Remote-Group", "forged")
                        .header("X-Remote-Extra-Scopes", "forged")
                        .build();
        assertThat(server.send(request).statusCode()).isEqualTo(200);
        Map<String, List<String>> head = heads.getLast();
        assertThat(head.get(":path")).containsExactly(API + "/namespaces/default/stars?limit=5");
        assertThat(head.get("X-Remote-User")).containsExactly("operator");
        assertThat(head.get("X-Remote-Group"))
                .containsExactlyInAnyOrder("system:masters", "system:authenticated");
        assertThat(head).doesNotContainKeys("Authorization", "X-Remote-Extra-Scopes");
        assertThat(head.get("Host")).containsExactly("extension.default.svc");
        // Whose word that is, the front proxy's certificate proves.
        assertThat(head.get(":client")).containsExactly("CN=server");
    }

    private String available(String token) {
        String condition = "";
        for (JsonNode each :
                Json.parse(
                                server.get(token, SERVICES + "/v1.sky.example.com")
                                        .body()
                                        .getBytes(StandardCharsets.UTF_8))
                        .at("/status/conditions")) {
            condition =
                    each.path("status").asString()
                            + " "
                            + each.path("reason").asString()
                            + ": "
                            + each.path("message").asString();
        }
        return condition;
    }

    private void awaitAvailable(String token, String beginning) throws InterruptedException {
        for (int i = 0; i < 1200 && !available(token).startsWith(beginning); i++) {
            Thread.sleep(50);
        }
        assertThat(available(token)).startsWith(beginning);
    }

    @Test
    void itsConditionTellsWhetherItAnswers() throws Exception {
        register(TestUsers.OPERATOR, extension.port());
        awaitAvailable(TestUsers.OPERATOR, "True Passed: all checks passed");
        register(TestServer.ALICE, extension.port());
        awaitAvailable(TestServer.ALICE, "False FailedDiscoveryCheck: failing or missing");
        extension.close();
        String path = SERVICES + "/v1.sky.example.com";
        String touched = "{\"metadata\":{\"labels\":{\"touched\":\"yes\"}}}";
        server.send(TestUsers.OPERATOR, "PATCH", path, touched, "application/merge-patch+json");
        awaitAvailable(TestUsers.OPERATOR, "False FailedDiscoveryCheck: failing or missing");
        server.send(
                TestUsers.OPERATOR, "DELETE", "/api/v1/namespaces/default/services/extension", "");
        server.send(
                TestUsers.OPERATOR,
                "PATCH",
                path,
                touched.replace("yes", "again"),
                "application/merge-patch+json");
        awaitAvailable(
                TestUsers.OPERATOR,
                "False ServiceNotFound: service/extension in \"default\" is not present");
    }

    @Test
    void anotherTenantSeesNothingOfIt() {
        register(TestUsers.OPERATOR, extension.port());
        assertThat(server.get(TestServer.ALICE, API + "/namespaces/default/stars").statusCode())
                .isEqualTo(404);
        assertThat(server.get(TestServer.ALICE, API).statusCode()).isEqualTo(404);
        assertThat(server.get(TestServer.ALICE, "/apis").body()).doesNotContain("sky.example.com");
        assertThat(heads).isEmpty();
    }

    @Test
    void aTenantsServiceIsNeverAPlaceOfTheHost() {
        register(TestServer.ALICE, extension.port());
        HttpResponse<String> answer =
                server.get(TestServer.ALICE, API + "/namespaces/default/stars");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("service unavailable\n");
        assertThat(heads).isEmpty();
    }

    @Test
    void aServerWithAnotherAuthoritysCertificateIsNotTrusted() throws IOException {
        try (WebhookServer stranger = new WebhookServer()) {
            register(TestUsers.OPERATOR, stranger.port());
            HttpResponse<String> answer =
                    server.get(TestUsers.OPERATOR, API + "/namespaces/default/stars");
            assertThat(answer.statusCode()).isEqualTo(503);
        }
    }

    @Test
    void dotSegmentsAreRefused() {
        register(TestUsers.OPERATOR, extension.port());
        HttpResponse<String> answer =
                server.get(TestUsers.OPERATOR, API + "/namespaces/api/proxy/%2e%2e/secrets");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(heads).isEmpty();
    }
}
