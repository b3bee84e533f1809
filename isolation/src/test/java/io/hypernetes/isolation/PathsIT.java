package io.hypernetes.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** The tenant is in the path: paths that might be read in two ways. */
class PathsIT {
    private static final String SECRETS = "/api/v1/namespaces/default/secrets";
    private static final String GOLD = SECRETS + "/gold";

    private static void refused(Installation it, int status, String... targets) {
        for (String target : targets) {
            assertThat(it.get(it.boss, target).status()).as(target).isEqualTo(status);
        }
    }

    private static void unreadable(Installation it, String target) {
        assertThat(it.get(it.boss, target).status()).as(target).isIn(400, 404);
    }

    @Attempt(
            id = "PATH-1",
            tries = "`/tenants/globex/…`, for reads and writes of every kind of path",
            result = "403, in the words for a tenant that does not exist")
    void anotherTenantsPrefix(Installation it) {
        for (String rest :
                List.of(
                        GOLD,
                        "/apis",
                        "/openapi/v3",
                        "/version",
                        "/healthz",
                        "/metrics",
                        "/",
                        "")) {
            Answer there = it.get(it.boss, "/tenants/globex" + rest);
            Answer missing = it.get(it.boss, "/tenants/nobody" + rest);
            assertThat(there.status()).as(rest).isEqualTo(403);
            assertThat(there.body().replace("globex", "nobody")).isEqualTo(missing.body());
        }
        assertThat(it.send(it.boss, "DELETE", "/tenants/globex" + GOLD, "").status())
                .isEqualTo(403);
        assertThat(it.send(it.boss, "POST", "/tenants/globex" + SECRETS, "{}").status())
                .isEqualTo(403);
    }

    @Attempt(
            id = "PATH-2",
            tries =
                    "the prefix encoded, or encoded twice: `/%74enants/globex`,"
                            + " `/tenants%2Fglobex`",
            result = "403 where it is decoded once, 400 or 404 else: nothing is decoded twice")
    void encodedTwice(Installation it) {
        refused(it, 403, "/%74enants/globex" + GOLD, "/tenants/%67lobex" + GOLD);
        refused(it, 400, "/tenants%2Fglobex" + GOLD, "/tenants%2fglobex" + GOLD);
        refused(it, 404, "/%2574enants/globex" + GOLD, "/tenants%252Fglobex" + GOLD);
        refused(it, 404, "/tenants/%2567lobex" + GOLD, "/tenants/acme/%252e%252e/globex" + GOLD);
    }

    @Attempt(
            id = "PATH-3",
            tries = "dot segments, plain and encoded, in the prefix, a namespace or a name",
            result = "400")
    void dotSegments(Installation it) {
        for (String dots : List.of("..", "%2e%2e", ".%2E", "%2E.", "%2e", ".")) {
            refused(
                    it,
                    400,
                    "/tenants/acme/" + dots + "/globex" + GOLD,
                    "/api/v1/namespaces/" + dots + "/secrets/gold",
                    SECRETS + "/" + dots,
                    SECRETS + "/" + dots + "/" + dots + "/" + dots + "/tenants/globex" + GOLD);
        }
        refused(it, 403, "/tenants/globex/api/v1/namespaces/default/secrets/gold");
    }

    @Attempt(
            id = "PATH-4",
            tries = "encoded slashes: a name that would be another object's key",
            result = "400")
    void slashesInNames(Installation it) {
        refused(
                it,
                400,
                SECRETS + "/x%2F..%2Fgold",
                SECRETS + "/%2Fgold",
                "/api/v1/namespaces/default%2Fsecrets/gold",
                "/api/v1/secrets%2Fglobex%2Fdefault%2Fgold",
                "/api/v1/namespaces/..%2F..%2Fglobex%2Fdefault/secrets/gold",
                "/tenants/acme%2F..%2Fglobex" + GOLD);
    }

