package io.hypernetes.server;

import static io.hypernetes.server.TestServer.ALICE;
import static io.hypernetes.server.TestServer.BOB;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.json.Json;
import io.hypernetes.api.json.Yaml;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** CustomResourceDefinitions and their objects, in the worlds of two tenants. */
class CustomResourcesIT {
    private static final String DEFINITIONS =
            "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String WIDGETS = "/apis/example.com/v1/namespaces/default/widgets";

    /** The widgets of both tenants have one name; only their schemas differ. */
    private static final String DEFINITION =
            """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: widgets.example.com}
            spec:
              group: example.com
              scope: Namespaced
              names: {plural: widgets, kind: Widget, shortNames: [wd], categories: [all]}
              versions:
              - name: v1
                served: true
                storage: true
                subresources: {status: {}, scale: {specReplicasPath: .spec.size, statusReplicasPath: .status.size}}
                additionalPrinterColumns:
                - {name: Size, type: integer, jsonPath: .spec.size}
                - {name: Ready, type: string, jsonPath: '.status.conditions[?(@.type=="Ready")].status'}
                selectableFields: [{jsonPath: .spec.color}]
                schema:
                  openAPIV3Schema:
                    type: object
                    required: [spec]
                    properties:
                      spec:
                        type: object
                        properties:
                          size: {type: integer, minimum: 1, maximum: 10, default: 3}
                          color: {type: string, enum: [red, green]}
                          ports:
                            type: array
                            x-kubernetes-list-type: map
                            x-kubernetes-list-map-keys: [name]
                            items:
                              type: object
                              required: [name]
                              properties:
                                name: {type: string}
                                port: {x-kubernetes-int-or-string: true}
                      status: {type: object, x-kubernetes-preserve-unknown-fields: true}
            """;

    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String json(String yaml) {
        return Json.text(Yaml.parse(yaml.getBytes(StandardCharsets.UTF_8)).tree());
    }

    private static JsonNode tree(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return Json.parse(response.body().getBytes(StandardCharsets.UTF_8));
    }

    static void await(BooleanSupplier condition) {
        Instant end = Instant.now().plus(Duration.ofSeconds(60));
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).isBefore(end);
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void define(String user, String yaml, String name) {
        tree(server.send(user, "POST", DEFINITIONS, json(yaml)), 201);
        await(() -> established(user, name));
    }

    private boolean established(String user, String name) {
        for (JsonNode condition :
                tree(server.get(user, DEFINITIONS + "/" + name), 200).at("/status/conditions")) {
            if (condition.path("type").asString().equals("Established")) {
                return condition.path("status").asString().equals("True");
            }
        }
        return false;
    }

    private static String widget(String name, String spec) {
        return """
        {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "%s"},
         "spec": %s}
        """
                .formatted(name, spec);
    }

    private JsonNode create(String user, String name, String spec, int status) {
        return tree(server.send(user, "POST", WIDGETS, widget(name, spec)), status);
    }

    @Test
    void aDefinitionIsDefaultedAcceptedAndEstablished() {
        define(ALICE, DEFINITION, "widgets.example.com");
        JsonNode definition = tree(server.get(ALICE, DEFINITIONS + "/widgets.example.com"), 200);
        assertThat(definition.at("/spec/names/singular").asString()).isEqualTo("widget");
        assertThat(definition.at("/spec/names/listKind").asString()).isEqualTo("WidgetList");
        assertThat(definition.at("/spec/conversion/strategy").asString()).isEqualTo("None");
        assertThat(definition.at("/status/acceptedNames")).isEqualTo(definition.at("/spec/names"));
        assertThat(definition.at("/status/storedVersions/0").asString()).isEqualTo("v1");
        assertThat(definition.path("metadata").has("finalizers")).isFalse();
    }

