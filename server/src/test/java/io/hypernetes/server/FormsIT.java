package io.hypernetes.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.json.Json;
import io.hypernetes.api.json.Yaml;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The forms that objects travel in: YAML, tables, metadata alone, patches; watches of each. */
class FormsIT {
    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<String> accept(String type, String path) {
        return server.send(server.request(TestServer.ALICE, path).header("Accept", type).build());
    }

    private static ObjectNode tree(String json) {
        return Json.parseObject(json.getBytes(StandardCharsets.UTF_8));
    }

    private static void create(String name) {
        String body =
                "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\"}}";
        assertThat(server.send(TestServer.ALICE, "POST", MAPS, body.formatted(name)).statusCode())
                .isEqualTo(201);
    }

    /** All of a watch's events from the start of the world to its end. */
    private static List<ObjectNode> watched(String as, String query) {
        HttpResponse<String> watch =
                accept(
                        "application/json;as=" + as + ";v=v1;g=meta.k8s.io",
                        MAPS + "?watch=1&timeoutSeconds=1" + query);
        assertThat(watch.statusCode()).as(watch.body()).isEqualTo(200);
        return watch.body().lines().map(FormsIT::tree).toList();
    }

    @Test
    void aManifestTravelsAsYaml() {
        String yaml =
                """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: yaml}
                data: {port: "0x10", text: "a: b"}
                """;
        HttpResponse<String> created =
                server.send(
                        server.request(TestServer.ALICE, MAPS)
                                .header("Content-Type", "application/yaml")
                                .header("Accept", "application/yaml")
                                .POST(BodyPublishers.ofString(yaml))
                                .build());
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        assertThat(created.headers().firstValue("Content-Type")).contains("application/yaml");
        ObjectNode read =
                Yaml.parse(
                                accept("application/yaml", MAPS + "/yaml")
                                        .body()
                                        .getBytes(StandardCharsets.UTF_8))
                        .tree();
        assertThat(read).isEqualTo(tree(server.get(TestServer.ALICE, MAPS + "/yaml").body()));
        assertThat(read.at("/data/port").asString()).isEqualTo("0x10");
    }

    @Test
    void aWatchOfTablesTellsItsColumnsOnce() {
        create("table-a");
        create("table-b");
        List<ObjectNode> events = watched("Table", "&fieldSelector=metadata.name%21%3Dyaml");
        assertThat(events).hasSizeGreaterThanOrEqualTo(2);
        assertThat(events)
                .allSatisfy(event -> {
                    assertThat(event.at("/object/kind").asString()).isEqualTo("Table");
                    assertThat(event.at("/object/rows")).hasSize(1);
                });
        JsonNode name = events.getFirst().at("/object/columnDefinitions/0");
        assertThat(name.path("name").asString()).isEqualTo("Name");
        assertThat(name.path("description").asString()).startsWith("Name must be unique");
        assertThat(events.get(1).at("/object/columnDefinitions").isNull()).isTrue();
    }

    @Test
    void aWatchOfMetadataHoldsNothingElseAndItsBookmarksAreMetadataToo() {
        create("partial");
        List<ObjectNode> events =
                watched(
                        "PartialObjectMetadata",
                        "&fieldSelector=metadata.name%3Dpartial&allowWatchBookmarks=true"
                                + "&sendInitialEvents=true&resourceVersionMatch=NotOlderThan");
        assertThat(events).hasSize(2);
        assertThat(events)
                .allSatisfy(event -> {
                    assertThat(event.at("/object/kind").asString())
                            .isEqualTo("PartialObjectMetadata");
                    assertThat(event.at("/object/apiVersion").asString())
                            .isEqualTo("meta.k8s.io/v1");
                    assertThat(event.at("/object").propertyNames())
                            .containsExactlyInAnyOrder("kind", "apiVersion", "metadata");
                });
        assertThat(events.getLast().path("type").asString()).isEqualTo("BOOKMARK");
        assertThat(
                        events.getLast()
                                .path("object")
                                .path("metadata")
                                .path("annotations")
                                .path("k8s.io/initial-events-end")
                                .asString(""))
                .isEqualTo("true");
    }

