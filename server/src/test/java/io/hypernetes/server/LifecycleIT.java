package io.hypernetes.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.client.Patch;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** How objects go: grace, finalizers, preconditions; and who changes an old version. */
class LifecycleIT {
    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String MERGE = "application/merge-patch+json";

    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<String> send(String method, String path, String body) {
        return server.send(TestServer.ALICE, method, path, body);
    }

    private static ObjectNode tree(HttpResponse<String> response) {
        return Json.parseObject(response.body().getBytes(StandardCharsets.UTF_8));
    }

    private static ObjectNode ok(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isBetween(200, 201);
        return tree(response);
    }

    private static void pod(String name) {
        ok(
                send(
                        "POST",
                        PODS,
                        """
                        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"%s"},
                         "spec":{"containers":[{"name":"c","image":"i"}]}}
                        """
                                .formatted(name)));
    }

    private static ObjectNode map(String name, String metadata) {
        return ok(
                send(
                        "POST",
                        MAPS,
                        """
                        {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"%s"%s}}
                        """
                                .formatted(name, metadata)));
    }

    private static String options(String fields) {
        return "{\"kind\":\"DeleteOptions\",\"apiVersion\":\"v1\"," + fields + "}";
    }

    private static long grace(ObjectNode pod) {
        return pod.at("/metadata/deletionGracePeriodSeconds").asLong(-1);
    }

    @Test
    void aPodThatNoNodeHasGoesAtOnce() {
        pod("unplaced");
        assertThat(ok(send("DELETE", PODS + "/unplaced", "")).path("kind").asString())
                .isEqualTo("Pod");
        assertThat(send("GET", PODS + "/unplaced", "").statusCode()).isEqualTo(404);
    }

    @Test
    void aPodOnANodeGoesWithGraceThatCanOnlyBeShortened() {
        pod("placed");
        ObjectNode binding = Json.object();
        binding.putObject("target").put("kind", "Node").put("name", "n1");
        server.client()
                .patch(
                        BuiltinTypes.PODS,
                        new ObjectKey(TestServer.ACME, "default", "placed"),
                        new Patch.Merge(binding),
                        "binding");
        String path = PODS + "/placed";

        ObjectNode going = ok(send("DELETE", path, ""));
        assertThat(going.path("kind").asString()).isEqualTo("Pod");
        assertThat(grace(going)).isEqualTo(30);
        String end = going.at("/metadata/deletionTimestamp").asString();
        assertThat(end).isNotEmpty();

        ObjectNode shorter = ok(send("DELETE", path, options("\"gracePeriodSeconds\":5")));
        assertThat(grace(shorter)).isEqualTo(5);
        assertThat(shorter.at("/metadata/deletionTimestamp").asString()).isLessThan(end);
        assertThat(grace(ok(send("DELETE", path + "?gracePeriodSeconds=60", "")))).isEqualTo(5);
        assertThat(tree(send("GET", path, "")).at("/metadata/deletionTimestamp"))
                .isEqualTo(shorter.at("/metadata/deletionTimestamp"));

        assertThat(
                        ok(send("DELETE", path, options("\"gracePeriodSeconds\":0")))
                                .path("kind")
                                .asString())
                .isEqualTo("Pod");
        assertThat(send("GET", path, "").statusCode()).isEqualTo(404);
    }

    @Test
    void aFinalizerHoldsAnObjectUntilItIsRemoved() {
        map("held", ",\"finalizers\":[\"example.com/hold\"]");
        String path = MAPS + "/held";
        ObjectNode going = ok(send("DELETE", path, options("\"gracePeriodSeconds\":0")));
        assertThat(going.at("/metadata/deletionTimestamp").asString()).isNotEmpty();
        assertThat(send("GET", path, "").statusCode()).isEqualTo(200);

        String more = "{\"metadata\":{\"finalizers\":[\"example.com/hold\",\"example.com/more\"]}}";
        HttpResponse<String> added = server.send(TestServer.ALICE, "PATCH", path, more, MERGE);
        assertThat(added.statusCode()).isEqualTo(422);
        assertThat(added.body()).contains("no new finalizers can be added");

        String none = "{\"metadata\":{\"finalizers\":null}}";
        ok(server.send(TestServer.ALICE, "PATCH", path, none, MERGE));
        assertThat(send("GET", path, "").statusCode()).isEqualTo(404);
    }