    @Test
    void objectsArePrunedDefaultedAndValidated() {
        define(ALICE, DEFINITION, "widgets.example.com");
        JsonNode created = create(ALICE, "a", "{\"color\": \"red\", \"shape\": \"round\"}", 201);
        assertThat(created.at("/spec/size").asInt()).isEqualTo(3);
        assertThat(created.at("/spec").has("shape")).isFalse();
        assertThat(created.at("/metadata/generation").asInt()).isEqualTo(1);

        JsonNode refused = create(ALICE, "b", "{\"size\": \"big\", \"color\": \"blue\"}", 422);
        assertThat(refused.path("message").asString())
                .isEqualTo(
                        "Widget.example.com \"b\" is invalid: [spec.size: Invalid value:"
                            + " \"string\": spec.size in body must be of type integer: \"string\","
                            + " spec.color: Unsupported value: \"blue\": supported values: \"red\","
                            + " \"green\", .spec.size: Invalid value: 0: .spec.size accessor error:"
                            + " big is of the type string, expected int64]");
        assertThat(create(ALICE, "b", "{\"size\": 11}", 422).path("message").asString())
                .endsWith(
                        "spec.size: Invalid value: 11: spec.size in body should be less than or"
                                + " equal to 10");
        assertThat(
                        create(
                                        ALICE,
                                        "b",
                                        "{\"ports\": [{\"name\": \"x\"}, {\"name\": \"x\"}]}",
                                        422)
                                .path("message")
                                .asString())
                .endsWith("spec.ports[1]: Duplicate value: {\"name\":\"x\"}");
        HttpResponse<String> strict =
                server.send(
                        ALICE,
                        "POST",
                        WIDGETS + "?fieldValidation=Strict",
                        widget("c", "{\"shape\": \"round\"}"));
        assertThat(strict.body())
                .contains("strict decoding error: unknown field \\\"spec.shape\\\"");
    }

    @Test
    void twoTenantsHaveDefinitionsOfOneNameWithDifferentSchemas() {
        define(ALICE, DEFINITION, "widgets.example.com");
        assertThat(tree(server.get(BOB, DEFINITIONS), 200).path("items")).isEmpty();
        assertThat(server.get(BOB, WIDGETS).statusCode()).isEqualTo(404);
        assertThat(server.get(BOB, "/apis/example.com").statusCode()).isEqualTo(404);

        define(
                BOB,
                DEFINITION
                        .replace("type: integer", "type: string")
                        .replace(", minimum: 1, maximum: 10, default: 3", "")
                        .replace(
                                "specReplicasPath: .spec.size", "specReplicasPath: .spec.replicas"),
                "widgets.example.com");
        create(ALICE, "w", "{\"size\": 4}", 201);
        create(BOB, "w", "{\"size\": \"four\"}", 201);
        create(ALICE, "v", "{\"size\": \"four\"}", 422);
        create(BOB, "v", "{\"size\": 4}", 422);
        assertThat(tree(server.get(BOB, WIDGETS), 200).path("items").size()).isEqualTo(1);

        tree(server.send(BOB, "DELETE", DEFINITIONS + "/widgets.example.com", ""), 200);
        await(() -> server.get(BOB, DEFINITIONS + "/widgets.example.com").statusCode() == 404);
        assertThat(server.get(BOB, WIDGETS).statusCode()).isEqualTo(404);
        assertThat(tree(server.get(ALICE, WIDGETS), 200).path("items").size()).isEqualTo(1);
    }

    @Test
    void theStatusIsAPartOfItsOwnAndOnlyTheSpecMakesGenerations() {
        define(ALICE, DEFINITION, "widgets.example.com");
        create(ALICE, "w", "{\"size\": 4}", 201);
        String status = "{\"status\": {\"phase\": \"Good\"}, \"spec\": {\"size\": 9}}";
        String merge = "application/merge-patch+json";
        JsonNode main = tree(server.send(ALICE, "PATCH", WIDGETS + "/w", status, merge), 200);
        assertThat(main.has("status")).isFalse();
        assertThat(main.at("/spec/size").asInt()).isEqualTo(9);
        assertThat(main.at("/metadata/generation").asInt()).isEqualTo(2);
        JsonNode part =
                tree(
                        server.send(
                                ALICE,
                                "PATCH",
                                WIDGETS + "/w/status",
                                status.replace("9", "5"),
                                merge),
                        200);
        assertThat(part.at("/status/phase").asString()).isEqualTo("Good");
        assertThat(part.at("/spec/size").asInt()).isEqualTo(9);
        assertThat(part.at("/metadata/generation").asInt()).isEqualTo(2);
    }