    @Test
    void aTableHasItsOlderVersionAndARowMayHaveNoObject() {
        create("tabled");
        JsonNode table = shown("/tabled?includeObject=None", "Table;v=v1beta1", 200);
        assertThat(table.path("apiVersion").asString()).isEqualTo("meta.k8s.io/v1beta1");
        assertThat(table.at("/rows/0").get("object").isNull()).isTrue();
        JsonNode rows = shown("?fieldSelector=metadata.name%3Dtabled", "Table;v=v1beta1", 200);
        assertThat(rows.at("/rows/0/object/apiVersion").asString())
                .isEqualTo("meta.k8s.io/v1beta1");
        assertThat(shown("?includeObject=x", "Table;v=v1", 400).path("message").asString())
                .isEqualTo(
                        "Unable to convert to Table as requested: includeObject: Invalid value:"
                                + " \"x\": must be 'Metadata', 'Object', 'None', or empty");
    }

    @Test
    void metadataOfAListAreAskedForByTheListsName() {
        create("whole");
        assertThat(shown("", "PartialObjectMetadata;v=v1", 406).path("message").asString())
                .isEqualTo(
                        "you requested PartialObjectMetadata, but the requested object is a list"
                                + " (*core.ConfigMapList)");
        assertThat(
                        shown("/whole", "PartialObjectMetadataList;v=v1", 406)
                                .path("message")
                                .asString())
                .isEqualTo(
                        "you requested PartialObjectMetadataList, but the requested object is not"
                                + " a list (*core.ConfigMap)");
    }

    private JsonNode shown(String path, String as, int status) {
        HttpResponse<String> response =
                server.send(
                        server.request(TestServer.ALICE, MAPS + path)
                                .header("Accept", "application/json;g=meta.k8s.io;as=" + as)
                                .build());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return tree(response.body());
    }

    @Test
    void aQuietWatchEndsCleanlyWhenItsTimeIsOver() {
        String version =
                tree(server.get(TestServer.ALICE, MAPS).body())
                        .at("/metadata/resourceVersion")
                        .asString();
        HttpResponse<String> watch =
                server.get(
                        TestServer.ALICE,
                        "/api/v1/namespaces/default/secrets?watch=1&timeoutSeconds=1"
                                + "&resourceVersion="
                                + version);
        assertThat(watch.statusCode()).isEqualTo(200);
        assertThat(watch.body()).isEmpty();
    }

    @Test
    void aNameIsReadAndNeverWatched() {
        create("named");
        HttpResponse<String> answer =
                server.get(TestServer.ALICE, MAPS + "/named?watch=1&timeoutSeconds=1");
        assertThat(tree(answer.body()).at("/metadata/name").asString()).isEqualTo("named");
        assertThat(
                        server.send(
                                        TestServer.ALICE,
                                        "POST",
                                        "/api/v1/namespaces/default",
                                        "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\","
                                                + "\"metadata\":{\"name\":\"other\"}}")
                                .statusCode())
                .isEqualTo(405);
    }

    @Test
    void aStrategicPatchFindsAContainerByItsName() {
        String pod =
                """
                {"apiVersion":"v1","kind":"Pod","metadata":{"name":"two"},
                 "spec":{"containers":[{"name":"a","image":"a:1"},{"name":"b","image":"b:1"}]}}
                """;
        assertThat(server.send(TestServer.ALICE, "POST", PODS, pod).statusCode()).isEqualTo(201);
        HttpResponse<String> patched =
                server.send(
                        TestServer.ALICE,
                        "PATCH",
                        PODS + "/two",
                        "{\"spec\":{\"containers\":[{\"name\":\"b\",\"image\":\"b:2\"}]}}",
                        "application/strategic-merge-patch+json");
        assertThat(patched.statusCode()).as(patched.body()).isEqualTo(200);
        ObjectNode object = tree(patched.body());
        assertThat(object.at("/spec/containers")).hasSize(2);
        assertThat(object.at("/spec/containers/0/image").asString()).isEqualTo("a:1");
        assertThat(object.at("/spec/containers/1/image").asString()).isEqualTo("b:2");
    }
}
