package io.hypernetes.server;

import static io.hypernetes.server.TestServer.ALICE;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.json.Json;
import io.hypernetes.api.json.Yaml;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/**
 * Where custom objects are answered otherwise than built-in kinds: as a kube-apiserver 1.36 does.
 */
class CustomObjectsIT {
    private static final String DEFINITIONS =
            "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String FOOS = "/apis/ex.io/v1/namespaces/default/foos";
    private static final String DEFINITION =
            """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: foos.ex.io}
            spec:
              group: ex.io
              scope: Namespaced
              names: {plural: foos, kind: Foo}
              versions:
              - name: v1
                served: true
                storage: true
                subresources: {status: {}}
                selectableFields: [{jsonPath: .spec.i}]
                schema:
                  openAPIV3Schema:
                    type: object
                    required: [spec]
                    properties:
                      spec:
                        type: object
                        properties:
                          i: {type: integer}
                          e: {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}
                      status: {type: object, properties: {r: {type: integer}}}
            """;

    private TestServer server;

    @BeforeEach
    void define() throws IOException {
        server = new TestServer();
        String json = Json.text(Yaml.parse(DEFINITION.getBytes(StandardCharsets.UTF_8)).tree());
        assertThat(server.send(ALICE, "POST", DEFINITIONS, json).statusCode()).isEqualTo(201);
        CustomResourcesIT.await(() -> server.get(ALICE, FOOS).statusCode() == 200);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String foo(String metadata, String rest) {
        return "{\"apiVersion\":\"ex.io/v1\",\"kind\":\"Foo\",\"metadata\":%s,%s}"
                .formatted(metadata, rest);
    }

    private static JsonNode tree(HttpResponse<String> response) {
        return Json.parse(response.body().getBytes(StandardCharsets.UTF_8));
    }

    private void refused(String body, int code, String message) {
        HttpResponse<String> response =
                server.send(ALICE, "POST", FOOS + "?fieldValidation=Strict", body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(code);
        assertThat(tree(response).path("message").asString()).isEqualTo(message);
    }

    @Test
    void whatIsNoObjectOfTheKindIsRefusedInItsOwnWords() {
        String unread = "the object provided is unrecognized (must be of type Foo): ";
        refused("{}", 400, unread + "Object 'Kind' is missing in '{}' ({})");
        refused(
                "{\"apiVersion\":1,\"kind\":\"Foo\"}",
                400,
                unread
                        + "couldn't get version/kind; json parse error: json: cannot unmarshal"
                        + " number into Go struct field .apiVersion of type string"
                        + " ({\"apiVersion\":1,\"kind\":\"Foo\"})");
        refused(
                "{\"kind\":\"Foo\",\"metadata\":{\"name\":\"x\"}}",
                400,
                "the API version in the data () does not match the expected API version"
                        + " (ex.io/v1)");
        refused(
                "{\"apiVersion\":\"ex.io/v1\",\"kind\":\"Bar\",\"metadata\":{\"name\":\"x\"},\"spec\":{}}",
                422,
                "Bar.ex.io \"x\" is invalid: kind: Invalid value: \"Bar\": must be Foo");
        String undecoded = "Foo in version \"v1\" cannot be handled as a Foo: ";
        refused(
                foo("{\"name\":1}", "\"spec\":{}"),
                400,
                undecoded
                        + "json: cannot unmarshal number into Go struct field ObjectMeta.name of"
                        + " type string");
        refused(
                foo("\"x\"", "\"spec\":{}"),
                400,
                undecoded + "json: cannot unmarshal string into Go value of type v1.ObjectMeta");
        refused(
                foo("{}", "\"spec\":{}"),
                422,
                "Foo.ex.io \"\" is invalid: metadata.name: Required value: name or generateName is"
                        + " required");
    }

    @Test
    void metadataOfEmbeddedResourcesIsDecoded() {
        String undecoded = "Foo in version \"v1\" cannot be handled as a Foo: ";
        String pod = "\"spec\":{\"e\":{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":%s}}";
        refused(
                foo("{\"name\":\"x\"}", pod.formatted("{\"foo\":1}")),
                400,
                undecoded + "strict decoding error: unknown field \"spec.e.metadata.foo\"");
        refused(
                foo("{\"name\":\"x\"}", pod.formatted("{\"labels\":{\"a\":1}}")),
                400,
                undecoded
                        + "spec.e.metadata: Invalid value: {\"labels\":{\"a\":1}}: json: cannot"
                        + " unmarshal number into Go struct field ObjectMeta.labels of type"
                        + " string");
        HttpResponse<String> pruned =
                server.send(
                        ALICE,
                        "POST",
                        FOOS,
                        foo("{\"name\":\"x\"}", pod.formatted("{\"foo\":1,\"name\":\"p\"}")));
        assertThat(tree(pruned).at("/spec/e/metadata"))
                .isEqualTo(Json.parse("{\"name\":\"p\"}".getBytes(StandardCharsets.UTF_8)));
        assertThat(pruned.headers().allValues("Warning"))
                .containsExactly("299 - \"unknown field \\\"spec.e.metadata.foo\\\"\"");
    }