    @Attempt(
            id = "PATH-5",
            tries = "overlong and broken UTF-8 for `.` and `/`: `%C0%AE`, `%C0%AF`, `%E0%80%AE`",
            result = "400 or 404: no byte has a second spelling")
    void overlongEncodings(Installation it) {
        for (String dot : List.of("%C0%AE", "%E0%80%AE", "%F0%80%80%AE", "%C0%2E", "%FF")) {
            unreadable(it, "/tenants/acme/" + dot + dot + "/globex" + GOLD);
            unreadable(it, "/tenants/" + dot + "globex" + GOLD);
            unreadable(it, SECRETS + "/" + dot + dot);
        }
        unreadable(it, "/tenants%C0%AFglobex" + GOLD);
        unreadable(it, SECRETS + "/x%C0%AF..%C0%AFgold");
    }

    @Attempt(
            id = "PATH-6",
            tries = "matrix parameters: `/tenants/globex;x/…`, `/tenants/acme/..;/globex`",
            result = "404 or 400: a semicolon is a part of the name")
    void matrixParameters(Installation it) {
        refused(
                it,
                404,
                "/tenants/globex;x=1" + GOLD,
                "/tenants;x/globex" + GOLD,
                "/tenants/acme;/globex" + GOLD,
                SECRETS + ";tenant=globex/gold",
                SECRETS + "/gold;tenant=globex");
        refused(it, 400, "/tenants/acme/..;/globex" + GOLD);
    }

    @Attempt(
            id = "PATH-7",
            tries = "slashes too many, before, within and after: `//tenants//globex//`",
            result =
                    "403: empty segments are skipped, the tenant stays; 404 for those within the"
                            + " API's own path")
    void emptySegments(Installation it) {
        refused(
                it,
                403,
                "//tenants/globex" + GOLD,
                "/tenants//globex" + GOLD,
                "/tenants/globex/",
                "/tenants/globex//" + GOLD + "/");
        refused(it, 404, "///tenants///globex///api//v1//secrets/");
    }

    @Attempt(
            id = "PATH-8",
            tries = "the name in other letters: upper case, full width, with NUL, blank, dot, tab",
            result = "404 or 400: it is no tenant's name")
    void otherLetters(Installation it) {
        for (String name : List.of("GLOBEX", "Globex", "%EF%BD%87lobex", "globex%20", "globex.")) {
            refused(it, 404, "/tenants/" + name + GOLD);
        }
        for (String name :
                List.of("%00globex", "globex%00", "acme%00x", "globex%0d%0aX:%20y", "globex%09")) {
            unreadable(it, "/tenants/" + name + GOLD);
        }
        refused(it, 404, "/TENANTS/globex" + GOLD, "/Tenants/globex" + GOLD);
    }

    @Attempt(id = "PATH-9", tries = "backslashes in the place of slashes", result = "400 or 404")
    void backslashes(Installation it) {
        for (String target :
                List.of(
                        "/tenants\\globex" + GOLD,
                        "\\tenants\\globex" + GOLD,
                        "/tenants/acme/..\\globex" + GOLD,
                        "/tenants/acme%5C..%5Cglobex" + GOLD,
                        SECRETS + "/..%5C..%5Cgold")) {
            unreadable(it, target);
        }
    }

    @Attempt(
            id = "PATH-10",
            tries =
                    "a request target with an authority of its own: `GET"
                            + " https://globex/tenants/globex/…`",
            result =
                    "400 for an authority that is not the header's; else the path is read as"
                            + " always")
    void absoluteTargets(Installation it) {
        refused(
                it,
                400,
                "https://globex/tenants/globex" + GOLD,
                "https://globex" + GOLD,
                "https://globex@localhost" + GOLD);
        refused(it, 403, "https://localhost/tenants/globex" + GOLD);
        Answer own = it.get(it.boss, "https://localhost" + GOLD);
        assertThat(own.status()).isEqualTo(200);
        assertThat(own.body()).contains("\"of\":\"acme\"");
    }

    @Attempt(
            id = "PATH-11",
            tries = "a prefix hidden in the query or a fragment",
            result = "read as a query: the own world, or 400")
    void hiddenPrefixes(Installation it) {
        assertThat(it.get(it.boss, GOLD + "?/tenants/globex").body()).contains("\"acme\"");
        assertThat(it.get(it.boss, GOLD + "?tenant=globex&tenants=globex").body())
                .contains("\"acme\"");
        assertThat(it.get(it.boss, GOLD + "#/../tenants/globex").status()).isIn(200, 400, 404);
        refused(it, 404, "/tenants?/globex" + GOLD);
    }

