package io.hypernetes.server;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.json.Json;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.http.HttpResponse;

/** What a kubelet may change, asked by a node that may do everything by its rights. */
class NodeRestrictionIT {
    private static final String ONE = "system:node:one:system";
    private static final String PODS = "/api/v1/namespaces/default/pods";

    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = new TestServer();
        for (String node : new String[] {"one", "two"}) {
            made(operator("/api/v1/nodes", "{\"metadata\":{\"name\":\"%s\"}}".formatted(node)));
            made(operator(PODS, pod("on-" + node, node)));
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<String> operator(String path, String body) {
        return server.send(TestUsers.OPERATOR, "POST", path, body);
    }

    private static void made(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    }

    private static String pod(String name, String node) {
        return """
        {"metadata":{"name":"%s"},"spec":{"nodeName":"%s","containers":[{"name":"c","image":"i"}]}}\
        """
                .formatted(name, node);
    }

    private static HttpResponse<String> patch(String path, String body) {
        return server.send(ONE, "PATCH", path, body, "application/merge-patch+json");
    }

    private static void refused(HttpResponse<String> response, String why) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(403);
        assertThat(response.body()).contains(why);
    }

    private static void done(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    @Test
    void aNodeIsItsOwnAlone() {
        String cordon = "{\"spec\":{\"unschedulable\":true}}";
        done(patch("/api/v1/nodes/one", cordon));
        refused(
                patch("/api/v1/nodes/two", cordon),
                "node \\\"one\\\" is not allowed to modify node \\\"two\\\"");
        refused(
                server.send(ONE, "POST", "/api/v1/nodes", "{\"metadata\":{\"name\":\"three\"}}"),
                "is not allowed to modify node \\\"three\\\"");
    }

    @Test
    void labelsOfTrustAndTaintsAreTheOperators() {
        done(patch("/api/v1/nodes/one", "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}"));
        refused(
                patch(
                        "/api/v1/nodes/one",
                        "{\"metadata\":{\"labels\":{\"x.node-restriction.kubernetes.io/y\":\"z\"}}}"),
                "is not allowed to modify labels: x.node-restriction.kubernetes.io/y");
        refused(
                patch(
                        "/api/v1/nodes/one",
                        "{\"spec\":{\"taints\":[{\"key\":\"k\",\"effect\":\"NoSchedule\"}]}}"),
                "is not allowed to modify taints");
    }

    @Test
    void onlyThePodsOnItAreItsToTell() {
        String running = "{\"status\":{\"phase\":\"Running\"}}";
        done(patch(PODS + "/on-one/status", running));
        refused(
                patch(PODS + "/on-two/status", running),
                "can only update pod status for pods with spec.nodeName set to itself");
        refused(
                server.send(ONE, "DELETE", PODS + "/on-two", ""),
                "can only delete pods with spec.nodeName set to itself");
    }

    @Test
    void aNodeMakesMirrorsOfItsStaticPodsAndNoOthers() {
        refused(
                server.send(ONE, "POST", PODS, pod("own", "one")),
                "node \\\"one\\\" can only create mirror pods");
        refused(
                server.send(ONE, "POST", PODS, mirror("two", "{}", "")),
                "can only create pods with spec.nodeName set to itself");
        refused(
                server.send(ONE, "POST", PODS, mirror("one", "{}", "")),
                "can only create pods with an owner reference set to itself");
        refused(server.send(ONE, "POST", PODS, mirror("one", owner("x"), "")), "UID mismatch");
        String uid =
                Metadata.uid(
                        Json.parseObject(
                                server.get(TestUsers.OPERATOR, "/api/v1/nodes/one")
                                        .body()
                                        .getBytes(UTF_8)));
        refused(
                server.send(
                        ONE,
                        "POST",
                        PODS,
                        mirror("one", owner(uid), ",\"serviceAccountName\":\"default\"")),
                "can not create pods that reference a service account");
        refused(
                server.send(
                        ONE,
                        "POST",
                        PODS,
                        mirror(
                                "one",
                                owner(uid),
                                ",\"volumes\":[{\"name\":\"v\",\"secret\":"
                                        + "{\"secretName\":\"s\"}}]")),
                "can not create pods that reference secrets");
        HttpResponse<String> made = server.send(ONE, "POST", PODS, mirror("one", owner(uid), ""));
        made(made);
        assertThat(made.body()).doesNotContain("serviceAccountName", "kube-api-access");
        assertThat(server.send(ONE, "DELETE", PODS + "/mirror", "").statusCode())
                .isBetween(200, 202);
    }

    private static String owner(String uid) {
        return "{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"name\":\"one\",\"controller\":true,"
                + "\"uid\":\"%s\"}".formatted(uid);
    }

    private static String mirror(String node, String owner, String more) {
        return """
        {"metadata":{"name":"mirror","annotations":{"kubernetes.io/config.mirror":"hash"}%s},\
        "spec":{"nodeName":"%s","containers":[{"name":"c","image":"i"}]%s}}\
        """
                .formatted(
                        owner.equals("{}") ? "" : ",\"ownerReferences\":[" + owner + "]",
                        node,
                        more);
    }

    @Test
    void itsLeaseAndTheTokensOfItsPodsAreItsOwn() {
        String lease = "{\"metadata\":{\"name\":\"two\"}}";
        refused(
                server.send(
                        ONE,
                        "POST",
                        "/apis/coordination.k8s.io/v1/namespaces/default/leases",
                        lease),
                "can only access leases in the \\\"kube-node-lease\\\" system namespace");
        String tokens = "/api/v1/namespaces/default/serviceaccounts/default/token";
        refused(server.send(ONE, "POST", tokens, "{}"), "requested token not bound to a pod");
        refused(
                server.send(
                        ONE,
                        "POST",
                        tokens,
                        "{\"spec\":{\"boundObjectRef\":{\"kind\":\"Pod\",\"name\":\"on-two\",\"uid\":\"x\"}}}"),
                "requested token bound to a pod");
    }

    @Test
    void aNodeActsInEveryWorldAndSeesOfAllWhatNetworksAreMadeOf() {
        String pods = "/tenants/acme" + PODS;
        made(operator(pods, pod("of-acme", "one")));
        done(server.send(ONE, "GET", pods + "/of-acme", ""));
        done(server.send(ONE, "GET", "/tenants/*/api/v1/pods", ""));
        for (String kind : new String[] {"secrets", "configmaps", "nodes"}) {
            refused(
                    server.send(ONE, "GET", "/tenants/*/api/v1/" + kind, ""),
                    "only an operator may");
        }
        refused(server.send(ONE, "DELETE", "/tenants/*/api/v1/pods", ""), "only an operator may");
    }

    /** By its group it would be held to what a node may. */
    @Test
    void whoActsForATenantIsNoNode() {
        String someone = "system:node:one:acme";
        String free =
                "{\"metadata\":{\"name\":\"free\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}";
        made(server.send(someone, "POST", "/tenants/acme" + PODS, free));
        assertThat(server.send(someone, "GET", "/api/v1/pods", "").body()).contains("free");
        assertThat(server.send(someone, "GET", "/tenants/*/api/v1/pods", "").statusCode())
                .isEqualTo(403);
    }
}
