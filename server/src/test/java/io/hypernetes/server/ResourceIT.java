package io.hypernetes.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.json.Json;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** The verbs of a resource over the wire. */
class ResourceIT {
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

    private static String map(String name, String value) {
        return """
        {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"%s"},"data":{"k":"%s"}}
        """
                .formatted(name, value);
    }

    private static ObjectNode tree(HttpResponse<String> response) {
        return Json.parseObject(response.body().getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void anObjectLivesFromCreationToDeletion() {
        HttpResponse<String> created =
                server.send(TestServer.ALICE, "POST", MAPS, map("life", "1"));
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        ObjectNode object = tree(created);
        assertThat(object.at("/metadata/uid").asString()).isNotEmpty();
        assertThat(object.at("/metadata/creationTimestamp").asString()).endsWith("Z");

        assertThat(tree(server.get(TestServer.ALICE, MAPS + "/life"))).isEqualTo(object);

        ((ObjectNode) object.get("data")).put("k", "2");
        HttpResponse<String> updated =
                server.send(TestServer.ALICE, "PUT", MAPS + "/life", Json.text(object));
        assertThat(updated.statusCode()).as(updated.body()).isEqualTo(200);
        ((ObjectNode) object.get("data")).put("k", "3");
        HttpResponse<String> conflict =
                server.send(TestServer.ALICE, "PUT", MAPS + "/life", Json.text(object));
        assertThat(conflict.statusCode()).as(conflict.body()).isEqualTo(409);

        HttpResponse<String> patched =
                server.send(
                        TestServer.ALICE,
                        "PATCH",
                        MAPS + "/life",
                        "{\"data\":{\"more\":\"yes\"}}",
                        "application/merge-patch+json");
        assertThat(tree(patched).at("/data/more").asString()).isEqualTo("yes");

        assertThat(server.send(TestServer.ALICE, "DELETE", MAPS + "/life", "").statusCode())
                .isEqualTo(200);
        assertThat(server.get(TestServer.ALICE, MAPS + "/life").statusCode()).isEqualTo(404);
    }

    @Test
    void aWatchTellsEveryChangeAfterItsList() throws Exception {
        String version =
                tree(server.get(TestServer.ALICE, MAPS)).at("/metadata/resourceVersion").asString();
        HttpResponse<java.io.InputStream> watch =
                server.http()
                        .send(
                                server.request(
                                                TestServer.ALICE,
                                                MAPS + "?watch=1&resourceVersion=" + version)
                                        .build(),
                                BodyHandlers.ofInputStream());
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(watch.body(), StandardCharsets.UTF_8))) {
            server.send(TestServer.ALICE, "POST", MAPS, map("watched", "1"));
            server.send(TestServer.ALICE, "DELETE", MAPS + "/watched", "");
            ObjectNode added = Json.parseObject(lines.readLine().getBytes(StandardCharsets.UTF_8));
            ObjectNode deleted =
                    Json.parseObject(lines.readLine().getBytes(StandardCharsets.UTF_8));
            assertThat(added.path("type").asString()).isEqualTo("ADDED");
            assertThat(deleted.path("type").asString()).isEqualTo("DELETED");
            assertThat(deleted.at("/object/metadata/resourceVersion").asLong())
                    .isGreaterThan(added.at("/object/metadata/resourceVersion").asLong());
        }
    }
}