    @Test
    void nobodyWritesTheMarksOfDeletion() {
        map("marked", ",\"deletionTimestamp\":\"2020-01-01T00:00:00Z\"");
        String patch = "{\"metadata\":{\"deletionTimestamp\":\"2020-01-01T00:00:00Z\"}}";
        server.send(TestServer.ALICE, "PATCH", MAPS + "/marked", patch, MERGE);
        assertThat(tree(send("GET", MAPS + "/marked", "")).at("/metadata").propertyNames())
                .doesNotContain("deletionTimestamp");
    }

    @Test
    void aPreconditionThatDoesNotHoldIsAConflict() {
        ObjectNode object = map("guarded", "");
        String path = MAPS + "/guarded";
        HttpResponse<String> uid =
                send("DELETE", path, options("\"preconditions\":{\"uid\":\"other\"}"));
        assertThat(uid.statusCode()).isEqualTo(409);
        assertThat(uid.body()).contains("the UID in the precondition (other) does not match");
        HttpResponse<String> version =
                send("DELETE", path, options("\"preconditions\":{\"resourceVersion\":\"1\"}"));
        assertThat(version.statusCode()).isEqualTo(409);
        assertThat(version.body()).contains("the ResourceVersion in the precondition (1)");
        String right =
                "\"preconditions\":{\"uid\":\"%s\",\"resourceVersion\":\"%s\"}"
                        .formatted(
                                object.at("/metadata/uid").asString(),
                                object.at("/metadata/resourceVersion").asString());
        ok(send("DELETE", path, options(right)));
        assertThat(send("GET", path, "").statusCode()).isEqualTo(404);
    }

    @Test
    void aChangeToAnOldVersionIsAConflict() {
        String old = map("old", "").at("/metadata/resourceVersion").asString();
        String change =
                "{\"metadata\":{\"resourceVersion\":\"" + old + "\"},\"data\":{\"a\":\"%s\"}}";
        String path = MAPS + "/old";
        ok(server.send(TestServer.ALICE, "PATCH", path, change.formatted("1"), MERGE));
        HttpResponse<String> stale =
                server.send(TestServer.ALICE, "PATCH", path, change.formatted("2"), MERGE);
        assertThat(stale.statusCode()).isEqualTo(409);
        assertThat(stale.body())
                .contains("the object has been modified; please apply your changes to the latest");
        assertThat(tree(send("GET", path, "")).at("/data/a").asString()).isEqualTo("1");
    }

    @Test
    void theWayOfPropagationIsWrittenAsAFinalizer() {
        map("owner", "");
        String path = MAPS + "/owner";
        ObjectNode going =
                ok(send("DELETE", path, options("\"propagationPolicy\":\"Foreground\"")));
        assertThat(going.at("/metadata/finalizers").toString())
                .isEqualTo("[\"foregroundDeletion\"]");
        assertThat(grace(going)).isZero();
        ObjectNode changed = ok(send("DELETE", path, options("\"orphanDependents\":true")));
        assertThat(changed.at("/metadata/finalizers").toString()).isEqualTo("[\"orphan\"]");
        ObjectNode gone = ok(send("DELETE", path + "?propagationPolicy=Background", ""));
        assertThat(gone.path("status").asString()).isEqualTo("Success");
        assertThat(send("GET", path, "").statusCode()).isEqualTo(404);
    }

    @Test
    void optionsThatContradictThemselvesAreInvalid() {
        map("kept", "");
        HttpResponse<String> unknown =
                send("DELETE", MAPS + "/kept", options("\"propagationPolicy\":\"Away\""));
        assertThat(unknown.statusCode()).isEqualTo(422);
        assertThat(tree(unknown).path("message").asString())
                .isEqualTo(
                        "DeleteOptions.meta.k8s.io \"\" is invalid: propagationPolicy: Unsupported"
                                + " value: \"Away\": supported values: \"Foreground\","
                                + " \"Background\", \"Orphan\", \"nil\"");
        HttpResponse<String> both =
                send(
                        "DELETE",
                        MAPS + "/kept",
                        options("\"propagationPolicy\":\"Orphan\",\"orphanDependents\":true"));
        assertThat(both.body())
                .contains("orphanDependents and deletionPropagation cannot be both set");
        ok(send("DELETE", MAPS + "/kept", options("\"dryRun\":[\"All\"]")));
        assertThat(send("GET", MAPS + "/kept", "").statusCode()).isEqualTo(200);
    }
}
