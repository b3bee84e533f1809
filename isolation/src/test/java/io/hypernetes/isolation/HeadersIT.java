package io.hypernetes.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Headers that other systems believe: here none says whose a request is. */
class HeadersIT {
    private static final String GOLD = "/api/v1/namespaces/default/secrets/gold";
    private static final String THERE = "/tenants/globex" + GOLD;
    private static final String WHO = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

    private static void own(Answer answer) {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).contains("\"of\":\"acme\"");
    }

    @Attempt(
            id = "HEADER-1",
            tries = "`X-Remote-User`, `-Group`, `-Extra-…`: an identity from a front proxy",
            result = "ignored: 401 without a token, the token's user with one")
    void frontProxyHeaders(Installation it) {
        String[] headers = {
            "X-Remote-User: victim",
            "X-Remote-Group: system:masters",
            "X-Remote-Extra-Hypernetes.io%2ftenant: globex"
        };
        assertThat(it.get("", GOLD, headers).status()).isIn(401, 403);
        assertThat(it.get(it.boss, THERE, headers).status()).isEqualTo(403);
        own(it.get(it.boss, GOLD, headers));
        Answer who =
                it.raw(
                        it.boss,
                        "POST",
                        WHO,
                        List.of("Content-Type: application/json", headers[0], headers[1]),
                        "{}");
        assertThat(who.body()).contains("\"username\":\"boss\"").doesNotContain("victim");
    }

    @Attempt(
            id = "HEADER-2",
            tries = "headers that name a tenant, a project or a cluster",
            result = "ignored: the own world")
    void tenantHeaders(Installation it) {
        for (String name :
                List.of(
                        "X-Tenant",
                        "X-Hypernetes-Tenant",
                        "Hypernetes-Tenant",
                        "X-Project-Id",
                        "X-Kubernetes-Cluster",
                        "X-Scope-OrgID",
                        "X-Namespace")) {
            own(it.get(it.boss, GOLD, name + ": globex"));
        }
    }

    @Attempt(
            id = "HEADER-3",
            tries =
                    "`X-Forwarded-…`, `Forwarded`, `X-Original-URL`, `X-Rewrite-URL` with another"
                            + " path",
            result = "ignored: the request line says what is asked for")
    void forwardedPaths(Installation it) {
        for (String header :
                List.of(
                        "X-Forwarded-Uri: " + THERE,
                        "X-Forwarded-Prefix: /tenants/globex",
                        "X-Forwarded-For: 127.0.0.1",
                        "X-Forwarded-Host: globex",
                        "Forwarded: for=127.0.0.1;host=globex",
                        "X-Original-URL: " + THERE,
                        "X-Rewrite-URL: " + THERE,
                        "X-Real-IP: 127.0.0.1")) {
            own(it.get(it.boss, GOLD, header));
            assertThat(it.get(it.boss, THERE, header).status()).isEqualTo(403);
        }
    }

    @Attempt(
            id = "HEADER-4",
            tries = "`Host` with another tenant's name, twice, empty, with a path",
            result = "nobody's: the own world, or 400")
    void hosts(Installation it) {
        for (String host : List.of("globex", "globex.localhost", "kubernetes.default.svc")) {
            own(it.get(it.boss, GOLD, "Host: " + host));
        }
        for (String host : List.of("localhost/tenants/globex", "globex@localhost", "a b")) {
            assertThat(it.get(it.boss, GOLD, "Host: " + host).status()).isEqualTo(400);
        }
        assertThat(it.get(it.boss, THERE, "Host: localhost", "Host: globex").status())
                .isIn(400, 403);
    }

    @Attempt(
            id = "HEADER-5",
            tries = "`X-HTTP-Method-Override` and its kin: a read that is a deletion",
            result = "ignored: the own object is read and stays")
    void methodOverrides(Installation it) {
        for (String name :
                List.of("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override")) {
            own(it.get(it.boss, GOLD, name + ": DELETE"));
        }
        own(it.get(it.boss, GOLD));
    }

    @Attempt(
            id = "HEADER-6",
            tries = "two `Authorization` headers, credentials in the query, in a cookie",
            result = "401 or the first's rights; the query and cookies are never looked at")
    void otherPlacesForCredentials(Installation it) {
        Answer two = it.get(it.boss, GOLD, "Authorization: Bearer not-a-token");
        assertThat(two.status()).isIn(401, 200);
        for (String query : List.of("access_token", "token", "authorization", "bearer_token")) {
            assertThat(it.get("", GOLD + "?" + query + "=" + it.boss).status()).isIn(401, 403);
        }
        assertThat(it.get("", GOLD, "Cookie: token=" + it.boss).status()).isIn(401, 403);
        assertThat(it.get("", GOLD, "Proxy-Authorization: Bearer " + it.boss).status())
                .isIn(401, 403);
    }

    @Attempt(
            id = "HEADER-7",
            tries =
                    "a request within a request: `Content-Length` beside `Transfer-Encoding`, two"
                            + " lengths, folded headers, bare CR and LF",
            result = "400, or one answer: nothing behind a request is read as another")
    void smuggling(Installation it) {
        String inner = "GET " + THERE + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        for (String headers :
                List.of(
                        "Content-Length: 4\r\nTransfer-Encoding: chunked",
                        "Transfer-Encoding: chunked\r\nContent-Length: 4",
                        "Content-Length: 0\r\nContent-Length: " + inner.length(),
                        "Transfer-Encoding: xchunked",
                        "Transfer-Encoding : chunked",
                        "Content-Length: +0",
                        "X-A: b\r\n Content-Length: 0",
                        "X-A: b\nContent-Length: 0",
                        "Content-Length: 0\rX: y")) {
            Answer answer =
                    it.wire(
                            "POST /api/v1/namespaces/default/configmaps HTTP/1.1\r\nHost:"
                                    + " localhost\r\nAuthorization: Bearer "
                                    + it.boss
                                    + "\r\n"
                                    + headers
                                    + "\r\nConnection: close\r\n\r\n0\r\n\r\n"
                                    + inner);
            assertThat(answer.status()).as(headers).isIn(0, 400, 415, 422, 501);
            assertThat(answer.text().split("HTTP/1.1 ", -1)).as(headers).hasSizeLessThan(3);
        }
    }

    private static List<Map.Entry<String, String>> fields(Installation it, String path) {
        return new ArrayList<>(
                List.of(
                        Map.entry(":method", "GET"),
                        Map.entry(":scheme", "https"),
                        Map.entry(":authority", "localhost"),
                        Map.entry(":path", path),
                        Map.entry("authorization", "Bearer " + it.boss)));
    }

    @Attempt(
            id = "HEADER-8",
            tries = "HTTP/2: paths as above in `:path`, and a `:path` that is none",
            result = "as over HTTP/1.1: 403, 400, or the stream is reset")
    void pseudoPaths(Installation it) {
        assertThat(it.http2(fields(it, GOLD)).body()).contains("\"of\":\"acme\"");
        assertThat(it.http2(fields(it, THERE)).status()).isEqualTo(403);
        assertThat(it.http2(fields(it, "//tenants//globex" + GOLD)).status()).isEqualTo(403);
        for (String path :
                List.of(
                        "/tenants/acme/../globex" + GOLD,
                        "/tenants/acme/%2e%2e/globex" + GOLD,
                        "/tenants%2Fglobex" + GOLD,
                        "tenants/globex" + GOLD,
                        "",
                        "*",
                        GOLD + "\r\nx: y",
                        GOLD + " HTTP/1.1\r\nx: y",
                        "https://globex" + THERE)) {
            assertThat(it.http2(fields(it, path)).status()).as(path).isIn(0, 400, 403, 404);
        }
    }

    @Attempt(
            id = "HEADER-9",
            tries =
                    "HTTP/2: pseudo-headers twice, late, unknown, missing, in upper case;"
                            + " `:authority` of another",
            result = "the stream is reset, or the own world")
    void pseudoHeaders(Installation it) {
        for (Map.Entry<String, String> more :
                List.of(
                        Map.entry(":path", THERE),
                        Map.entry(":method", "DELETE"),
                        Map.entry(":tenant", "globex"),
                        Map.entry("X-Remote-User", "victim"),
                        Map.entry("connection", "upgrade"))) {
            List<Map.Entry<String, String>> fields = fields(it, GOLD);
            fields.add(more);
            Answer answer = it.http2(fields);
            assertThat(answer.status()).as(more.toString()).isIn(0, 400);
        }
        List<Map.Entry<String, String>> other = fields(it, GOLD);
        other.set(2, Map.entry(":authority", "globex"));
        assertThat(it.http2(other).body()).contains("\"of\":\"acme\"");
        List<Map.Entry<String, String>> without = fields(it, GOLD);
        without.remove(3);
        assertThat(it.http2(without).status()).isIn(0, 400, 404);
        List<Map.Entry<String, String>> remote = fields(it, GOLD);
        remote.set(4, Map.entry("x-remote-user", "victim"));
        assertThat(it.http2(remote).status()).isIn(401, 403);
    }
}
