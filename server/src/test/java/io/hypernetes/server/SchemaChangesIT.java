package io.hypernetes.server;

import static io.hypernetes.server.TestServer.ACME;
import static io.hypernetes.server.TestServer.ALICE;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Patch;
import io.hypernetes.api.json.Json;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Objects that were stored under another schema of their definition than today's. */
class SchemaChangesIT {
    private static final String DEFINITIONS =
            "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String NAME = DEFINITIONS + "/gems.example.com";
    private static final String GEMS = "/apis/example.com/v1/namespaces/default/gems";

    private static final String BEFORE = "\"size\":{\"type\":\"integer\"},\"color\":%s";
    private static final String COLOR = "{\"type\":\"string\"}";
    private static final String AFTER =
            "\"size\":{\"type\":\"integer\"},\"shape\":{\"type\":\"string\",\"default\":\"round\"}";

    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String version(String name, boolean storage, String fields) {
        return """
        {"name": "%s", "served": true, "storage": %s, "schema": {"openAPIV3Schema":
         {"type": "object", "properties": {"spec": {"type": "object", "properties": {%s}}}}}}
        """
                .formatted(name, storage, fields);
    }

    private static String definition(String versions) {
        return """
        {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
         "metadata": {"name": "gems.example.com"},
         "spec": {"group": "example.com", "scope": "Namespaced",
          "names": {"plural": "gems", "kind": "Gem"}, "versions": [%s]}}
        """
                .formatted(versions);
    }

    private static JsonNode tree(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return Json.parse(response.body().getBytes(StandardCharsets.UTF_8));
    }

    private void define(String versions) throws InterruptedException {
        tree(server.send(ALICE, "POST", DEFINITIONS, definition(versions)), 201);
        while (server.get(ALICE, GEMS).statusCode() != 200) {
            Thread.sleep(20);
        }
    }

    private void redefine(String versions) {
        String patch = "{\"spec\":{\"versions\":[" + versions + "]}}";
        tree(server.send(ALICE, "PATCH", NAME, patch, "application/merge-patch+json"), 200);
    }

    private JsonNode create(String name) {
        String gem =
                """
                {"apiVersion": "example.com/v1", "kind": "Gem", "metadata": {"name": "%s"},
                 "spec": {"size": 4, "color": "red"}}
                """
                        .formatted(name);
        return tree(server.send(ALICE, "POST", GEMS, gem), 201);
    }

    private static void isToday(JsonNode gem) {
        assertThat(gem.at("/spec/shape").asString("")).isEqualTo("round");
        assertThat(gem.path("spec").has("color")).isFalse();
        assertThat(gem.at("/spec/size").asInt()).isEqualTo(4);
    }

    @Test
    void whatWasStoredUnderAnotherSchemaIsPrunedAndDefaultedWhenItIsRead() throws Exception {
        define(version("v1", true, BEFORE.formatted(COLOR)));
        JsonNode created = create("old");
        assertThat(created.at("/spec/color").asString()).isEqualTo("red");
        redefine(version("v1", true, AFTER));

        JsonNode read = tree(server.get(ALICE, GEMS + "/old"), 200);
        isToday(read);
        assertThat(read.at("/metadata/resourceVersion"))
                .isEqualTo(created.at("/metadata/resourceVersion"));
        isToday(tree(server.get(ALICE, GEMS), 200).at("/items/0"));
        String watched =
                server.get(ALICE, GEMS + "?watch=true&resourceVersion=0&timeoutSeconds=1").body();
        isToday(Json.parse(watched.getBytes(StandardCharsets.UTF_8)).path("object"));

        // Sent back unchanged it is stored in its new form; then there is nothing left to do.
        JsonNode moved = tree(server.send(ALICE, "PUT", GEMS + "/old", Json.text(read)), 200);
        assertThat(moved.at("/metadata/resourceVersion"))
                .isNotEqualTo(read.at("/metadata/resourceVersion"));
        JsonNode same = tree(server.send(ALICE, "PUT", GEMS + "/old", Json.text(moved)), 200);
        assertThat(same.at("/metadata/resourceVersion"))
                .isEqualTo(moved.at("/metadata/resourceVersion"));
    }

