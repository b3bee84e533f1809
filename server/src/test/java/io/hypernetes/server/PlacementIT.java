package io.hypernetes.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Patch;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.http.HttpResponse;

/** A tenant's pod comes onto a node by the scheduler alone. */
class PlacementIT {
    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static final String BINDING = "{\"target\":{\"kind\":\"Node\",\"name\":\"n1\"}}";

    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String pod(String name, String more) {
        return """
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"%s"},
         "spec":{%s"containers":[{"name":"c","image":"i"}]}}
        """
                .formatted(name, more);
    }

    private static String nodeOf(Tenant tenant, String name) {
        return server.stored(BuiltinTypes.PODS, tenant, "default", name)
                .at("/spec/nodeName")
                .asString("");
    }

    private static void isTheSchedulers(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(403);
        assertThat(response.body())
                .contains(
                        "violates tenant isolation: spec.nodeName: Forbidden: the node of a"
                                + " tenant's pod is set by the scheduler");
    }

    @Test
    void aTenantNamesNoNode() {
        isTheSchedulers(
                server.send(TestServer.ALICE, "POST", PODS, pod("named", "\"nodeName\":\"n1\",")));
        assertThat(server.get(TestServer.ALICE, PODS + "/named").statusCode()).isEqualTo(404);
    }

    @Test
    void aTenantMovesNoPod() {
        server.send(TestServer.ALICE, "POST", PODS, pod("moved", ""));
        String path = PODS + "/moved";
        String merge = "{\"spec\":{\"nodeName\":\"n1\"}}";
        for (String type :
                new String[] {
                    "application/merge-patch+json", "application/strategic-merge-patch+json"
                }) {
            assertThat(server.send(TestServer.ALICE, "PATCH", path, merge, type).statusCode())
                    .isEqualTo(422);
        }
        assertThat(
                        server.send(
                                        TestServer.ALICE,
                                        "PUT",
                                        path,
                                        pod("moved", "\"nodeName\":\"n1\","))
                                .statusCode())
                .isEqualTo(422);
        server.send(
                TestServer.ALICE, "PATCH", path + "/status", merge, "application/merge-patch+json");
        isTheSchedulers(server.send(TestServer.ALICE, "POST", path + "/binding", BINDING));
        assertThat(nodeOf(TestServer.ACME, "moved")).isEmpty();
    }

    @Test
    void theSchedulerBindsAndTheTenantStillChangesWhatItMay() {
        server.send(TestServer.ALICE, "POST", PODS, pod("bound", ""));
        ObjectNode binding = Json.object();
        binding.putObject("target").put("kind", "Node").put("name", "n1");
        server.client()
                .patch(
                        BuiltinTypes.PODS,
                        new ObjectKey(TestServer.ACME, "default", "bound"),
                        new Patch.Merge(binding),
                        "binding");
        assertThat(nodeOf(TestServer.ACME, "bound")).isEqualTo("n1");
        HttpResponse<String> labelled =
                server.send(
                        TestServer.ALICE,
                        "PATCH",
                        PODS + "/bound",
                        "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}",
                        "application/merge-patch+json");
        assertThat(labelled.statusCode()).as(labelled.body()).isEqualTo(200);
    }

    @Test
    void theOperatorPlacesPods() {
        HttpResponse<String> own =
                server.send(TestUsers.OPERATOR, "POST", PODS, pod("own", "\"nodeName\":\"n1\","));
        assertThat(own.statusCode()).as(own.body()).isEqualTo(201);
        assertThat(nodeOf(Tenant.SYSTEM, "own")).isEqualTo("n1");
        server.send(TestServer.ALICE, "POST", PODS, pod("helped", ""));
        HttpResponse<String> bound =
                server.send(
                        TestUsers.OPERATOR,
                        "POST",
                        "/tenants/acme" + PODS + "/helped/binding",
                        BINDING);
        assertThat(bound.statusCode()).as(bound.body()).isEqualTo(201);
        assertThat(nodeOf(TestServer.ACME, "helped")).isEqualTo("n1");
    }

    /** KEP-4742: so that the downward API can tell a container where it runs. */
    @Test
    void aPodIsToldTheZoneAndRegionOfItsNode() {
        ObjectNode node = Json.object().put("apiVersion", "v1").put("kind", "Node");
        node.putObject("metadata")
                .put("name", "placed")
                .putObject("labels")
                .put("topology.kubernetes.io/zone", "z1")
                .put("topology.kubernetes.io/region", "r1")
                .put("topology.kubernetes.io/rack", "k1");
        server.client().create(BuiltinTypes.NODES, Tenant.SYSTEM, node);
        server.send(TestServer.ALICE, "POST", PODS, pod("told", ""));
        server.send(
                TestServer.ALICE,
                "PATCH",
                PODS + "/told",
                "{\"metadata\":{\"labels\":{\"topology.kubernetes.io/region\":\"mine\"}}}",
                "application/merge-patch+json");
        ObjectNode binding = Json.object();
        binding.putObject("metadata").putObject("labels").put("from", "scheduler");
        binding.putObject("target").put("kind", "Node").put("name", "placed");
        server.client()
                .patch(
                        BuiltinTypes.PODS,
                        new ObjectKey(TestServer.ACME, "default", "told"),
                        new Patch.Merge(binding),
                        "binding");
        ObjectNode pod =
                server.client()
                        .get(BuiltinTypes.PODS, new ObjectKey(TestServer.ACME, "default", "told"));
        assertThat(Metadata.labels(pod))
                .containsEntry("topology.kubernetes.io/zone", "z1")
                .containsEntry("topology.kubernetes.io/region", "mine")
                .containsEntry("from", "scheduler")
                .doesNotContainKey("topology.kubernetes.io/rack");
    }
}