    @Test
    void anUpdateSaysItsVersionAndAStatusBringsNoLabels() {
        String created =
                server.send(ALICE, "POST", FOOS, foo("{\"name\":\"u\"}", "\"spec\":{\"i\":1}"))
                        .body();
        HttpResponse<String> blind =
                server.send(
                        ALICE, "PUT", FOOS + "/u", foo("{\"name\":\"u\"}", "\"spec\":{\"i\":2}"));
        assertThat(blind.statusCode()).isEqualTo(422);
        assertThat(tree(blind).path("message").asString())
                .isEqualTo(
                        "foos.ex.io \"u\" is invalid: metadata.resourceVersion: Invalid value: 0:"
                                + " must be specified for an update");
        String changed =
                created.replace("\"name\":\"u\"", "\"name\":\"u\",\"labels\":{\"a\":\"b\"}")
                        .replaceFirst("}$", ",\"status\":{\"r\":7}}");
        JsonNode status = tree(server.send(ALICE, "PUT", FOOS + "/u/status", changed));
        assertThat(status.at("/status/r").asInt()).isEqualTo(7);
        assertThat(status.at("/metadata").has("labels")).isFalse();
        HttpResponse<String> kind =
                server.send(
                        ALICE,
                        "PATCH",
                        FOOS + "/u",
                        "{\"kind\":\"X\"}",
                        "application/merge-patch+json");
        assertThat(tree(kind).path("message").asString())
                .isEqualTo("X.ex.io \"u\" is invalid: kind: Invalid value: \"X\": must be Foo");
    }

    @Test
    void whatIsNotServedIsToldByTheResource() {
        server.send(ALICE, "POST", FOOS, foo("{\"name\":\"u\"}", "\"spec\":{}"));
        assertThat(tree(server.get(ALICE, FOOS + "/u/nope")).path("message").asString())
                .isEqualTo("foos.ex.io \"u\" not found");
        HttpResponse<String> deleted = server.send(ALICE, "DELETE", FOOS + "/u/status", "");
        assertThat(deleted.statusCode()).isEqualTo(405);
        assertThat(tree(deleted).path("message").asString())
                .isEqualTo("delete is not supported on resources of kind \"foos.ex.io\"");
        HttpResponse<String> patched =
                server.send(
                        ALICE,
                        "PATCH",
                        FOOS + "/u",
                        "{}",
                        "application/strategic-merge-patch+json");
        assertThat(patched.statusCode()).isEqualTo(415);
        assertThat(tree(server.get(ALICE, FOOS)).at("/metadata/continue").asString("none"))
                .isEmpty();
        assertThat(
                        tree(server.get(ALICE, "/apis/ex.io/v1"))
                                .at("/resources/0/verbs")
                                .valueStream()
                                .map(JsonNode::asString))
                .startsWith("delete", "deletecollection", "get");
    }

    @Test
    void thePublishedDocumentTellsWhatIsServed() {
        JsonNode document = tree(server.get(ALICE, "/openapi/v3/apis/ex.io/v1"));
        JsonNode foo = document.at("/components/schemas/io.ex.v1.Foo");
        assertThat(foo.at("/properties/kind/description").asString())
                .contains("REST resource this object represents");
        assertThat(foo.at("/properties/spec/properties/e/required").toString())
                .isEqualTo("[\"kind\",\"apiVersion\"]");
        assertThat(foo.path("x-kubernetes-selectable-fields").toString())
                .isEqualTo("[{\"fieldPath\":\"spec.i\"}]");
        assertThat(document.at("/components/schemas/io.ex.v1.FooList/description").asString())
                .isEqualTo("FooList is a list of Foo");
        JsonNode item =
                document.path("paths").path("/apis/ex.io/v1/namespaces/{namespace}/foos/{name}");
        assertThat(item.at("/patch/requestBody/content").propertyNames())
                .containsExactlyInAnyOrder(
                        "application/json-patch+json",
                        "application/merge-patch+json",
                        "application/apply-patch+yaml");
        assertThat(item.at("/get/responses/200/content").propertyNames())
                .containsExactlyInAnyOrder("application/json", "application/yaml");
        assertThat(item.at("/get/parameters/0/name").asString()).isEqualTo("resourceVersion");
    }

    @Test
    void whoIsRefusedIsWarnedToo() {
        HttpResponse<String> refused =
                server.send(
                        ALICE,
                        "POST",
                        FOOS,
                        foo("{\"name\":\"x\"}", "\"spec\":{\"i\":\"x\",\"zz\":1}"));
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.headers().allValues("Warning"))
                .containsExactly("299 - \"unknown field \\\"spec.zz\\\"\"");
        HttpResponse<String> finalizer =
                server.send(
                        ALICE,
                        "POST",
                        FOOS,
                        foo(
                                "{\"name\":\"f\",\"finalizers\":[\"a\",\"b.c\",\"d/e\"]}",
                                "\"spec\":{}"));
        assertThat(finalizer.statusCode()).isEqualTo(201);
        assertThat(String.join(" ", finalizer.headers().allValues("Warning")))
                .contains("\\\"a\\\": prefer a domain-qualified finalizer name to avoid")
                .contains(
                        "\\\"b.c\\\": prefer a domain-qualified finalizer name including a path"
                                + " (/)")
                .doesNotContain("d/e");
    }
}
