package io.hypernetes.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.json.Json;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** PATCH and PUT over the wire: options, codes and words. */
class PatchIT {
    private static final String DEFAULT = "/api/v1/namespaces/default/";
    private static final String MAPS = DEFAULT + "configmaps/";
    private static final String APPLY = "application/apply-patch+yaml";
    private static final String STRATEGIC = "application/strategic-merge-patch+json";
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

    private static HttpResponse<String> patch(String path, String type, String body) {
        return server.send(TestServer.ALICE, "PATCH", path, body, type);
    }

    private static ObjectNode tree(HttpResponse<String> response) {
        return Json.parseObject(response.body().getBytes(StandardCharsets.UTF_8));
    }

    private static void refused(HttpResponse<String> response, int code, String message) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(code);
        assertThat(tree(response).path("message").asString()).isEqualTo(message);
    }

    private static String map(String name) {
        return "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\""
                + name
                + "\"},\"data\":{\"k\":\"v\"}}";
    }

    @Test
    void aPatchThatIsNoneIsToldInTheWordsOfTheDecoder() {
        server.send(TestServer.ALICE, "POST", DEFAULT + "configmaps", map("words"));
        String path = MAPS + "words";
        String decoding = "error decoding patch: ";
        String cannot = "json: cannot unmarshal ";
        String map = " into Go value of type map[string]interface {}";
        refused(
                patch(path, "application/json-patch+json", "{}"),
                400,
                decoding + cannot + "object into Go value of type []handlers.jsonPatchOp");
        refused(patch(path, MERGE, "[]"), 400, decoding + cannot + "array" + map);
        refused(patch(path, MERGE, "{"), 400, decoding + "unexpected end of JSON input");
        refused(patch(path, STRATEGIC, "1"), 400, cannot + "number" + map);
        assertThat(patch(path, STRATEGIC, "null").statusCode()).isEqualTo(200);
    }

    /** Asked of kube-apiserver 1.36.2 with the same patches. */
    @Test
    void whatIsDoubledInAPatchIsToldOrRefused() {
        server.send(TestServer.ALICE, "POST", DEFAULT + "configmaps", map("doubled"));
        String path = MAPS + "doubled";
        String doubled = "{\"data\":{\"x\":\"1\"},\"data\":{\"x\":\"2\"}}";
        for (String type : new String[] {MERGE, STRATEGIC}) {
            HttpResponse<String> warned = patch(path, type, doubled);
            assertThat(warned.statusCode()).as(warned.body()).isEqualTo(200);
            assertThat(warned.headers().allValues("Warning"))
                    .containsExactly("299 - \"duplicate field \\\"data\\\"\"");
            assertThat(
                            patch(path + "?fieldValidation=Ignore", type, doubled)
                                    .headers()
                                    .allValues("Warning"))
                    .isEmpty();
        }
        String strict = path + "?fieldValidation=Strict";
        assertThat(tree(patch(strict, MERGE, doubled)).path("message").asString())
                .startsWith(" \"\" is invalid: patch: Invalid value: \"{")
                .endsWith("\": strict decoding error: duplicate field \"data\"");
        refused(
                patch(strict, STRATEGIC, doubled),
                422,
                " \"\" is invalid: patch: Invalid value: \"map[data:map[x:2]]\": strict decoding"
                        + " error: duplicate field \"data\"");
        assertThat(
                        patch(
                                        path,
                                        "application/json-patch+json",
                                        "[{\"op\":\"test\",\"op\":\"add\",\"path\":\"/data/y\","
                                                + "\"value\":\"z\"}]")
                                .headers()
                                .allValues("Warning"))
                .containsExactly("299 - \"json patch duplicate field \\\"[0].op\\\"\"");
    }

    /** The result of such a patch is never JSON, and so other words tell what is wrong with it. */
    @Test
    void aStrategicPatchIsToldAsTheMapThatItIs() {
        server.send(TestServer.ALICE, "POST", DEFAULT + "configmaps", map("maps"));
        String begin = " \"\" is invalid: patch: Invalid value: ";
        String path = MAPS + "maps";
        refused(
                patch(path, STRATEGIC, "{\"data\":{\"x\":1}}"),
                422,
                begin + "\"map[data:map[x:1]]\": cannot convert int64 to string");
        refused(
                patch(path, STRATEGIC, "{\"data\":\"s\"}"),
                422,
                begin + "\"map[data:s]\": cannot restore map from string");
        refused(
                patch(path, STRATEGIC, "{\"immutable\":\"x\"}"),
                422,
                begin + "\"map[immutable:x]\": unrecognized type: bool");
        assertThat(patch(path, STRATEGIC, "{\"kind\":\"Foo\"}").statusCode()).isEqualTo(200);
        refused(
                patch(path, STRATEGIC, "{\"$patch\":\"replace\"}"),
                400,
                "the name of the object (maps based on URL) was undeterminable: name must be"
                        + " provided");
    }

    @Test
    void whoAnObjectIsCannotBePatched() {
        server.send(TestServer.ALICE, "POST", DEFAULT + "configmaps", map("who"));
        HttpResponse<String> response =
                patch(MAPS + "who", MERGE, "{\"metadata\":{\"uid\":\"1\"}}");
        refused(
                response,
                422,
                "ConfigMap \"who\" is invalid: metadata.uid: Invalid value: \"1\": field is"
                        + " immutable");
    }

    /** As upstream, whose objects of built-in kinds have one on the wire, empty or not. */
    @Test
    void aPatchMayAddToAStatusThatIsNotThere() {
        String claims = "/apis/resource.k8s.io/v1/namespaces/default/resourceclaims";
        HttpResponse<String> made =
                server.send(
                        TestServer.ALICE,
                        "POST",
                        claims,
                        "{\"metadata\":{\"name\":\"c\"},\"spec\":{\"devices\":{}}}");
        assertThat(made.statusCode()).isEqualTo(201);
        HttpResponse<String> status =
                patch(
                        claims + "/c/status",
                        "application/json-patch+json",
                        "[{\"op\":\"add\",\"path\":\"/status/allocation\",\"value\":{}}]");
        assertThat(status.statusCode()).isEqualTo(200);
        assertThat(status.body()).contains("\"allocation\":{\"devices\":{}}");
    }

    /** Upstream: "pod generation should start at 1 and increment per update". */
    @Test
    void whoReplacesTolerationsKeepsThoseThatWereAdded() {
        server.send(
                TestServer.ALICE,
                "POST",
                DEFAULT + "pods",
                "{\"metadata\":{\"name\":\"t\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}");
        HttpResponse<String> replaced =
                patch(
                        DEFAULT + "pods/t",
                        "application/json-patch+json",
                        "[{\"op\":\"replace\",\"path\":\"/spec/tolerations\",\"value\":"
                                + "[{\"key\":\"k\",\"operator\":\"Exists\"}]}]");
        assertThat(replaced.statusCode()).isEqualTo(200);
        assertThat(replaced.body())
                .contains("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable");
    }

    @Test
    void theOptionsOfAPatchAreChecked() {
        refused(
                patch(MAPS + "x", APPLY, map("x")),
                422,
                "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is"
                        + " required for apply patch");
        refused(
                patch(MAPS + "x?force=true", MERGE, "{}"),
                422,
                "PatchOptions.meta.k8s.io \"\" is invalid: force: Forbidden: may not be specified"
                        + " for non-apply patch");
        refused(
                patch(MAPS + "x?dryRun=Some", MERGE, "{}"),
                422,
                "PatchOptions.meta.k8s.io \"\" is invalid: dryRun: Unsupported value:"
                        + " [\"Some\"]: supported values: \"All\"");
        HttpResponse<String> tooLong =
                patch(MAPS + "x?fieldManager=" + "m".repeat(129), MERGE, "{}");
        assertThat(tree(tooLong).path("message").asString())
                .contains("fieldManager: Too long: may not be more than 128 bytes");
    }

    @Test
    void anApplyCreatesAndItsFieldsAreItsManagers() {
        HttpResponse<String> created = patch(MAPS + "made?fieldManager=m", APPLY, map("made"));
        assertThat(created.statusCode()).isEqualTo(201);
        HttpResponse<String> again = patch(MAPS + "made?fieldManager=m", APPLY, map("made"));
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(created.body());
        HttpResponse<String> dry = patch(MAPS + "dry?fieldManager=m&dryRun=All", APPLY, map("dry"));
        assertThat(dry.statusCode()).isEqualTo(201);
        assertThat(server.get(TestServer.ALICE, MAPS + "dry").statusCode()).isEqualTo(404);
        String ghost = map("ghost").replace("\"name\"", "\"uid\":\"u\",\"name\"");
        refused(
                patch(MAPS + "ghost?fieldManager=m", APPLY, ghost),
                409,
                "Operation cannot be fulfilled on configmaps \"ghost\": uid mismatch: the provided"
                        + " object specified uid u, and no existing object was found");
    }

    @Test
    void aConfigurationOfAnotherKindOrWithATableIsRefused() {
        refused(
                patch(MAPS + "x?fieldManager=m", APPLY, map("x").replace("ConfigMap", "Secret")),
                400,
                "invalid object type: /v1, Kind=Secret");
        refused(
                patch(
                        MAPS + "x?fieldManager=m",
                        APPLY,
                        map("x").replace("\"name\"", "\"managedFields\":[],\"name\"")),
                400,
                "metadata.managedFields must be nil");
    }

    @Test
    void theUserAgentIsTheManagerOfWhoNamesNone() {
        server.send(
                server.request(TestServer.ALICE, DEFAULT + "configmaps")
                        .header("Content-Type", "application/json")
                        .header("User-Agent", "robot/v1 (linux)")
                        .method(
                                "POST",
                                java.net.http.HttpRequest.BodyPublishers.ofString(map("agent")))
                        .build());
        assertThat(
                        tree(server.get(TestServer.ALICE, MAPS + "agent"))
                                .at("/metadata/managedFields/0/manager")
                                .asString())
                .isEqualTo("robot");
    }

    @Test
    void aPatchWhoseResultIsNoObjectOfTheKindIsInvalid() {
        server.send(TestServer.ALICE, "POST", DEFAULT + "configmaps", map("typed"));
        HttpResponse<String> refused = patch(MAPS + "typed", MERGE, "{\"data\":{\"k\":{}}}");
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
        assertThat(tree(refused).path("message").asString())
                .startsWith(" \"\" is invalid: patch: Invalid value: ")
                .contains("json: cannot unmarshal");
        HttpResponse<String> unknown =
                patch(MAPS + "typed?fieldValidation=Strict", MERGE, "{\"dato\":1}");
        assertThat(unknown.statusCode()).isEqualTo(422);
        assertThat(tree(unknown).path("message").asString())
                .contains("strict decoding error: unknown field \"dato\"");
    }

    @Test
    void theStatusHasAnOwnerOfItsOwn() {
        String pod =
                "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"owned\"},"
                        + "\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}";
        server.send(TestServer.ALICE, "POST", DEFAULT + "pods?fieldManager=maker", pod);
        String path = DEFAULT + "pods/owned/status";
        HttpResponse<String> patched =
                patch(
                        path + "?fieldManager=teller",
                        "application/strategic-merge-patch+json",
                        "{\"status\":{\"reason\":\"Tired\"}}");
        assertThat(patched.statusCode()).as(patched.body()).isEqualTo(200);
        assertThat(tree(patched).at("/metadata/managedFields").toString())
                .contains("\"fieldsV1\":{\"f:status\":{\"f:reason\":{}}}")
                .contains(
                        "\"manager\":\"teller\",\"operation\":\"Update\",\"subresource\":\"status\"");
        String config =
                "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"owned\"},"
                        + "\"status\":{\"reason\":\"Awake\"}}";
        refused(
                patch(path + "?fieldManager=other", APPLY, config),
                409,
                "Apply failed with 1 conflict: conflict with \"teller\" with subresource"
                        + " \"status\" using v1: .status.reason");
        HttpResponse<String> forced = patch(path + "?fieldManager=other&force=true", APPLY, config);
        assertThat(tree(forced).at("/status/reason").asString()).isEqualTo("Awake");
        assertThat(tree(forced).at("/spec/containers/0/name").asString()).isEqualTo("c");
    }

    @Test
    void whatChangesNothingKeepsItsVersion() {
        server.send(TestServer.ALICE, "POST", DEFAULT + "configmaps", map("same"));
        String before = server.get(TestServer.ALICE, MAPS + "same").body();
        assertThat(patch(MAPS + "same", MERGE, "{\"data\":{\"k\":\"v\"}}").body())
                .isEqualTo(before);
        assertThat(server.send(TestServer.ALICE, "PUT", MAPS + "same", before).body())
                .isEqualTo(before);
    }

    @Test
    void aPutCreatesOnlyTheKindsThatAllowIt() {
        String lease =
                "{\"apiVersion\":\"coordination.k8s.io/v1\",\"kind\":\"Lease\",\"metadata\":"
                        + "{\"name\":\"put\"},\"spec\":{}}";
        String path = "/apis/coordination.k8s.io/v1/namespaces/default/leases/put";
        assertThat(server.send(TestServer.ALICE, "PUT", path, lease).statusCode()).isEqualTo(201);
        refused(
                server.send(TestServer.ALICE, "PUT", path, lease),
                422,
                "leases.coordination.k8s.io \"put\" is invalid: metadata.resourceVersion: Invalid"
                        + " value: 0x0: must be specified for an update");
        assertThat(server.send(TestServer.ALICE, "PUT", MAPS + "put", map("put")).statusCode())
                .isEqualTo(404);
        server.send(TestServer.ALICE, "POST", DEFAULT + "configmaps", map("zero"));
        String zero = map("zero").replace("\"name\"", "\"resourceVersion\":\"0\",\"name\"");
        assertThat(server.send(TestServer.ALICE, "PUT", MAPS + "zero", zero).statusCode())
                .isEqualTo(200);
    }
}
