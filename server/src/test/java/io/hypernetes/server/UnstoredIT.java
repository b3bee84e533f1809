package io.hypernetes.server;

import static io.hypernetes.server.TestServer.ALICE;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** What is served and holds no objects: bindings, component statuses, reviews in discovery. */
class UnstoredIT {
    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonNode tree(HttpResponse<String> response, int code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(code);
        return Json.parse(response.body().getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aBindingNamesItsPod() {
        server.client()
                .create(
                        BuiltinTypes.PODS,
                        TestServer.ACME,
                        new Specimens().of(BuiltinTypes.PODS, "unbound", "x"));
        String path = "/api/v1/namespaces/default/bindings";
        String binding =
                "{\"metadata\":{\"name\":\"unbound\"},\"target\":{\"kind\":\"Node\",\"name\":\"n7\"}}";
        // Only the operator's scheduler says where a tenant's pod runs.
        assertThat(server.send(ALICE, "POST", path, binding).statusCode()).isEqualTo(403);
        assertThat(server.get(ALICE, path).statusCode()).isEqualTo(405);
    }

    @Test
    void theStoreIsAComponent() {
        HttpResponse<String> response = server.get(ALICE, "/api/v1/componentstatuses");
        JsonNode list = tree(response, 200);
        assertThat(list.at("/items/0/conditions/0/status").asString()).isEqualTo("True");
        assertThat(response.headers().firstValue("Warning").orElse("")).contains("deprecated");
        JsonNode one = tree(server.get(ALICE, "/api/v1/componentstatuses/store"), 200);
        assertThat(one.path("kind").asString()).isEqualTo("ComponentStatus");
        assertThat(server.get(ALICE, "/api/v1/componentstatuses/x").statusCode()).isEqualTo(404);
        JsonNode table = tree(shown("/api/v1/componentstatuses", "Table;v=v1"), 200);
        assertThat(table.at("/columnDefinitions").valueStream().map(c -> c.path("name").asString()))
                .containsExactly("Name", "Status", "Message", "Error");
        assertThat(table.at("/rows/0/cells").toString())
                .isEqualTo("[\"store\",\"Healthy\",\"ok\",\"\"]");
        assertThat(server.send(ALICE, "POST", "/api/v1/componentstatuses", "{}").statusCode())
                .isEqualTo(405);
    }

    private HttpResponse<String> shown(String path, String as) {
        return server.send(
                server.request(ALICE, path)
                        .header("Accept", "application/json;g=meta.k8s.io;as=" + as)
                        .build());
    }

    @Test
    void discoveryAndOpenApiTellOfThem() {
        String core = server.get(ALICE, "/api/v1").body();
        assertThat(core).contains("\"bindings\"", "\"componentstatuses\"", "\"nodes/proxy\"");
        assertThat(server.get(ALICE, "/apis/authorization.k8s.io/v1").body())
                .contains("\"selfsubjectrulesreviews\"");
        assertThat(server.get(ALICE, "/openapi/v3/apis/authentication.k8s.io/v1").body())
                .contains("createAuthenticationV1TokenReview");
    }

    @Test
    void reviewsAreCheckedAsUpstreamDoes() {
        String access = "/apis/authorization.k8s.io/v1/";
        String kind = "{\"apiVersion\":\"authorization.k8s.io/v1\",\"kind\":";
        String both =
                "\"resourceAttributes\":{\"namespace\":\"other\"},\"nonResourceAttributes\":{\"path\":\"/x\"}";
        assertThat(
                        server.send(
                                        ALICE,
                                        "POST",
                                        access + "subjectaccessreviews",
                                        kind
                                                + "\"SubjectAccessReview\",\"metadata\":{\"name\":\"x\"}}")
                                .body())
                .contains("\"code\":422")
                .contains(
                        "spec.resourceAttributes: Invalid value: null: exactly one of"
                                + " nonResourceAttributes or resourceAttributes must be specified")
                .contains("at least one of user or group must be specified")
                .contains("must be empty");
        assertThat(
                        server.send(
                                        ALICE,
                                        "POST",
                                        access + "namespaces/default/localsubjectaccessreviews",
                                        kind
                                                + "\"LocalSubjectAccessReview\",\"spec\":{\"user\":\"a\","
                                                + both
                                                + "}}")
                                .body())
                .contains("cannot be specified in combination with resourceAttributes")
                .contains("disallowed on this kind of request")
                .contains("must match metadata.namespace");
        assertThat(
                        server.send(
                                        ALICE,
                                        "POST",
                                        "/apis/authentication.k8s.io/v1/tokenreviews",
                                        "{\"apiVersion\":\"authentication.k8s.io/v1\","
                                                + "\"kind\":\"TokenReview\"}")
                                .body())
                .contains("token is required for TokenReview in authentication");
    }

    @Test
    void namespacesGoOneByOne() {
        assertThat(server.send(ALICE, "DELETE", "/api/v1/namespaces", "").statusCode())
                .isEqualTo(405);
        assertThat(server.get(ALICE, "/api/v1").body())
                .contains(
                        "\"kind\":\"Namespace\",\"verbs\":[\"create\",\"delete\",\"get\",\"list\"");
    }

    @Test
    void aNodeHasNoPortToProxyTo() {
        assertThat(server.get(ALICE, "/api/v1/nodes/none/proxy/metrics").statusCode())
                .isEqualTo(404);
    }

    @Test
    void theIssuerTellsWhereItsKeysAre() {
        HttpResponse<String> response = server.get(ALICE, "/.well-known/openid-configuration");
        JsonNode configuration = tree(response, 200);
        assertThat(configuration.path("issuer").asString()).isEqualTo("https://issuer");
        assertThat(configuration.path("jwks_uri").asString())
                .isEqualTo(server.url() + "/openid/v1/jwks");
        assertThat(configuration.path("id_token_signing_alg_values_supported").toString())
                .isEqualTo("[\"ES256\"]");
        HttpResponse<String> keys = server.get(ALICE, "/openid/v1/jwks");
        assertThat(keys.body()).isEqualTo("{\"keys\":[]}");
        assertThat(keys.headers().firstValue("Content-Type")).hasValue("application/jwk-set+json");
    }

    @Test
    void whoAsksForItGetsIndentedJson() {
        String body = server.get(ALICE, "/api/v1/namespaces/default?pretty=true").body();
        assertThat(body).startsWith("{\n  \"apiVersion\": \"v1\",\n");
        assertThat(server.get(ALICE, "/api/v1/namespaces/default?pretty=false").body())
                .doesNotContain("\n");
    }
}
