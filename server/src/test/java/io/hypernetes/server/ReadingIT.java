package io.hypernetes.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The parameters of lists, watches and reads, as upstream takes and refuses them. */
class ReadingIT {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String SECRETS = "/api/v1/namespaces/default/secrets";
    private static final String CLASSES = "/apis/storage.k8s.io/v1/storageclasses";

    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = new TestServer();
        for (String name : List.of("a", "b", "c")) {
            create(TestServer.ACME, BuiltinTypes.CONFIG_MAPS, name);
            create(TestServer.GLOBEX, BuiltinTypes.CONFIG_MAPS, name);
            create(Tenant.SYSTEM, BuiltinTypes.STORAGE_CLASSES, name);
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void create(Tenant tenant, ResourceType type, String name) {
        server.client().create(type, tenant, new Specimens().of(type, name, "all"));
    }

    private static ObjectNode tree(HttpResponse<String> response) {
        return Json.parseObject(response.body().getBytes(StandardCharsets.UTF_8));
    }

    private static ObjectNode get(String path) {
        HttpResponse<String> answer = server.get(TestServer.ALICE, path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return tree(answer);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    resourceVersionMatch=Exact | Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided
                    resourceVersionMatch=Exact&resourceVersion=0 | Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"
                    resourceVersionMatch=Odd&resourceVersion=1 | Unsupported value: "Odd": supported values: "Exact", "NotOlderThan", ""
                    resourceVersionMatch=Exact&resourceVersion=1&continue=x | Forbidden: resourceVersionMatch is forbidden when continue is provided
                    sendInitialEvents=true | Forbidden: sendInitialEvents is forbidden for list
                    watch=1&sendInitialEvents=true | Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan
                    watch=1&resourceVersionMatch=NotOlderThan | Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided
                    """)
    void parametersThatContradictEachOtherAreInvalid(String query, String message) {
        HttpResponse<String> answer = server.get(TestServer.ALICE, MAPS + "?" + query);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(tree(answer).path("message").asString())
                .startsWith("ListOptions.meta.k8s.io \"\" is invalid: ")
                .contains(message);
    }

    @Test
    void aTokenIsOfOneListOfOneWorld() {
        String token = get(MAPS + "?limit=1").at("/metadata/continue").asString();
        ObjectNode next = get(MAPS + "?limit=1&continue=" + token);
        assertThat(next.at("/items/0/metadata/name").asString()).isEqualTo("b");
        for (HttpResponse<String> other :
                List.of(
                        server.get(TestServer.ALICE, SECRETS + "?limit=1&continue=" + token),
                        server.get(TestServer.BOB, MAPS + "?limit=1&continue=" + token),
                        server.get(
                                TestServer.ALICE,
                                "/api/v1/configmaps?limit=1&continue=" + token))) {
            assertThat(other.statusCode()).isEqualTo(400);
            assertThat(other.body()).contains("continue key is not valid");
        }
    }

    @Test
    void sharedObjectsComeInPagesToo() {
        List<String> names = new ArrayList<>();
        String query = "?limit=2";
        int left = 1;
        while (!query.isEmpty()) {
            ObjectNode page = get(CLASSES + query);
            page.path("items").forEach(i -> names.add(i.at("/metadata/name").asString()));
            assertThat(page.at("/metadata/remainingItemCount").asInt(0)).isEqualTo(left--);
            String token = page.at("/metadata/continue").asString("");
            query = token.isEmpty() ? "" : "?limit=2&continue=" + token;
        }
        assertThat(names).containsExactly("a", "b", "c");
    }

    @Test
    void aStateOfThePastIsListedExactly() {
        String version = get(MAPS).at("/metadata/resourceVersion").asString();
        create(TestServer.ACME, BuiltinTypes.CONFIG_MAPS, "late");
        ObjectNode then = get(MAPS + "?resourceVersionMatch=Exact&resourceVersion=" + version);
        assertThat(then.at("/metadata/resourceVersion").asString()).isEqualTo(version);
        assertThat(then.path("items").toString()).doesNotContain("late");
        assertThat(get(MAPS + "?resourceVersion=" + version).toString()).contains("late");
        assertThat(get(MAPS + "?resourceVersion=0").toString()).contains("late");
        server.send(TestServer.ALICE, "DELETE", MAPS + "/late", "");
    }

    @Test
    void aStateThatIsYetToComeIsWaitedForAndThenTold() {
        for (String path : List.of(MAPS, MAPS + "/a")) {
            HttpResponse<String> answer =
                    server.get(TestServer.ALICE, path + "?resourceVersion=999999999");
            assertThat(answer.statusCode()).isEqualTo(504);
            ObjectNode status = tree(answer);
            assertThat(status.path("reason").asString()).isEqualTo("Timeout");
            assertThat(status.path("message").asString())
                    .startsWith("Timeout: Too large resource version: 999999999, current: ");
            assertThat(status.at("/details/causes/0/reason").asString())
                    .isEqualTo("ResourceVersionTooLarge");
            assertThat(status.at("/details/retryAfterSeconds").asInt()).isEqualTo(1);
            assertThat(answer.headers().firstValue("Retry-After")).contains("1");
        }
    }

    @Test
    void aWatchTellsHowFarItIsBeforeItEnds() {
        HttpResponse<String> watch =
                server.get(
                        TestServer.ALICE,
                        SECRETS + "?watch=1&timeoutSeconds=3&allowWatchBookmarks=true");
        assertThat(watch.body().lines())
                .anySatisfy(line -> assertThat(line).contains("\"type\":\"BOOKMARK\""));
    }
}
