package io.hypernetes.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.ResourceTypes;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Every type, verb and subresource on every form of path, by users of acme who may do everything
 * there is in their own world: nothing of globex or of the operator is seen or changed.
 */
class TenancyWalkIT {
    private static final String ALICE = "alice:acme";
    private static final String ADMIN = "root:acme";
    private static final String ACCOUNT = "system:serviceaccount:default:default:acme";

    /** Prefixes that lead into no world of a member of acme. */
    private static final List<String> FOREIGN =
            List.of("/tenants/globex", "/tenants/system", "/tenants/*");

    /** Tries to get around the check of the prefix. */
    private static final List<String> CROOKED =
            List.of(
                    "//tenants//globex",
                    "/tenants/globex/",
                    "/tenants/gl%6fbex",
                    "/%74enants/globex",
                    "/tenants/%2a",
                    "/tenants/globex%2f",
                    "/tenants/globex%2fapi",
                    "/tenants/acme/../globex",
                    "/tenants/acme/%2e%2e/globex",
                    "/tenants/acme/tenants/globex",
                    "/tenants/GLOBEX",
                    "/TENANTS/globex",
                    "/tenants/globex.",
                    "/tenants/globex;a=b",
                    "/tenants/globex%20",
                    "/tenants/acme,globex",
                    "/tenants/acme%2Cglobex",
                    "/tenants/",
                    "/tenants/-");

    private static TestServer server;
    private static ForeignWorld world;
    private static List<String> tokens;

    private Map<String, String> before;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        server = new TestServer();
        world = new ForeignWorld(server.client()).settled();
        tokens = new ArrayList<>();
        for (String prefix : List.of("/tenants/globex", "/tenants/*")) {
            ObjectNode page =
                    tree(server.get(TestUsers.OPERATOR, prefix + "/api/v1/configmaps?limit=1"));
            tokens.add(page.at("/metadata/continue").asString());
        }
        assertThat(tokens).allSatisfy(token -> assertThat(token).isNotEmpty());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void remember() {
        before = world.snapshot();
    }

    @AfterEach
    void nothingForeignChanged() {
        assertThat(world.snapshot()).isEqualTo(before);
        assertThat(server.pods.reached).noneMatch(pod -> !pod.tenant().equals(TestServer.ACME));
    }

    private static ObjectNode tree(HttpResponse<String> response) {
        return Json.parseObject(response.body().getBytes(StandardCharsets.UTF_8));
    }

    private static String manifest(ResourceType type) {
        return Json.text(new Specimens().of(type, ForeignWorld.GUESSED, "mine"));
    }

    private static HttpResponse<String> send(String user, String prefix, Attempt attempt) {
        return server.send(
                user,
                attempt.method(),
                prefix + attempt.path(),
                attempt.body(),
                attempt.contentType());
    }

    private static void tellsNothing(String what, HttpResponse<String> response) {
        boolean nothingThere =
                response.body().contains("error trying to reach service")
                        || response.body().contains("no endpoints available for service");
        assertThat(response.statusCode() < 500 || nothingThere)
                .as(what + "\n" + response.body())
                .isTrue();
        tellsNothing(what, response.body() + response.headers().map());
    }

    private static void tellsNothing(String what, String answer) {
        for (String secret : world.secrets()) {
            assertThat(answer).as(what).doesNotContain(secret);
        }
    }

    private static void isRefused(String what, HttpResponse<String> response) {
        tellsNothing(what, response);
        assertThat(response.statusCode()).as(what).isIn(400, 401, 403, 404);
        boolean notServed = response.body().equals("404 page not found\n");
        if (!what.contains("HEAD ") && !notServed) {
            assertThat(tree(response).path("kind").asString()).as(what).isEqualTo("Status");
        }
    }

