package io.hypernetes.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.json.Json;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPInputStream;

/** Lists in pages, over all tenants and compressed; deletion of many. */
class CollectionsIT {
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

    @BeforeEach
    void empty() {
        assertThat(server.send(TestServer.ALICE, "DELETE", MAPS, "").statusCode()).isEqualTo(200);
        assertThat(names(list(""))).isEmpty();
    }

    private static ObjectNode tree(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Json.parseObject(response.body().getBytes(StandardCharsets.UTF_8));
    }

    private static ObjectNode list(String query) {
        return tree(server.get(TestServer.ALICE, MAPS + query));
    }

    private static List<String> names(ObjectNode list) {
        List<String> names = new ArrayList<>();
        list.path("items").forEach(i -> names.add(i.at("/metadata/name").asString()));
        return names;
    }

    private static void create(String user, String name, String tier, String value) {
        String body =
                """
                {"apiVersion":"v1","kind":"ConfigMap",
                 "metadata":{"name":"%s","labels":{"tier":"%s"}},"data":{"k":"%s"}}
                """
                        .formatted(name, tier, value);
        assertThat(server.send(user, "POST", MAPS, body).statusCode()).isEqualTo(201);
    }

    @Test
    void pagesShowEachObjectOnceWhateverIsWrittenMeanwhile() throws InterruptedException {
        Set<String> stable = new HashSet<>();
        for (int i = 0; i < 40; i++) {
            create(TestServer.ALICE, "m%02d".formatted(i * 2), "a", "v");
            stable.add("m%02d".formatted(i * 2));
        }
        AtomicBoolean stop = new AtomicBoolean();
        Thread writer =
                Thread.ofVirtual()
                        .start(() -> {
                            for (int i = 1; !stop.get(); i = (i + 2) % 80) {
                                String name = "m%02d".formatted(i);
                                create(TestServer.ALICE, name, "b", "v");
                                server.send(TestServer.ALICE, "DELETE", MAPS + "/" + name, "");
                            }
                        });
        List<String> seen = new ArrayList<>();
        Set<String> versions = new HashSet<>();
        String query = "?limit=7";
        while (!query.isEmpty()) {
            ObjectNode page = list(query);
            assertThat(names(page)).hasSizeLessThanOrEqualTo(7);
            seen.addAll(names(page));
            versions.add(page.at("/metadata/resourceVersion").asString());
            String next = page.at("/metadata/continue").asString("");
            query = next.isEmpty() ? "" : "?limit=7&continue=" + next;
        }
        stop.set(true);
        writer.join();
        assertThat(seen).doesNotHaveDuplicates().isSorted().containsAll(stable);
        assertThat(versions).hasSize(1);
    }

    @Test
    void aPageTellsHowManyAreLeft() {
        for (String name : List.of("a", "b", "c")) {
            create(TestServer.ALICE, name, "a", "v");
        }
        assertThat(list("?limit=1").at("/metadata/remainingItemCount").asInt()).isEqualTo(2);
    }

    @Test
    void aContinueTokenThatIsNoneIsRefused() {
        HttpResponse<String> broken = server.get(TestServer.ALICE, MAPS + "?limit=1&continue=abc");
        assertThat(broken.statusCode()).isEqualTo(400);
        assertThat(broken.body()).contains("continue key is not valid");
        HttpResponse<String> other =
                server.get(
                        TestServer.ALICE,
                        MAPS
                                + "?continue="
                                + java.util.Base64.getUrlEncoder()
                                        .encodeToString(
                                                "{\"v\":\"meta.k8s.io/v2\"}"
                                                        .getBytes(StandardCharsets.US_ASCII)));
        assertThat(other.statusCode()).isEqualTo(400);
        assertThat(other.body()).contains("does not recognize this encoded version");
    }

    @Test
    void whatASelectorNamesIsDeletedAndNothingElse() {
        create(TestServer.ALICE, "one", "front", "v");
        create(TestServer.ALICE, "two", "back", "v");
        create(TestServer.ALICE, "three", "back", "v");
        create(TestServer.BOB, "four", "back", "v");
        ObjectNode deleted =
                tree(
                        server.send(
                                TestServer.ALICE,
                                "DELETE",
                                MAPS + "?labelSelector=tier%3Dback",
                                ""));
        assertThat(names(deleted)).containsExactlyInAnyOrder("two", "three");
        assertThat(names(list(""))).containsExactly("one");
        server.send(TestServer.ALICE, "DELETE", MAPS + "?fieldSelector=metadata.name%21%3Done", "");
        assertThat(names(list(""))).containsExactly("one");
        assertThat(server.get(TestServer.BOB, MAPS + "/four").statusCode()).isEqualTo(200);
        server.send(TestServer.BOB, "DELETE", MAPS, "");
    }

    @Test
    void aLongListIsCompressedForWhoAsks() throws Exception {
        for (int i = 0; i < 20; i++) {
            create(TestServer.ALICE, "big" + i, "a", "x".repeat(10_000));
        }
        String plain = server.get(TestServer.ALICE, MAPS).body();
        HttpResponse<byte[]> compressed =
                server.http()
                        .send(
                                server.request(TestServer.ALICE, MAPS)
                                        .header("Accept-Encoding", "gzip")
                                        .build(),
                                BodyHandlers.ofByteArray());
        assertThat(compressed.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(compressed.body().length).isLessThan(plain.length() / 10);
        try (GZIPInputStream in =
                new GZIPInputStream(new ByteArrayInputStream(compressed.body()))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(plain);
        }
    }

    @Test
    void anOperatorListsOverAllTenantsButTakesNoSingleObjectThere() {
        create(TestServer.ALICE, "mine", "a", "v");
        create(TestServer.BOB, "mine", "a", "v");
        for (String path : List.of(MAPS, "/api/v1/configmaps")) {
            ObjectNode all = tree(server.get(TestUsers.OPERATOR, "/tenants/*" + path));
            List<String> owners = new ArrayList<>();
            all.path("items")
                    .forEach(i ->
                            owners.add(
                                    i.path("metadata")
                                            .path("annotations")
                                            .path("hypernetes.io/tenant")
                                            .asString("")));
            assertThat(owners).containsExactlyInAnyOrder("acme", "globex");
        }
        for (String method : List.of("GET", "DELETE")) {
            HttpResponse<String> one =
                    server.send(TestUsers.OPERATOR, method, "/tenants/*" + MAPS + "/mine", "");
            assertThat(one.statusCode()).isEqualTo(400);
            assertThat(one.body())
                    .contains("there is only get, list and watch of collections: name a tenant");
        }
        HttpResponse<String> many =
                server.send(TestUsers.OPERATOR, "DELETE", "/tenants/*" + MAPS, "");
        assertThat(many.statusCode()).isEqualTo(400);
        assertThat(server.get(TestServer.BOB, MAPS + "/mine").statusCode()).isEqualTo(200);
        server.send(TestServer.BOB, "DELETE", MAPS, "");
    }
}
