package io.hypernetes.server;

import static io.hypernetes.server.TestServer.ACME;
import static io.hypernetes.server.TestServer.ALICE;
import static io.hypernetes.server.TestServer.BOB;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.WorkloadTypes;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** Resources that are served in several versions and kept in one. */
class VersionsIT {
    private static final String RBAC = "/apis/rbac.authorization.k8s.io/";
    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonNode tree(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return Json.parse(response.body().getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void anOldVersionIsStoredAndListedAsTheNewOne() {
        String roles = RBAC + "v1alpha1/namespaces/default/roles";
        String role =
                """
                {"apiVersion": "rbac.authorization.k8s.io/v1alpha1", "kind": "Role",
                 "metadata": {"name": "old"},
                 "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]}
                """;
        JsonNode created = tree(server.send(ALICE, "POST", roles, role), 201);
        assertThat(created.path("apiVersion").asString())
                .isEqualTo("rbac.authorization.k8s.io/v1alpha1");

        assertThat(server.stored(BuiltinTypes.ROLES, ACME, "default", "old").path("apiVersion"))
                .hasToString("\"rbac.authorization.k8s.io/v1\"");
        String v1 = RBAC + "v1/namespaces/default/roles";
        assertThat(tree(server.get(ALICE, v1), 200).at("/items/0/apiVersion").asString())
                .isEqualTo("rbac.authorization.k8s.io/v1");
        assertThat(tree(server.get(ALICE, roles), 200).at("/items/0/apiVersion").asString())
                .isEqualTo("rbac.authorization.k8s.io/v1alpha1");
        assertThat(tree(server.get(BOB, roles), 200).path("items")).isEmpty();

        JsonNode patched =
                tree(
                        server.send(
                                ALICE,
                                "PATCH",
                                roles + "/old",
                                "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}",
                                "application/merge-patch+json"),
                        200);
        assertThat(patched.path("apiVersion").asString()).endsWith("/v1alpha1");
        assertThat(tree(server.send(ALICE, "DELETE", v1 + "/old", ""), 200).path("status"))
                .hasToString("\"Success\"");
        assertThat(server.get(ALICE, roles + "/old").statusCode()).isEqualTo(404);
    }

    @Test
    void thePreferredVersionIsTheStoredOne() {
        JsonNode group = tree(server.get(ALICE, "/apis/rbac.authorization.k8s.io"), 200);
        assertThat(group.at("/preferredVersion/version").asString()).isEqualTo("v1");
        assertThat(group.path("versions").size()).isEqualTo(3);
    }

    @Test
    void eventsAreTheSameInBothGroups() {
        String body =
                """
                {"apiVersion": "v1", "kind": "Event", "metadata": {"name": "e"},
                 "involvedObject": {"kind": "Pod", "name": "p", "namespace": "default"},
                 "message": "hello", "reason": "Said", "type": "Normal"}
                """;
        String core = "/api/v1/namespaces/default/events";
        tree(server.send(ALICE, "POST", core, body), 201);
        String events = "/apis/events.k8s.io/v1/namespaces/default/events";
        JsonNode seen = tree(server.get(ALICE, events + "/e"), 200);
        assertThat(seen.path("note").asString()).isEqualTo("hello");
        assertThat(seen.at("/regarding/name").asString()).isEqualTo("p");
        assertThat(seen.has("message")).isFalse();

        JsonNode selected =
                tree(server.get(ALICE, events + "?fieldSelector=regarding.name%3Dp"), 200);
        assertThat(selected.path("items").size()).isEqualTo(1);
        String table = events + "?limit=500";
        HttpResponse<String> printed =
                server.send(
                        server.request(ALICE, table)
                                .header("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io")
                                .build());
        assertThat(printed.body()).contains("pod/p", "hello");
        tree(server.send(ALICE, "DELETE", events + "/e", ""), 200);
        assertThat(server.get(ALICE, core + "/e").statusCode()).isEqualTo(404);
    }

    @Test
    void anAutoscalerOfVersionOneIsKeptAsOneOfVersionTwo() {
        String body =
                """
                {"apiVersion": "autoscaling/v1", "kind": "HorizontalPodAutoscaler",
                 "metadata": {"name": "h"},
                 "spec": {"maxReplicas": 3, "targetCPUUtilizationPercentage": 55,
                  "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "d"}}}
                """;
        String v1 = "/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers";
        String v2 = v1.replace("v1", "v2");
        JsonNode made = tree(server.send(ALICE, "POST", v1, body), 201);
        assertThat(made.at("/spec/targetCPUUtilizationPercentage").asInt()).isEqualTo(55);
        String utilization = "/spec/metrics/0/resource/target/averageUtilization";
        assertThat(tree(server.get(ALICE, v2 + "/h"), 200).at(utilization).asInt()).isEqualTo(55);
        assertThat(
                        server.stored(
                                        WorkloadTypes.HORIZONTAL_POD_AUTOSCALERS,
                                        ACME,
                                        "default",
                                        "h")
                                .path("apiVersion")
                                .asString())
                .isEqualTo("autoscaling/v2");

        String memory =
                """
                {"spec": {"metrics": [{"type": "Resource", "resource": {"name": "memory",
                  "target": {"type": "AverageValue", "averageValue": "1Gi"}}}]}}
                """;
        String merge = "application/merge-patch+json";
        tree(server.send(ALICE, "PATCH", v2 + "/h", memory, merge), 200);
        JsonNode old = tree(server.get(ALICE, v1 + "/h"), 200);
        assertThat(old.path("spec").has("targetCPUUtilizationPercentage")).isFalse();
        assertThat(old.at("/metadata/annotations").toString()).contains("targetAverageValue");
        String more = "{\"spec\": {\"maxReplicas\": 9}}";
        tree(server.send(ALICE, "PATCH", v1 + "/h", more, merge), 200);
        JsonNode kept = tree(server.get(ALICE, v2 + "/h"), 200);
        assertThat(kept.at("/spec/maxReplicas").asInt()).isEqualTo(9);
        assertThat(kept.at("/spec/metrics/0/resource/name").asString()).isEqualTo("memory");
        assertThat(kept.path("metadata").has("annotations")).isFalse();
        assertThat(tree(server.get(BOB, v1), 200).path("items")).isEmpty();

        String wrong = "{\"spec\": {\"maxReplicas\": 0}}";
        assertThat(server.send(ALICE, "PATCH", v1 + "/h", wrong, merge).statusCode())
                .isEqualTo(422);
    }
}
