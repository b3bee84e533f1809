package io.hypernetes.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** Lists, watches, and what they give a client to hold: tokens and revisions. */
class ListsIT {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** The victim's own look at its things is no answer to acme. */
    private static String asVictim(Installation it, String target, String... path) {
        Answer answer = it.get(it.victim, target);
        assertThat(answer.status()).isEqualTo(200);
        it.takeAnswers();
        var node = answer.object().path("metadata");
        return node.path(path[0]).asString("");
    }

    @Attempt(
            id = "LIST-1",
            tries = "selectors that speak of tenants, or break out of their syntax",
            result = "the own objects, none, or 400")
    void selectors(Installation it) {
        for (String query :
                List.of(
                        "labelSelector=" + encoded("of=globex"),
                        "labelSelector=" + encoded("of in (acme,globex)"),
                        "labelSelector=" + encoded("of!=acme"),
                        "labelSelector=" + encoded("tenant=globex,of"),
                        "labelSelector=" + encoded("of=globex) or (of=acme"),
                        "labelSelector=" + encoded("of=../globex"),
                        "fieldSelector=" + encoded("metadata.name=gold,metadata.namespace!=x"),
                        "fieldSelector=" + encoded("metadata.namespace=../globex/default"),
                        "fieldSelector=" + encoded("metadata.tenant=globex"),
                        "fieldSelector=" + encoded("metadata.name=globex/default/gold"))) {
            for (String list : List.of("/api/v1/secrets", MAPS, "/api/v1/pods")) {
                Answer answer = it.get(it.boss, list + "?" + query);
                assertThat(answer.status()).as(query).isIn(200, 400);
                assertThat(answer.body()).doesNotContain("\"of\":\"globex\"");
            }
        }
    }

    @Attempt(
            id = "LIST-2",
            tries = "the continue token of a list of globex, in acme's",
            result = "400: it is of another list")
    void anothersContinueToken(Installation it) {
        String token = asVictim(it, "/api/v1/configmaps?limit=1", "continue");
        assertThat(token).isNotEmpty();
        for (String list : List.of("/api/v1/configmaps", MAPS, "/api/v1/secrets")) {
            assertThat(it.get(it.boss, list + "?limit=5&continue=" + token).status())
                    .isEqualTo(400);
        }
    }

    @Attempt(
            id = "LIST-3",
            tries = "a continue token made by hand, with globex' range, or beyond all of acme's",
            result = "400, or the own list's end: the range is of the request, not of the token")
    void forgedContinueTokens(Installation it) {
        for (String list : List.of("/configmaps/acme/", "/configmaps/globex/", "/configmaps/*/")) {
            for (String tenant : List.of("acme", "globex", "a", "zz", "acme/../globex")) {
                String token =
                        "{\"v\":\"meta.k8s.io/v1\",\"rv\":-1,\"list\":\"%s\",\"tenant\":\"%s\",\"namespace\":\"default\",\"name\":\"a\"}"
                                .formatted(list, tenant);
                String text =
                        Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(token.getBytes(StandardCharsets.UTF_8));
                Answer answer = it.get(it.boss, "/api/v1/configmaps?limit=50&continue=" + text);
                assertThat(answer.status()).as(token).isIn(200, 400, 410);
                assertThat(answer.body()).doesNotContain("only-of-globex");
            }
        }
    }

    @Attempt(
            id = "LIST-4",
            tries =
                    "the resourceVersion of an object of globex: exact, not older, as a watch's"
                            + " begin",
            result = "acme's state at that revision; 404 and 410 as for any number")
    void anothersRevision(Installation it) {
        String revision = asVictim(it, MAPS + "/map", "resourceVersion");
        for (String match : List.of("Exact", "NotOlderThan")) {
            Answer answer =
                    it.get(
                            it.boss,
                            "/api/v1/configmaps?resourceVersion="
                                    + revision
                                    + "&resourceVersionMatch="
                                    + match);
            assertThat(answer.status()).isIn(200, 410);
            assertThat(answer.body()).doesNotContain("only-of-globex");
        }
        assertThat(it.get(it.boss, MAPS + "/map?resourceVersion=" + revision).body())
                .contains("\"of\":\"acme\"");
    }