    @Test
    void columnsSelectorsDiscoveryAndOpenApiFollowTheDefinition() {
        define(ALICE, DEFINITION, "widgets.example.com");
        create(ALICE, "r", "{\"size\": 4, \"color\": \"red\"}", 201);
        create(ALICE, "g", "{\"color\": \"green\"}", 201);
        assertThat(
                        tree(server.get(ALICE, WIDGETS + "?fieldSelector=spec.color%3Dred"), 200)
                                .at("/items/0/metadata/name")
                                .asString())
                .isEqualTo("r");
        JsonNode table =
                tree(
                        server.send(
                                server.request(ALICE, WIDGETS)
                                        .header(
                                                "Accept",
                                                "application/json;as=Table;v=v1;g=meta.k8s.io")
                                        .build()),
                        200);
        assertThat(
                        table.path("columnDefinitions")
                                .valueStream()
                                .map(c -> c.path("name").asString()))
                .containsExactly("Name", "Size", "Ready");
        assertThat(table.at("/columnDefinitions/0/description").asString())
                .startsWith("Name must be unique within a namespace.");
        assertThat(table.at("/columnDefinitions/1/description").asString())
                .isEqualTo("Custom resource definition column (in JSONPath format): .spec.size");
        assertThat(table.at("/rows/1/cells/1").asInt()).isEqualTo(4);
        assertThat(
                        tree(server.get(ALICE, "/apis/example.com/v1"), 200)
                                .at("/resources/0/shortNames/0")
                                .asString())
                .isEqualTo("wd");
        assertThat(server.get(ALICE, "/openapi/v3").body()).contains("apis/example.com/v1");
        assertThat(server.get(BOB, "/openapi/v3").body()).doesNotContain("apis/example.com/v1");
        assertThat(
                        tree(server.get(ALICE, "/openapi/v3/apis/example.com/v1"), 200)
                                .at(
                                        "/components/schemas/com.example.v1.Widget/properties/spec"
                                                + "/properties/size/maximum")
                                .asInt())
                .isEqualTo(10);
    }

    @Test
    void deletingADefinitionDeletesItsObjectsAndWaitsForTheirFinalizers() {
        define(ALICE, DEFINITION, "widgets.example.com");
        String held =
                widget("w", "{}")
                        .replace(
                                "\"name\": \"w\"",
                                "\"name\": \"w\", \"finalizers\": [\"example.com/hold\"]");
        tree(server.send(ALICE, "POST", WIDGETS, held), 201);
        tree(server.send(ALICE, "DELETE", DEFINITIONS + "/widgets.example.com", ""), 200);
        await(() -> server.get(ALICE, WIDGETS + "/w").body().contains("deletionTimestamp"));
        assertThat(server.get(ALICE, DEFINITIONS + "/widgets.example.com").body())
                .contains("InstanceDeletionInProgress");
        assertThat(create(ALICE, "late", "{}", 403).path("message").asString())
                .isEqualTo(
                        "widgets.example.com \"late\" is forbidden: create not allowed while custom"
                                + " resource definition is terminating");
        assertThat(
                        tree(server.get(ALICE, "/apis/example.com/v1"), 200)
                                .at("/resources/0/verbs")
                                .toString())
                .isEqualTo("[\"delete\",\"deletecollection\",\"get\",\"list\",\"watch\"]");
        tree(
                server.send(
                        ALICE,
                        "PATCH",
                        WIDGETS + "/w",
                        "{\"metadata\": {\"finalizers\": null}}",
                        "application/merge-patch+json"),
                200);
        await(() -> server.get(ALICE, DEFINITIONS + "/widgets.example.com").statusCode() == 404);
    }

