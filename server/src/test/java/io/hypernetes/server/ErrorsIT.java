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
import java.util.List;

/** What is wrong is told in Kubernetes' words. */
class ErrorsIT {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String MAP =
            "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"m\"}}";

    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void refused(
            HttpResponse<String> response, int code, String reason, String message) {
        ObjectNode status = Json.parseObject(response.body().getBytes(StandardCharsets.UTF_8));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(code);
        assertThat(status.path("kind").asString()).isEqualTo("Status");
        assertThat(status.path("code").asInt()).isEqualTo(code);
        assertThat(status.path("reason").asString()).isEqualTo(reason);
        assertThat(status.path("message").asString()).contains(message);
    }

    private static void unreadable(String body, String message) {
        HttpResponse<String> response = server.send(TestServer.ALICE, "POST", MAPS, body);
        refused(response, 400, "BadRequest", message);
    }

    @Test
    void wrongCredentialsAreUnauthorized() {
        HttpResponse<String> response = server.get("nonsense", MAPS);
        refused(response, 401, "Unauthorized", "Unauthorized");
        assertThat(response.headers().firstValue("WWW-Authenticate")).isPresent();
        assertThat(response.body())
                .isEqualTo(
                        "{\"apiVersion\":\"v1\",\"kind\":\"Status\",\"metadata\":{},"
                                + "\"status\":\"Failure\",\"message\":\"Unauthorized\","
                                + "\"reason\":\"Unauthorized\",\"code\":401}");
    }

    @Test
    void whatOneMayNotDoIsForbidden() {
        refused(
                server.get("nobody:acme", MAPS),
                403,
                "Forbidden",
                "configmaps is forbidden: User \"nobody\" cannot list resource \"configmaps\" in"
                        + " API group \"\" in the namespace \"default\"");
        refused(
                server.get("nobody:acme", "/api/v1/nodes/n"),
                403,
                "Forbidden",
                "nodes \"n\" is forbidden: User \"nobody\" cannot get resource \"nodes\" in API"
                        + " group \"\" at the cluster scope");
        refused(
                server.get("", "/apis"),
                403,
                "Forbidden",
                "forbidden: User \"system:anonymous\" cannot get path \"/apis\"");
        assertThat(server.get("", "/healthz").body()).isEqualTo("ok");
    }

    @Test
    void whatIsNotThereIsNotFound() {
        refused(
                server.get(TestServer.ALICE, MAPS + "/none"),
                404,
                "NotFound",
                "configmaps \"none\" not found");
        for (String path : new String[] {"/api/v2", "/apis/apps/v2", "/apis/apps/v1/widgets"}) {
            refused(
                    server.get(TestServer.ALICE, path),
                    404,
                    "NotFound",
                    "the server could not find the requested resource");
        }
        for (String path :
                new String[] {"/apis/example.com/v1/widgets", "/apis/example.com", "/logs"}) {
            HttpResponse<String> page = server.get(TestServer.ALICE, path);
            assertThat(page.statusCode()).isEqualTo(404);
            assertThat(page.body()).isEqualTo("404 page not found\n");
        }
        refused(
                server.send(TestServer.ALICE, "POST", "/api/v1/namespaces/none/configmaps", MAP),
                404,
                "NotFound",
                "namespaces \"none\" not found");
    }

    @Test
    void methodsAndMediaTypesThatAreNotServedAreToldSo() {
        refused(
                server.send(TestServer.ALICE, "PUT", MAPS, MAP),
                405,
                "MethodNotAllowed",
                "the server does not allow this method on the requested resource");
        refused(
                server.send(TestServer.ALICE, "POST", MAPS, MAP, "text/xml"),
                415,
                "UnsupportedMediaType",
                "the body of the request was in an unknown format");
        refused(
                server.send(
                        TestServer.ALICE,
                        "PATCH",
                        MAPS + "/m",
                        MAP,
                        "application/apply-patch+cbor"),
                415,
                "UnsupportedMediaType",
                "415: Unsupported Media Type");
        assertThat(server.send(TestServer.ALICE, "HEAD", MAPS, "").statusCode()).isEqualTo(405);
        refused(
                server.send(
                        server.request(TestServer.ALICE, MAPS)
                                .header("Accept", "image/png")
                                .build()),
                406,
                "NotAcceptable",
                "only the following media types are accepted");
    }