    @Attempt(
            id = "PATH-12",
            tries = "broken percent signs: `%`, `%2`, `%zz`, `%u002e`",
            result = "400")
    void brokenEscapes(Installation it) {
        for (String escape : List.of("%", "%2", "%zz", "%u002e")) {
            refused(it, 400, "/tenants/globex" + escape + GOLD, SECRETS + "/gold" + escape);
        }
    }

    @Attempt(
            id = "PATH-13",
            tries = "a prefix within a prefix: `/tenants/acme/tenants/globex/…`",
            result = "404: the second is no prefix")
    void nestedPrefixes(Installation it) {
        refused(
                it,
                404,
                "/tenants/acme/tenants/globex" + GOLD,
                "/tenants/acme/tenants/acme" + GOLD,
                "/api/v1/tenants/globex/secrets",
                "/apis/tenants/globex" + GOLD);
        refused(it, 403, "/tenants/globex/tenants/acme" + GOLD);
    }

    @Attempt(
            id = "PATH-14",
            tries = "all tenants at once, `/tenants/*/…`, plain, encoded, doubled",
            result = "403, only an operator may")
    void everyTenant(Installation it) {
        refused(
                it,
                403,
                "/tenants/*" + GOLD,
                "/tenants/*/api/v1/secrets",
                "/tenants/%2A/api/v1/pods");
        refused(it, 403, "/tenants/*/api/v1/secrets?watch=1", "/tenants/*/apis", "/tenants/*");
        refused(it, 404, "/tenants/**/api/v1/secrets", "/tenants/*globex/api/v1/secrets");
    }

    @Attempt(
            id = "PATH-15",
            tries = "the operator's own world, `/tenants/system/…`",
            result = "403")
    void theSystemsWorld(Installation it) {
        refused(
                it,
                403,
                "/tenants/system/apis/hypernetes.io/v1/tenants",
                "/tenants/system/apis/hypernetes.io/v1/users",
                "/tenants/system/api/v1/nodes",
                "/tenants/system/metrics");
        refused(it, 404, "/apis/hypernetes.io/v1/tenants", "/apis/hypernetes.io/v1/users");
    }

    @Attempt(
            id = "PATH-16",
            tries = "the old watch paths, and a proxy's path, with the prefix behind them",
            result = "404, or the own pod's server")
    void pathsBehindOtherPaths(Installation it) {
        refused(
                it,
                404,
                "/api/v1/watch/tenants/globex/secrets",
                "/api/v1/namespaces/default/pods/nobody/proxy/../../../../../../tenants/globex"
                        + GOLD);
        assertThat(
                        it.get(
                                        it.boss,
                                        "/api/v1/namespaces/default/pods/web/proxy/../../tenants/globex"
                                                + GOLD)
                                .status())
                .isIn(400, 502, 503);
        refused(it, 403, "/tenants/globex/api/v1/watch/secrets");
    }

    @Attempt(
            id = "PATH-17",
            tries = "methods that nobody knows, `TRACE`, `CONNECT`, lower case",
            result = "a refusal")
    void otherMethods(Installation it) {
        for (String method : List.of("TRACE", "CONNECT", "OPTIONS", "PROPFIND", "get", "LIST")) {
            Answer answer = it.raw(it.boss, method, "/tenants/globex" + GOLD, List.of(), "");
            assertThat(answer.status()).as(method).isIn(0, 400, 403, 404, 405, 501);
        }
    }

    @Attempt(
            id = "PATH-18",
            tries = "a stranger without credentials, on every prefix",
            result = "401 or 403")
    void strangers(Installation it) {
        for (String prefix : List.of("", "/tenants/globex", "/tenants/acme", "/tenants/*")) {
            for (String rest :
                    List.of(GOLD, "/apis", "/openapi/v2", "/metrics", "/api/v1/namespaces")) {
                assertThat(it.get("", prefix + rest).status()).as(prefix + rest).isIn(401, 403);
            }
        }
    }
}
