package io.hypernetes.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.isolation.Http2Wire.Flood;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What is sent to wear the server out, or to make it read what is none of a request's. */
class FloodsIT {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String GOLD = "/api/v1/namespaces/default/secrets/gold";
    private static final String THERE = "/tenants/globex" + GOLD;

    private static void assertOthersAreServed(Installation it) {
        assertThat(it.ask(it.victim, GOLD)).isEqualTo(200);
        assertThat(it.get(it.boss, GOLD).status()).isEqualTo(200);
    }

    private static List<Map.Entry<String, String>> fields(Installation it, String more) {
        return new ArrayList<>(
                List.of(
                        Map.entry(":method", "GET"),
                        Map.entry(":scheme", "https"),
                        Map.entry(":authority", "localhost"),
                        Map.entry(":path", GOLD),
                        Map.entry("authorization", "Bearer " + it.boss),
                        Map.entry("x-more", more)));
    }

    @Attempt(
            id = "FLOOD-1",
            tries = "HTTP/2: requests that are taken back at once, 20,000 on one connection",
            result = "the server hangs up; others are served")
    void requestsThatAreTakenBack(Installation it) {
        Http2Wire http2 = new Http2Wire(it.wire());
        assertThat(http2.isEnded(Flood.RESETS, fields(it, "x"), 20_000)).isTrue();
        assertOthersAreServed(it);
    }

    @Attempt(
            id = "FLOOD-2",
            tries = "HTTP/2: headers that never end, 64 MiB of CONTINUATION frames",
            result = "the server hangs up; others are served")
    void headersThatNeverEnd(Installation it) {
        Http2Wire http2 = new Http2Wire(it.wire());
        String more = "y".repeat(8_000);
        assertThat(http2.isEnded(Flood.CONTINUATIONS, fields(it, more), 8_000)).isTrue();
        assertOthersAreServed(it);
    }

    @Attempt(
            id = "FLOOD-3",
            tries = "HTTP/2: 200,000 pings that each want an answer, none of which is read",
            result = "the server hangs up; others are served")
    void pings(Installation it) {
        Http2Wire http2 = new Http2Wire(it.wire());
        assertThat(http2.isEnded(Flood.PINGS, fields(it, "x"), 200_000)).isTrue();
        assertOthersAreServed(it);
    }

    @Attempt(
            id = "FLOOD-4",
            tries =
                    "bodies that grow when they are read: anchors that multiply, 100,000 lists in"
                            + " each other, a number with a billion digits, 64 MiB in 64 KiB of"
                            + " gzip",
            result = "400, 413 or 415; others are served")
    void bodiesThatGrow(Installation it) {
        StringBuilder anchors = new StringBuilder("apiVersion: v1\nkind: ConfigMap\na0: &a0 [x]\n");
        for (int i = 1; i < 12; i++) {
            String alias = "*a" + (i - 1) + ",";
            anchors.append("a%d: &a%d [%s]\n".formatted(i, i, alias.repeat(9)));
        }
        assertRefused(it, "application/yaml", anchors.toString());
        assertRefused(it, "application/json", "[".repeat(100_000));
        assertRefused(
                it,
                "application/json",
                "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"data\":"
                        + "{\"a\":".repeat(100_000));
        assertRefused(
                it,
                "application/json",
                "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"n\","
                        + "\"generation\":1e999999999}}");
        Answer gzipped =
                it.raw(
                        it.boss,
                        "POST",
                        MAPS,
                        List.of("Content-Type: application/json", "Content-Encoding: gzip"),
                        Gzip.ofZeros(64L << 20));
        assertThat(gzipped.status()).isIn(400, 413, 415);
        assertOthersAreServed(it);
    }

    private static void assertRefused(Installation it, String type, String body) {
        Answer answer = it.raw(it.boss, "POST", MAPS, List.of("Content-Type: " + type), body);
        assertThat(answer.status()).as(body.substring(0, 60)).isIn(400, 413, 415, 422);
    }