    @Attempt(
            id = "LIST-5",
            tries =
                    "watches from the first revision on, with initial events, of all namespaces, of"
                            + " cluster-scoped kinds",
            result = "events of the own world alone")
    void watches(Installation it) {
        List<String> resources =
                List.of(
                        "/api/v1/configmaps",
                        "/api/v1/secrets",
                        "/api/v1/namespaces",
                        "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
                        "/apis/hypernetes.io/v1/networks");
        List<String> begins =
                List.of(
                        "resourceVersion=1",
                        "resourceVersion=0",
                        "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true");
        List<String> uids = it.treasuredUids();
        assertThat(uids).hasSizeGreaterThan(10).doesNotContain("");
        resources.parallelStream()
                .forEach(resource ->
                        begins.parallelStream().forEach(begin -> watch(it, resource, begin, uids)));
    }

    /** Acme may call things of its own globex, but none of them has the uid of one of globex'. */
    private static void watch(Installation it, String resource, String begin, List<String> uids) {
        Answer answer = it.get(it.boss, resource + "?watch=1&timeoutSeconds=1&" + begin);
        assertThat(answer.status()).as(resource + begin).isIn(200, 410);
        assertThat(answer.body()).doesNotContain("only-of-globex", Installation.TREASURE);
        assertThat(uids).as(resource + begin).noneMatch(answer.body()::contains);
        assertThat(answer.body()).as("a store's key").doesNotContain("/globex/");
    }

    @Attempt(
            id = "LIST-6",
            tries = "a watch that is open while globex writes",
            result = "nothing of it arrives, not even that something happened")
    void aWatchWhileAnotherWrites(Installation it) throws Exception {
        Answer[] seen = new Answer[1];
        Thread watcher =
                Thread.ofVirtual()
                        .start(() ->
                                seen[0] =
                                        it.get(
                                                it.boss,
                                                "/api/v1/configmaps?watch=1&timeoutSeconds=3&labelSelector=of%3Dglobex"));
        for (int i = 0; i < 5; i++) {
            Thread.sleep(100);
            it.send(
                    it.victim,
                    "POST",
                    MAPS,
                    "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"burst\",\"labels\":{\"of\":\"globex\"}}}");
            it.send(it.victim, "DELETE", MAPS + "/burst", "");
        }
        watcher.join();
        assertThat(seen[0].status()).isEqualTo(200);
        assertThat(seen[0].body()).doesNotContain("burst").doesNotContain("ADDED");
    }

    @Attempt(
            id = "LIST-7",
            tries = "discovery and OpenAPI: what kinds globex has, and their fields",
            result = "acme's own definition of the same name, never globex' fields")
    void schemas(Installation it) {
        for (String target :
                List.of(
                        "/apis",
                        "/apis/example.com/v1",
                        "/openapi/v2",
                        "/openapi/v3",
                        "/openapi/v3/apis/example.com/v1")) {
            Answer answer = it.get(it.boss, target);
            assertThat(answer.status()).as(target).isEqualTo(200);
            assertThat(answer.text()).doesNotContain("ofglobex");
        }
        assertThat(it.get(it.boss, "/openapi/v3/apis/example.com/v1").body()).contains("ofacme");
    }

    @Attempt(
            id = "LIST-8",
            tries =
                    "`get nodes`, and what else tells of the host: component statuses, leases,"
                            + " metrics, debug pages",
            result = "no node; 403 or 404 for the operator's pages")
    void theHost(Installation it) {
        it.apply(io.hypernetes.api.Tenant.SYSTEM, "{kind: Node, metadata: {name: host-of-all}}");
        try {
            assertThat(it.get(it.boss, "/api/v1/nodes").body()).contains("\"items\":[]");
            assertThat(it.get(it.boss, "/api/v1/nodes/host-of-all").status()).isEqualTo(404);
            assertThat(it.get(it.boss, "/api/v1/nodes/host-of-all/proxy/metrics").status())
                    .isIn(403, 404);
            assertThat(it.get(it.boss, "/api/v1/nodes?watch=1&timeoutSeconds=1").body())
                    .doesNotContain("host-of-all");
        } finally {
            it.client()
                    .delete(
                            io.hypernetes.api.types.BuiltinTypes.NODES,
                            new io.hypernetes.api.ObjectKey(
                                    io.hypernetes.api.Tenant.SYSTEM, "", "host-of-all"),
                            io.hypernetes.api.client.DeleteOptions.NOW);
        }
        for (String page : List.of("/metrics", "/debug/pprof/", "/logs", "/stats/summary")) {
            assertThat(it.get(it.clerk, page).status()).as(page).isIn(403, 404);
        }
        assertThat(it.get(it.boss, "/metrics").text()).doesNotContain("globex");
        assertThat(it.get(it.boss, "/api/v1/componentstatuses").text()).doesNotContain("127.0.0.1");
    }
}