    /**
     * The administrator, whom least is denied at home, walks through all types; the other two
     * through every fourth (with {@code -Dlong=true} through all), for what may differ is who they
     * are.
     */
    private static List<ResourceType> types(String user) {
        if (user.equals(ADMIN) || Boolean.getBoolean("long")) {
            return BuiltinTypes.ALL;
        }
        int first = user.equals(ALICE) ? 0 : 2;
        return IntStream.range(0, BuiltinTypes.ALL.size())
                .filter(i -> i % 4 == first)
                .mapToObj(BuiltinTypes.ALL::get)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {ALICE, ADMIN, ACCOUNT})
    void everyVerbOnEveryPathOfAnotherWorldIsRefused(String user) {
        for (ResourceType type : types(user)) {
            for (Attempt attempt : Attempt.all(type, manifest(type), tokens)) {
                for (String prefix : FOREIGN) {
                    HttpResponse<String> response = send(user, prefix, attempt);
                    String what = user + " " + attempt.method() + " " + prefix + attempt.path();
                    isRefused(what, response);
                    assertThat(response.statusCode()).as(what).isEqualTo(403);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {ALICE, ADMIN, ACCOUNT})
    void noCrookedPathLeadsThere(String user) {
        for (ResourceType type : types(user)) {
            String collection = Attempt.collections(type).getLast();
            String object = collection + "/" + ForeignWorld.GUESSED;
            for (String prefix : CROOKED) {
                for (Attempt attempt :
                        List.of(
                                Attempt.get(collection),
                                Attempt.get(object),
                                new Attempt("POST", collection, manifest(type), "application/json"),
                                new Attempt("DELETE", object, "", ""))) {
                    isRefused(
                            user + " " + attempt.method() + " " + prefix + attempt.path(),
                            send(user, prefix, attempt));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {ALICE, ADMIN, ACCOUNT})
    void whatTheyDoInTheirOwnWorldStaysThere(String user) {
        Set<ResourceType> created = new HashSet<>();
        for (String prefix : List.of("", "/tenants/acme")) {
            for (ResourceType type : types(user)) {
                for (Attempt attempt : Attempt.all(type, manifest(type), tokens)) {
                    HttpResponse<String> response = send(user, prefix, attempt);
                    tellsNothing(
                            user + " " + attempt.method() + " " + prefix + attempt.path(),
                            response);
                    if (response.statusCode() == 201) {
                        created.add(type);
                    }
                }
            }
        }
        // The walk shows something only if they really wrote objects of the same names.
        Set<ResourceType> theirs = new HashSet<>(ResourceTypes.BUILTIN.stored());
        theirs.retainAll(types(user));
        theirs.removeAll(
                List.of(BuiltinTypes.TENANTS, BuiltinTypes.USERS, BuiltinTypes.STORAGE_CLASSES));
        theirs.remove(BuiltinTypes.NAMESPACES); // the first user's is still going
        theirs.removeIf(type -> !Specimens.canBeCalledAnything(type));
        assertThat(created).containsAll(theirs);
    }

    @Test
    void namesInsideAPathLeadNowhereElse() {
        for (String path :
                List.of(
                        "/api/v1/namespaces/default/configmaps/..%2f..%2fglobex",
                        "/api/v1/namespaces/default%2f..%2fglobex/configmaps",
                        "/api/v1/namespaces/%2e%2e/configmaps/guessed",
                        "/api/v1/namespaces/globex%00default/configmaps",
                        "/api/v1/namespaces/*/configmaps/guessed",
                        "/tenants/globex%00/api/v1/configmaps",
                        "/tenants/acme%00globex/api/v1/configmaps",
                        "/api/v1/namespaces/default/configmaps/guessed/tenants/globex",
                        "/tenants",
                        "/tenants/globex",
                        "/metrics",
                        "/debug/pprof")) {
            isRefused(path, server.get(ALICE, path));
        }
        for (String path :
                List.of(
                        "/",
                        "/api",
                        "/apis",
                        "/openapi/v2",
                        "/openapi/v3",
                        "/version",
                        "/api/v1/watch/configmaps?timeoutSeconds=1",
                        "/api/v1/watch/namespaces/default/configmaps/guessed?timeoutSeconds=1")) {
            tellsNothing(path, server.get(ALICE, path));
        }
    }

    @Test
    void noHeaderMakesAnotherUserOrTenant() {
        Map<String, String> headers =
                Map.ofEntries(
                        Map.entry("X-Remote-User", "operator"),
                        Map.entry("X-Remote-Group", "system:masters"),
                        Map.entry("X-Remote-Extra-Tenant", "globex"),
                        Map.entry("X-Forwarded-User", "bob"),
                        Map.entry("X-Forwarded-Prefix", "/tenants/globex"),
                        Map.entry("X-Forwarded-Host", "globex"),
                        Map.entry("Forwarded", "for=127.0.0.1;host=globex"),
                        Map.entry("X-Original-URL", "/tenants/globex/api/v1/pods"),
                        Map.entry("X-Rewrite-URL", "/tenants/globex/api/v1/pods"),
                        Map.entry("X-Tenant", "globex"),
                        Map.entry("X-Project-Id", "globex"),
                        Map.entry("X-Hypernetes-Tenant", "globex"),
                        Map.entry("X-HTTP-Method-Override", "DELETE"),
                        Map.entry("Impersonate-User", "operator"),
                        Map.entry("Impersonate-Group", "system:masters"),
                        Map.entry("Impersonate-Uid", "0"),
                        Map.entry("Impersonate-Extra-Tenant", "globex"));
        headers.forEach((name, value) -> {
            for (String prefix : List.of("", "/tenants/globex")) {
                HttpRequest request =
                        server.request(ALICE, prefix + "/api/v1/configmaps")
                                .header(name, value)
                                .build();
                HttpResponse<String> response = server.send(request);
                String what = name + ": " + value + " on " + prefix;
                tellsNothing(what, response);
                // Half of somebody is nobody; whole, it is somebody in the own world.
                int own = isHalf(name) ? 400 : 200;
                assertThat(response.statusCode()).as(what).isEqualTo(prefix.isEmpty() ? own : 403);
            }
        });
    }

    private static boolean isHalf(String header) {
        return header.startsWith("Impersonate-") && !header.endsWith("User");
    }

    @Test
    void noWatchTellsAnything() {
        List<String> starts =
                List.of(
                        "",
                        "&resourceVersion=1",
                        "&resourceVersion=0&labelSelector=marker",
                        "&fieldSelector=metadata.name%3D" + ForeignWorld.GUESSED,
                        "&allowWatchBookmarks=true&sendInitialEvents=true"
                                + "&resourceVersionMatch=NotOlderThan");
        List<Watched> open = new ArrayList<>();
        for (ResourceType type : BuiltinTypes.ALL) {
            for (String collection : Attempt.collections(type)) {
                for (String start : starts) {
                    // Those that must see something wait until there is something to see.
                    boolean own =
                            type.equals(BuiltinTypes.CONFIG_MAPS)
                                    && !collection.contains(ForeignWorld.GUESSED)
                                    && !start.contains("Selector");
                    String watch = collection + "?watch=1&timeoutSeconds=" + (own ? 60 : 2);
                    open.add(new Watched(watch(watch + start), own));
                }
            }
        }
        world.touch();
        before = world.snapshot();
        Attempt own =
                new Attempt(
                        "POST",
                        "/api/v1/namespaces/default/configmaps",
                        Json.text(new Specimens().of(BuiltinTypes.CONFIG_MAPS, "own", "mine")),
                        "application/json");
        assertThat(send(ALICE, "", own).statusCode()).isEqualTo(201);
        int saw = 0;
        for (Watched watch : open) {
            saw += tellsNothing(watch) ? 1 : 0;
        }
        assertThat(saw).isPositive();
        server.send(ALICE, "DELETE", own.path() + "/own", "");
    }

    /**
     * A watch that goes on.
     *
     * @param untilOwn whether it may end when it has seen the object that is called {@code own}
     */
    private record Watched(
            CompletableFuture<HttpResponse<Stream<String>>> answer, boolean untilOwn) {}

    /** Returns whether it saw what its own user made. */
    private static boolean tellsNothing(Watched watch) {
        HttpResponse<Stream<String>> response = watch.answer.join();
        String what = response.request().uri().toString();
        assertThat(response.statusCode()).as(what).isLessThan(500);
        tellsNothing(what, response.headers().map().toString());
        boolean found = false;
        try (Stream<String> lines = response.body()) {
            Iterator<String> all = lines.iterator();
            while (!(found && watch.untilOwn) && all.hasNext()) {
                String line = all.next();
                tellsNothing(what, line);
                found |= line.contains("\"name\":\"own\"");
            }
        }
        return found;
    }

    private static CompletableFuture<HttpResponse<Stream<String>>> watch(String path) {
        return server.http()
                .sendAsync(
                        server.request(ALICE, path).method("GET", BodyPublishers.noBody()).build(),
                        BodyHandlers.ofLines());
    }
}