    @Attempt(
            id = "HEADER-10",
            tries =
                    "a change of the protocol (`h2c`, `websocket`, `SPDY/3.1`, `TLS/1.0`) where"
                            + " there is none to change, with a request for globex behind it",
            result = "one answer, as if it had not been asked for, or 400")
    void upgrades(Installation it) {
        for (String upgrade :
                List.of("h2c", "websocket", "SPDY/3.1", "TLS/1.0", "h2c, websocket")) {
            for (String target : List.of(GOLD, "/version", THERE)) {
                Answer answer =
                        it.wire(
                                Wire.request(
                                                        "GET",
                                                        target,
                                                        List.of(
                                                                "Authorization: Bearer " + it.boss,
                                                                "Upgrade: " + upgrade,
                                                                "HTTP2-Settings:"
                                                                    + " AAMAAABkAAQAoAAAAAIAAAAA",
                                                                "Sec-WebSocket-Version: 13",
                                                                "Sec-WebSocket-Key:"
                                                                    + " dGhlIHNhbXBsZSBub25jZQ=="),
                                                        "")
                                                .replace(
                                                        "Connection: close",
                                                        "Connection: Upgrade, close")
                                        + "GET "
                                        + THERE
                                        + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
                assertThat(answer.status()).as(upgrade + target).isNotEqualTo(101);
                assertThat(answer.text().split("HTTP/1.1 ", -1)).as(upgrade).hasSizeLessThan(3);
            }
        }
    }

    @Attempt(
            id = "OBJECT-14",
            tries =
                    "names in other alphabets, with marks that turn or join letters, with NUL, of"
                            + " 10,000 letters: of an object, a namespace, a label, a data key",
            result = "422 or 400: names are a few letters of ASCII")
    void namesInOtherAlphabets(Installation it) {
        for (String name :
                List.of(
                        "gl\\u043ebex", // a Cyrillic o
                        "\\uff47lobex", // a wide g
                        "globex\\u200b",
                        "\\u202exebolg",
                        "globe\\u0301x",
                        "globex\\u0000",
                        "globex\\ud83d", // half of a letter
                        "g".repeat(10_000))) {
            String named = "{\"metadata\":{\"name\":\"" + name + "\"}}";
            String labelled =
                    "{\"metadata\":{\"name\":\"n\",\"labels\":{\"" + name + "/a\":\"b\"}}}";
            String keyed = "{\"metadata\":{\"name\":\"n\"},\"data\":{\"" + name + "\":\"b\"}}";
            for (String body : List.of(named, labelled, keyed)) {
                assertThat(it.send(it.boss, "POST", MAPS, body).status()).as(body).isIn(400, 422);
            }
            assertThat(it.send(it.boss, "POST", "/api/v1/namespaces", named).status())
                    .as(named)
                    .isIn(400, 422);
        }
    }

    @Attempt(
            id = "CREDENTIAL-11",
            tries =
                    "a role that is made of others (`aggregationRule`), or becomes a part of"
                            + " others by a label, from who may write roles and nothing more",
            result = "403: who makes a role of others must have everything")
    void rolesThatAreMadeOfOthers(Installation it) {
        String rbac = "/apis/rbac.authorization.k8s.io/v1";
        String writer = it.token(Installation.ACME, "writer");
        for (String object :
                List.of(
                        "{kind: ClusterRole, metadata: {name: writes-roles}, rules: [{apiGroups:"
                                + " [rbac.authorization.k8s.io], resources: [clusterroles], verbs:"
                                + " [get, create, update, patch]}]}",
                        "{kind: ClusterRole, metadata: {name: reads-secrets}, rules: [{apiGroups:"
                                + " [''], resources: [secrets], verbs: [get]}]}",
                        "{kind: ClusterRoleBinding, metadata: {name: writer}, subjects: [{kind:"
                            + " User, name: writer, apiGroup: rbac.authorization.k8s.io}], roleRef:"
                            + " {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name:"
                            + " writes-roles}}")) {
            it.apply(Installation.ACME, object);
        }
        try {
            String mine = rbac + "/clusterroles/writes-roles";
            org.awaitility.Awaitility.await()
                    .atMost(java.time.Duration.ofSeconds(60))
                    .until(() -> it.get(writer, mine).status() == 200);
            String all =
                    "{\"aggregationRule\":{\"clusterRoleSelectors\":[{\"matchExpressions\":[{\"key\":\"none\",\"operator\":\"DoesNotExist\"}]}]}}";
            Answer gathers = it.patch(writer, mine, "merge-patch+json", all);
            assertThat(gathers.status()).isEqualTo(403);
            assertThat(gathers.text()).contains("must have cluster-admin privileges");
            String label =
                    "{\"metadata\":{\"labels\":{\"rbac.authorization.k8s.io/aggregate-to-view\":\"true\"}}}";
            String theirs = rbac + "/clusterroles/reads-secrets";
            assertThat(it.patch(writer, theirs, "merge-patch+json", label).status()).isEqualTo(403);
            assertThat(
                            it.send(
                                            writer,
                                            "POST",
                                            rbac + "/clusterroles",
                                            "{\"metadata\":{\"name\":\"new\"}," + all.substring(1))
                                    .status())
                    .isEqualTo(403);
            assertThat(it.get(writer, GOLD).status()).isEqualTo(403);
        } finally {
            it.send(it.boss, "DELETE", rbac + "/clusterrolebindings/writer", "");
            it.send(it.boss, "DELETE", rbac + "/clusterroles/writes-roles", "");
            it.send(it.boss, "DELETE", rbac + "/clusterroles/reads-secrets", "");
        }
    }

    @Attempt(
            id = "CREDENTIAL-10",
            tries =
                    "a way in for nodes of one's own: a bootstrap token in the own world's"
                            + " kube-system, shown to the server; one's own `cluster-info`",
            result = "401: those of the operator's world count alone")
    void tokensForNodes(Installation it) {
        String secrets = "/api/v1/namespaces/kube-system/secrets";
        String token = "abcdef.0123456789abcdef";
        String secret =
                """
                {apiVersion: v1, kind: Secret, type: bootstrap.kubernetes.io/token,
                 metadata: {name: bootstrap-token-abcdef},
                 stringData: {token-id: abcdef, token-secret: 0123456789abcdef, usage-bootstrap-authentication: "true",
                  usage-bootstrap-signing: "true", auth-extra-groups: "system:bootstrappers:kubeadm:default-node-token,system:masters"}}
                """;
        assertThat(it.send(it.boss, "POST", secrets, Installation.json(secret)).status())
                .isIn(201, 422);
        for (String target :
                List.of(GOLD, "/api/v1/nodes", "/tenants/system/api/v1/nodes", THERE)) {
            assertThat(it.get(token, target).status()).as(target).isEqualTo(401);
        }
        it.send(it.boss, "DELETE", secrets + "/bootstrap-token-abcdef", "");
    }

    /** Zeros, packed. */
    private static final class Gzip {
        private Gzip() {}

        static String ofZeros(long count) {
            java.io.ByteArrayOutputStream packed = new java.io.ByteArrayOutputStream();
            byte[] zeros = new byte[1 << 20];
            try (java.util.zip.GZIPOutputStream gzip = new java.util.zip.GZIPOutputStream(packed)) {
                for (long written = 0; written < count; written += zeros.length) {
                    gzip.write(zeros);
                }
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            return packed.toString(StandardCharsets.ISO_8859_1);
        }
    }
}