    @Test
    void bodiesThatAreNoObjectAreBadRequests() {
        String begin = "the object provided is unrecognized (must be of type ConfigMap): ";
        String parse = begin + "couldn't get version/kind; json parse error: ";
        String end = "unexpected end of JSON input";
        unreadable("", parse + end + " (<empty>)");
        unreadable("{", parse + end + " ({)");
        unreadable(
                "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\"",
                parse + end + " ({\"apiVersion\":\"v1\",\"kind\":\"Con ...)");
        unreadable(
                "[]",
                parse
                        + "json: cannot unmarshal array into Go value of type struct { APIVersion"
                        + " string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string"
                        + " \"json:\\\"kind,omitempty\\\"\" } (5b5d)");
        refused(
                server.send(TestServer.ALICE, "POST", MAPS, "null"),
                422,
                "Invalid",
                "name or generateName is required");
        refused(
                server.send(TestServer.ALICE, "POST", MAPS, "a: [b", "application/yaml"),
                400,
                "BadRequest",
                "");
        refused(
                server.send(TestServer.ALICE, "POST", MAPS, "{}"), // the path says the kind
                422,
                "Invalid",
                "name or generateName is required");
        refused(
                server.send(
                        TestServer.ALICE,
                        "POST",
                        MAPS + "?fieldValidation=Strict",
                        MAP.replace("\"metadata\"", "\"dataa\":{},\"metadata\"")),
                400,
                "BadRequest",
                "strict decoding error: unknown field \"dataa\"");
        refused(
                server.send(TestServer.ALICE, "POST", "/api/v1/namespaces/default/secrets", MAP),
                400,
                "BadRequest",
                "does not match the expected API version");
        refused(
                server.send(
                        TestServer.ALICE,
                        "POST",
                        MAPS,
                        "k8s\0nonsense",
                        "application/vnd.kubernetes.protobuf"),
                400,
                "BadRequest",
                "protobuf");
    }

    @Test
    void anUnknownFieldIsAWarning() {
        HttpResponse<String> response =
                server.send(
                        TestServer.ALICE,
                        "POST",
                        MAPS,
                        MAP.replace("\"m\"", "\"warned\"")
                                .replace("\"metadata\"", "\"dataa\":{},\"metadata\""));
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.headers().firstValue("Warning"))
                .hasValue("299 - \"unknown field \\\"dataa\\\"\"");
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedUnread() {
        refused(
                server.send(TestServer.ALICE, "POST", MAPS, "x".repeat(4 << 20)),
                413,
                "RequestEntityTooLarge",
                "Request entity too large: limit is 3145728");
    }

    @Test
    void anInvalidNameIsInvalid() {
        refused(
                server.send(TestServer.ALICE, "POST", MAPS, MAP.replace("\"m\"", "\"No!\"")),
                422,
                "Invalid",
                "ConfigMap \"No!\" is invalid: metadata.name: Invalid value: \"No!\"");
    }

    @Test
    void aNameThatIsTakenIsAConflict() {
        String taken = MAP.replace("\"m\"", "\"taken\"");
        server.send(TestServer.ALICE, "POST", MAPS, taken);
        refused(
                server.send(TestServer.ALICE, "POST", MAPS, taken),
                409,
                "AlreadyExists",
                "configmaps \"taken\" already exists");
        refused(
                server.send(TestServer.ALICE, "PUT", MAPS + "/other", taken),
                400,
                "BadRequest",
                "the name of the object (taken) does not match the name on the URL (other)");
    }

    @Test
    void anUpdateSaysItsNameAndLeavesTheServersFieldsAlone() {
        String path = MAPS + "/kept";
        ObjectNode made =
                object(
                        server.send(
                                TestServer.ALICE, "POST", MAPS, MAP.replace("\"m\"", "\"kept\"")));
        refused(
                put(path, with(made, "\"name\":\"\"")),
                400,
                "BadRequest",
                "the name of the object (kept based on URL) was undeterminable: name must be"
                        + " provided");
        refused(
                put(path, with(made, "\"deletionGracePeriodSeconds\":5")),
                422,
                "Invalid",
                "metadata.deletionGracePeriodSeconds: Invalid value: 5: field is immutable");
        refused(
                put(path, with(made, "\"deletionTimestamp\":\"2009-01-01T01:01:01Z\"")),
                422,
                "Invalid",
                "metadata.deletionTimestamp: Invalid value: \"2009-01-01T01:01:01Z\": field is"
                        + " immutable");
        for (String sent :
                List.of(
                        "\"creationTimestamp\":\"2009-01-01T01:01:01Z\"",
                        "\"uid\":\"\"",
                        "\"generation\":7")) {
            HttpResponse<String> answer = put(path, with(made, sent));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(object(answer).path("metadata")).isEqualTo(made.path("metadata"));
        }
    }

    private static ObjectNode object(HttpResponse<String> answer) {
        return Json.parseObject(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    private static HttpResponse<String> put(String path, ObjectNode object) {
        return server.send(TestServer.ALICE, "PUT", path, Json.text(object));
    }

    private static ObjectNode with(ObjectNode object, String field) {
        ObjectNode changed = object.deepCopy();
        changed.withObject("metadata")
                .setAll(Json.parseObject(("{" + field + "}").getBytes(StandardCharsets.UTF_8)));
        return changed;
    }
}