    @Test
    void namesThatAreTakenAreFreeAgainWhenTheirOwnerIsGone() {
        define(ALICE, DEFINITION, "widgets.example.com");
        String second =
                DEFINITION
                        .replace("widgets.example.com", "gadgets.example.com")
                        .replace("plural: widgets", "plural: gadgets");
        tree(server.send(ALICE, "POST", DEFINITIONS, json(second)), 201);
        await(() ->
                server.get(ALICE, DEFINITIONS + "/gadgets.example.com")
                        .body()
                        .contains("\\\"WidgetList\\\" is already in use"));
        assertThat(established(ALICE, "gadgets.example.com")).isFalse();
        assertThat(server.get(ALICE, "/apis/example.com/v1/gadgets").statusCode()).isEqualTo(404);
        tree(server.send(ALICE, "DELETE", DEFINITIONS + "/widgets.example.com", ""), 200);
        await(() -> established(ALICE, "gadgets.example.com"));
    }

    @Test
    void anUpdateIsForgivenWhatItDidNotChange() {
        define(ALICE, DEFINITION, "widgets.example.com");
        create(ALICE, "w", "{\"size\": 9}", 201);
        JsonNode definition = tree(server.get(ALICE, DEFINITIONS + "/widgets.example.com"), 200);
        String tighter = Json.text(definition).replace("\"maximum\":10", "\"maximum\":5");
        tree(server.send(ALICE, "PUT", DEFINITIONS + "/widgets.example.com", tighter), 200);
        String merge = "application/merge-patch+json";
        tree(
                server.send(
                        ALICE, "PATCH", WIDGETS + "/w", "{\"spec\":{\"color\":\"red\"}}", merge),
                200);
        assertThat(
                        server.send(
                                        ALICE,
                                        "PATCH",
                                        WIDGETS + "/w",
                                        "{\"spec\":{\"size\":8}}",
                                        merge)
                                .statusCode())
                .isEqualTo(422);
    }

    @Test
    void withoutConversionTheVersionsDifferInTheirNameAlone() {
        define(ALICE, DEFINITION + SECOND_VERSION, "widgets.example.com");
        create(ALICE, "w", "{\"size\": 4}", 201);
        String v2 = WIDGETS.replace("/v1/", "/v2/");
        JsonNode seen = tree(server.get(ALICE, v2 + "/w"), 200);
        assertThat(seen.path("apiVersion").asString()).isEqualTo("example.com/v2");
        assertThat(tree(server.get(ALICE, v2), 200).at("/items/0/apiVersion").asString())
                .isEqualTo("example.com/v2");
        assertThat(
                        tree(server.get(ALICE, "/apis/example.com"), 200)
                                .at("/preferredVersion/version")
                                .asString())
                .isEqualTo("v2");

        // The stored version moves: old objects stay readable, and move when they are written.
        JsonNode definition = tree(server.get(ALICE, DEFINITIONS + "/widgets.example.com"), 200);
        String moved =
                Json.text(definition)
                        .replace("\"storage\":true", "\"storage\":maybe")
                        .replace("\"storage\":false", "\"storage\":true")
                        .replace("\"storage\":maybe", "\"storage\":false");
        JsonNode updated =
                tree(server.send(ALICE, "PUT", DEFINITIONS + "/widgets.example.com", moved), 200);
        assertThat(updated.at("/status/storedVersions").size()).isEqualTo(2);
        JsonNode before = tree(server.get(ALICE, v2 + "/w"), 200);
        JsonNode same = tree(server.send(ALICE, "PUT", v2 + "/w", Json.text(before)), 200);
        assertThat(same.at("/metadata/resourceVersion"))
                .isNotEqualTo(before.at("/metadata/resourceVersion"));
        assertThat(tree(server.get(ALICE, WIDGETS + "/w"), 200).at("/spec/size").asInt())
                .isEqualTo(4);
    }