    private ResourceType type() {
        return server.registry()
                .types()
                .find(ACME, "example.com", "v1", "gems")
                .orElseThrow(() -> new AssertionError("no gems"));
    }

    private static ObjectNode gem(String name) {
        ObjectNode gem = Json.object();
        gem.put("apiVersion", "example.com/v1").put("kind", "Gem");
        gem.putObject("metadata").put("name", name).put("namespace", "default");
        gem.putObject("spec").put("size", 4).put("color", "red");
        return gem;
    }

    /** As a request that found its type, and was overtaken before it was stored. */
    @Test
    void aWriteIsJudgedByTheDefinitionOfTheMomentAtWhichItIsStored() throws Exception {
        define(version("v1", true, BEFORE.formatted(COLOR)));
        ResourceType before = type();
        Client client = server.client();
        client.create(before, ACME, gem("changed"));
        redefine(version("v1", true, AFTER));
        assertThat(type()).isNotSameAs(before);

        isToday(client.create(before, ACME, gem("new")));
        ObjectNode changed = gem("changed");
        changed.withObjectProperty("spec").put("color", "green");
        isToday(client.update(before, ACME, changed));
        ObjectNode blue = Json.object();
        blue.putObject("spec").put("color", "blue");
        Patch patch = new Patch.Merge(blue);
        ObjectKey key = new ObjectKey(ACME, "default", "changed");
        isToday(client.patch(before, key, patch, ""));
        for (String name : List.of("new", "changed")) {
            isToday(tree(server.get(ALICE, GEMS + "/" + name), 200));
        }

        redefine(version("v1", true, "\"size\":{\"type\":\"string\"}"));
        assertThatThrownBy(() -> client.create(before, ACME, gem("wrong")))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("spec.size in body must be of type string");

        tree(server.send(ALICE, "DELETE", NAME, ""), 200);
        while (server.get(ALICE, NAME).statusCode() != 404) {
            Thread.sleep(20);
        }
        assertThatThrownBy(() -> client.create(before, ACME, gem("late")))
                .isInstanceOf(ApiException.class)
                .hasMessage("the server could not find the requested resource");
    }

    @Test
    void aWatchEndsWhenTheDefinitionChanges() throws Exception {
        define(version("v1", true, BEFORE.formatted(COLOR)));
        create("old");
        String path = GEMS + "?watch=true&resourceVersion=0&timeoutSeconds=600";
        // The answer's head is here when the watch is open.
        InputStream open =
                server.http()
                        .send(server.request(ALICE, path).build(), BodyHandlers.ofInputStream())
                        .body();
        CompletableFuture<String> watch = CompletableFuture.supplyAsync(() -> text(open));
        redefine(version("v1", true, AFTER));
        // Though nothing happens to what is watched.
        assertThat(watch.get(1, TimeUnit.MINUTES)).contains("old");
    }

    private static String text(InputStream body) {
        try (body) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aVersionShowsOnlyWhatItKnows() throws Exception {
        String first = BEFORE.formatted(COLOR);
        define(version("v1", true, first) + "," + version("v2", false, AFTER));
        create("gem");
        String v2 = GEMS.replace("/v1/", "/v2/");
        JsonNode seen = tree(server.get(ALICE, v2 + "/gem"), 200);
        assertThat(seen.at("/spec/size").asInt()).isEqualTo(4);
        assertThat(seen.path("spec").has("color")).isFalse();
        // Defaults are those of the version that is stored.
        assertThat(seen.path("spec").has("shape")).isFalse();

        redefine(version("v1", false, first) + "," + version("v2", true, AFTER));
        assertThat(
                        tree(server.get(ALICE, NAME), 200)
                                .at("/status/storedVersions")
                                .valueStream()
                                .map(JsonNode::asString))
                .containsExactly("v1", "v2");
        assertThat(tree(server.get(ALICE, GEMS + "/gem"), 200).at("/spec/color").asString())
                .isEqualTo("red");
    }
}
