package io.hypernetes.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.json.Json;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** Admission webhooks over real HTTPS. */
class WebhookIT {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String GROUP = "/apis/admissionregistration.k8s.io/v1/";

    private TestServer server;
    private WebhookServer hooks;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer();
        hooks = new WebhookServer();
    }

    @AfterEach
    void stop() {
        hooks.close();
        server.close();
    }

    private void configure(String token, String kind, String name, String path, String more) {
        String body =
                """
                {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "%s",
                 "metadata": {"name": "%s"}, "webhooks": [{"name": "%s.example.com",
                 "admissionReviewVersions": ["v1"], "sideEffects": "None",
                 "clientConfig": {"url": "%s", "caBundle": "%s"},
                 "rules": [{"operations": ["CREATE", "UPDATE", "DELETE"], "apiGroups": [""],
                            "apiVersions": ["v1"], "resources": ["configmaps"]}] %s}]}
                """
                        .formatted(kind, name, name, hooks.url(path), hooks.caBundle(), more);
        HttpResponse<String> answer = server.send(token, "POST", GROUP + plural(kind), body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    private static String plural(String kind) {
        return kind.toLowerCase(java.util.Locale.ROOT) + "s";
    }

    private HttpResponse<String> create(String token, String name) {
        return server.send(
                token,
                "POST",
                MAPS,
                """
                {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "%s"},
                 "data": {"a": "1"}}
                """
                        .formatted(name));
    }

    private static String message(HttpResponse<String> answer) {
        return tree(answer).path("message").asString("");
    }

    private static JsonNode tree(HttpResponse<String> answer) {
        return Json.parse(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aWebhookDeniesInItsOwnWords() {
        hooks.answer(
                "/no",
                request -> {
                    ObjectNode response = WebhookServer.allowed(false);
                    response.putObject("status").put("message", "not on Mondays").put("code", 403);
                    response.putArray("warnings").add("mind the gap");
                    return response;
                });
        configure(TestUsers.OPERATOR, "ValidatingWebhookConfiguration", "strict", "/no", "");
        HttpResponse<String> answer = create(TestUsers.OPERATOR, "m");
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(message(answer))
                .isEqualTo(
                        "admission webhook \"strict.example.com\" denied the request: not on"
                                + " Mondays");
        assertThat(server.get(TestUsers.OPERATOR, MAPS + "/m").statusCode()).isEqualTo(404);
        JsonNode request = hooks.reviews.getFirst().path("request");
        assertThat(request.path("operation").asString()).isEqualTo("CREATE");
        assertThat(request.path("userInfo").path("username").asString()).isEqualTo("operator");
        assertThat(request.path("resource").path("resource").asString()).isEqualTo("configmaps");
        assertThat(request.path("object").path("data").path("a").asString()).isEqualTo("1");
        assertThat(request.path("oldObject").isNull()).isTrue();
        assertThat(metrics())
                .contains(
                        "apiserver_admission_webhook_rejection_count{error_type=\"no_error\",operation=\"CREATE\",rejection_code=\"403\",tenant_class=\"system\",type=\"validating\"}"
                            + " 1.0")
                .contains(
                        "apiserver_admission_webhook_request_total{code=\"403\",operation=\"CREATE\",rejected=\"true\",tenant_class=\"system\",type=\"validating\"}"
                            + " 1.0")
                .contains("apiserver_admission_webhook_admission_duration_seconds_bucket{")
                .doesNotContain("strict.example.com");
    }

    private String metrics() {
        return server.get(TestUsers.OPERATOR, "/metrics").body();
    }

    @Test
    void aPatchIsAppliedAndWarningsReachTheClient() {
        hooks.answer(
                "/label",
                request -> {
                    ObjectNode response =
                            WebhookServer.patched(
                                    """
                                    [{"op": "add", "path": "/data/b", "value": "2"},
                                     {"op": "add", "path": "/metadata/labels",
                                      "value": {"x": "y"}}]
                                    """);
                    response.putArray("warnings").add("patched");
                    return response;
                });
        configure(TestUsers.OPERATOR, "MutatingWebhookConfiguration", "label", "/label", "");
        HttpResponse<String> answer = create(TestUsers.OPERATOR, "m");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(tree(answer).path("data").path("b").asString()).isEqualTo("2");
        assertThat(tree(answer).path("metadata").path("labels").path("x").asString())
                .isEqualTo("y");
        assertThat(answer.headers().firstValue("Warning")).hasValue("299 - \"patched\"");
    }

    @Test
    void aDeletionIsAskedAboutWithTheOldObjectAlone() {
        create(TestUsers.OPERATOR, "m");
        hooks.answer("/ok", request -> WebhookServer.allowed(true));
        configure(TestUsers.OPERATOR, "ValidatingWebhookConfiguration", "ok", "/ok", "");
        server.send(TestUsers.OPERATOR, "DELETE", MAPS + "/m", "");
        JsonNode request = hooks.reviews.getFirst().path("request");
        assertThat(request.path("operation").asString()).isEqualTo("DELETE");
        assertThat(request.path("object").isNull()).isTrue();
        assertThat(request.path("oldObject").path("data").path("a").asString()).isEqualTo("1");
        assertThat(request.path("options").path("kind").asString()).isEqualTo("DeleteOptions");
    }

    @Test
    void whatCannotBeReachedFailsClosedOrOpen() {
        hooks.answer("/ok", request -> WebhookServer.allowed(true));
        configure(TestUsers.OPERATOR, "ValidatingWebhookConfiguration", "gone", "/gone", "");
        assertThat(message(create(TestUsers.OPERATOR, "m")))
                .isEqualTo(
                        "Internal error occurred: failed calling webhook \"gone.example.com\":"
                                + " failed to call webhook: the server could not find the"
                                + " requested resource");
        server.send(
                TestUsers.OPERATOR, "DELETE", GROUP + "validatingwebhookconfigurations/gone", "");
        configure(
                TestUsers.OPERATOR,
                "ValidatingWebhookConfiguration",
                "gone",
                "/gone",
                ", \"failurePolicy\": \"Ignore\"");
        assertThat(create(TestUsers.OPERATOR, "m").statusCode()).isEqualTo(201);
        assertThat(metrics())
                .contains("error_type=\"calling_webhook_error\"")
                .contains(
                        "apiserver_admission_webhook_fail_open_count{tenant_class=\"system\",type=\"validating\"}"
                            + " 1.0");
    }

    @Test
    void aSlowWebhookIsCutOff() {
        hooks.answer(
                "/slow",
                request -> {
                    try {
                        Thread.sleep(2500);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return WebhookServer.allowed(true);
                });
        configure(
                TestUsers.OPERATOR,
                "ValidatingWebhookConfiguration",
                "slow",
                "/slow",
                ", \"timeoutSeconds\": 1");
        assertThat(message(create(TestUsers.OPERATOR, "m")))
                .isEqualTo(
                        "Internal error occurred: failed calling webhook \"slow.example.com\":"
                                + " failed to call webhook: Post \""
                                + hooks.url("/slow")
                                + "?timeout=1s\": context deadline exceeded");
    }

    @Test
    void aDryRunIsRefusedWhereItMightHaveEffects() {
        hooks.answer("/ok", request -> WebhookServer.allowed(true));
        configure(
                TestUsers.OPERATOR,
                "ValidatingWebhookConfiguration",
                "ok",
                "/ok",
                ", \"matchConditions\": [{\"name\": \"not-skipped\", \"expression\": \"!has("
                        + "object.metadata.labels) || !('skip' in object.metadata.labels)\"}]");
        HttpResponse<String> dry =
                server.send(
                        TestUsers.OPERATOR,
                        "POST",
                        MAPS + "?dryRun=All",
                        "{\"metadata\": {\"name\": \"d\"}, \"apiVersion\": \"v1\", \"kind\":"
                                + " \"ConfigMap\"}");
        assertThat(dry.statusCode()).as(dry.body()).isEqualTo(201);
        assertThat(hooks.reviews.getFirst().path("request").path("dryRun").asBoolean()).isTrue();
        HttpResponse<String> skipped =
                server.send(
                        TestUsers.OPERATOR,
                        "POST",
                        MAPS,
                        "{\"metadata\": {\"name\": \"s\", \"labels\": {\"skip\": \"x\"}},"
                                + " \"apiVersion\": \"v1\", \"kind\": \"ConfigMap\"}");
        assertThat(skipped.statusCode()).isEqualTo(201);
        assertThat(hooks.reviews).hasSize(1);
    }

    @Test
    void aWebhookIsAskedAgainWhenAnotherChangedTheObject() {
        hooks.answer(
                "/count",
                request -> {
                    String seen = request.path("object").path("data").path("count").asString("0");
                    return WebhookServer.patched(
                            "[{\"op\": \"add\", \"path\": \"/data/count\", \"value\": \""
                                    + (Integer.parseInt(seen) + 1)
                                    + "\"}]");
                });
        hooks.answer(
                "/late",
                request ->
                        WebhookServer.patched(
                                "[{\"op\": \"add\", \"path\": \"/data/late\", \"value\":"
                                        + " \"x\"}]"));
        configure(
                TestUsers.OPERATOR,
                "MutatingWebhookConfiguration",
                "a-count",
                "/count",
                ", \"reinvocationPolicy\": \"IfNeeded\"");
        configure(TestUsers.OPERATOR, "MutatingWebhookConfiguration", "b-late", "/late", "");
        JsonNode data = tree(create(TestUsers.OPERATOR, "m")).path("data");
        assertThat(data.path("count").asString()).isEqualTo("2");
        assertThat(data.path("late").asString()).isEqualTo("x");
    }

    @Test
    void aTenantsUrlsDoNotReachTheHost() {
        hooks.answer("/ok", request -> WebhookServer.allowed(true));
        configure(TestServer.ALICE, "ValidatingWebhookConfiguration", "host", "/ok", "");
        assertThat(message(create(TestServer.ALICE, "m")))
                .contains("failed calling webhook \"host.example.com\"")
                .contains("this server connects to no URL for a tenant");
        assertThat(hooks.reviews).isEmpty();
        // Nobody else's world is touched by it.
        assertThat(create(TestServer.BOB, "m").statusCode()).isEqualTo(201);
        assertThat(create(TestUsers.OPERATOR, "m").statusCode()).isEqualTo(201);
    }
}