    /** kubectl shows it. */
    @Test
    void whoUsesADeprecatedVersionIsTold() {
        String old = DEFINITION.replace("- name: v1\n", "- name: v1\n    deprecated: true\n");
        define(ALICE, old + SECOND_VERSION, "widgets.example.com");
        String told = "299 - \"example.com/v1 Widget is deprecated; use example.com/v2 Widget\"";
        assertThat(server.get(ALICE, WIDGETS).headers().allValues("Warning")).containsExactly(told);
        assertThat(
                        server.send(ALICE, "POST", WIDGETS, widget("w", "{}"))
                                .headers()
                                .allValues("Warning"))
                .containsExactly(told);
        assertThat(server.get(ALICE, WIDGETS.replace("/v1/", "/v2/")).headers().map())
                .doesNotContainKey("Warning");
    }

    /** The webhook moves {@code size} to {@code width} and back, and tries to rename. */
    private static ObjectNode converted(ObjectNode request) {
        ObjectNode response = Json.object();
        response.putObject("result").put("status", "Success");
        String wanted = request.path("desiredAPIVersion").asString();
        for (JsonNode object : request.path("objects")) {
            ObjectNode copy = ((ObjectNode) object).deepCopy().put("apiVersion", wanted);
            ObjectNode spec = copy.withObjectProperty("spec");
            JsonNode value = spec.remove(wanted.endsWith("v2") ? "size" : "width");
            spec.set(wanted.endsWith("v2") ? "width" : "size", value);
            copy.withObjectProperty("metadata").putObject("labels").put("converted", "yes");
            copy.withObjectProperty("metadata").put("generation", 99);
            response.withArrayProperty("convertedObjects").add(copy);
        }
        return response;
    }

    /** The schema of the status takes anything: what a Scale tells is looked at all the same. */
    @Test
    void replicasAreWholeNumbersThatAScaleCanTell() {
        define(ALICE, DEFINITION, "widgets.example.com");
        create(ALICE, "w", "{}", 201);
        String field = "Widget.example.com \"w\" is invalid: .status.size: Invalid value: ";
        Map<String, String> told =
                Map.of(
                        "-1",
                        "-1: should be a non-negative integer",
                        "2147483648",
                        "2147483648: should be less than or equal to 2147483647",
                        "\"x\"",
                        "0: .status.size accessor error: x is of the type string, expected"
                                + " int64",
                        "{\"a\": [1]}",
                        "0: .status.size accessor error: map[a:[1]] is of the type"
                                + " map[string]interface {}, expected int64");
        told.forEach((size, words) -> {
            HttpResponse<String> answer =
                    server.send(
                            ALICE,
                            "PATCH",
                            WIDGETS + "/w/status",
                            "{\"status\": {\"size\": " + size + "}}",
                            "application/merge-patch+json");
            assertThat(tree(answer, 422).path("message").asString()).isEqualTo(field + words);
        });
    }

    @Test
    void theScaleIsWhereTheDefinitionSays() {
        define(ALICE, DEFINITION, "widgets.example.com");
        create(ALICE, "w", "{\"size\": 4}", 201);
        JsonNode scale = tree(server.get(ALICE, WIDGETS + "/w/scale"), 200);
        assertThat(scale.path("kind").asString()).isEqualTo("Scale");
        assertThat(scale.at("/spec/replicas").asInt()).isEqualTo(4);
        tree(
                server.send(
                        ALICE,
                        "PATCH",
                        WIDGETS + "/w/scale",
                        "{\"spec\":{\"replicas\":6}}",
                        "application/merge-patch+json"),
                200);
        assertThat(tree(server.get(ALICE, WIDGETS + "/w"), 200).at("/spec/size").asInt())
                .isEqualTo(6);
    }

    @Test
    void aWebhookConvertsBetweenVersions() throws IOException {
        try (WebhookServer hooks = new WebhookServer()) {
            hooks.answer("/convert", CustomResourcesIT::converted);
            String conversion =
                    """
                      conversion:
                        strategy: Webhook
                        webhook:
                          conversionReviewVersions: [v1]
                          clientConfig: {url: "%s", caBundle: "%s"}
                    """
                            .formatted(hooks.url("/convert"), hooks.caBundle());
            // The system's world may dial the loopback of the host.
            define(
                    TestUsers.OPERATOR,
                    DEFINITION + SECOND_VERSION + conversion,
                    "widgets.example.com");
            create(TestUsers.OPERATOR, "w", "{\"size\": 4}", 201);
            String v2 = WIDGETS.replace("/v1/", "/v2/");
            JsonNode seen = tree(server.get(TestUsers.OPERATOR, v2 + "/w"), 200);
            assertThat(seen.at("/spec/width").asInt()).isEqualTo(4);
            assertThat(seen.at("/metadata/labels/converted").asString()).isEqualTo("yes");
            assertThat(seen.at("/metadata/generation").asInt()).isEqualTo(1);
            assertThat(
                            tree(server.get(TestUsers.OPERATOR, v2), 200)
                                    .at("/items/0/spec/width")
                                    .asInt())
                    .isEqualTo(4);
            hooks.close();
            assertThat(server.get(TestUsers.OPERATOR, v2 + "/w").body())
                    .contains("conversion webhook for example.com/v1, Kind=Widget failed");
            assertThat(server.get(TestUsers.OPERATOR, WIDGETS + "/w").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void rulesInCelAreAskedOnCreateAndUpdate() {
        String ruled =
                DEFINITION.replaceFirst(
                        "( +)spec:\n( +)type: object\n( +)properties:\n( +)size",
                        "$1spec:\n"
                            + "$2type: object\n"
                            + "$2x-kubernetes-validations:\n"
                            + "$2- {rule: 'self.size >= oldSelf.size', message: may not shrink}\n"
                            + "$2- {rule: 'self.size != 7', message: seven is taken}\n"
                            + "$3properties:\n"
                            + "$4size");
        define(ALICE, ruled, "widgets.example.com");
        assertThat(create(ALICE, "w", "{\"size\": 7}", 422).path("message").asString())
                .contains("spec: Invalid value:")
                .contains("seven is taken");
        create(ALICE, "w", "{\"size\": 5}", 201);
        HttpResponse<String> shrunk =
                server.send(
                        ALICE,
                        "PATCH",
                        WIDGETS + "/w",
                        "{\"spec\":{\"size\":4}}",
                        "application/merge-patch+json");
        assertThat(shrunk.body()).contains("may not shrink");
    }

    @Test
    void rulesThatMayCostTooMuchAreRefusedWithTheDefinition() {
        String ruled =
                DEFINITION.replaceFirst(
                        "( +)x-kubernetes-list-type: map\n",
                        "$0$1x-kubernetes-validations:\n"
                                + "$1- {rule: 'self.all(p, self.exists(q, p.name == q.name))'}\n");
        String bounded =
                ruled.replace("name: {type: string}", "name: {type: string, maxLength: 9}")
                        .replace(
                                "x-kubernetes-list-type",
                                "maxItems: 9\n" + " ".repeat(16) + "x-kubernetes-list-type");
        assertThat(
                        tree(server.send(ALICE, "POST", DEFINITIONS, json(ruled)), 422)
                                .path("message")
                                .asString())
                .contains(
                        "properties[ports].x-kubernetes-validations[0].rule: Forbidden: estimated"
                                + " rule cost exceeds budget by factor of more than 100x")
                .contains(
                        "spec.validation.openAPIV3Schema: Forbidden: x-kubernetes-validations"
                                + " estimated rule cost total for entire OpenAPIv3 schema");
        define(ALICE, bounded, "widgets.example.com");
    }

    private static final String SECOND_VERSION =
            """
              - name: v2
                served: true
                storage: false
                schema:
                  openAPIV3Schema:
                    type: object
                    x-kubernetes-preserve-unknown-fields: true
            """;
}
