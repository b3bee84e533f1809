package io.hypernetes.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.json.Json;
import io.hypernetes.server.audit.AuditLog;
import io.hypernetes.server.audit.AuditPolicy;
import io.hypernetes.server.observe.Observer;
import io.hypernetes.server.observe.ServerMetrics;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the operator sees of requests: metrics and audit events. */
class ObservationIT {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String MAP =
            """
            {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "seen"}, "data": {"a": "b"}}
            """;

    @Test
    void metricsCountRequestsByWhatTheyAskForAndTellNoTenantsName() throws Exception {
        try (TestServer server = new TestServer()) {
            assertThat(server.send(TestServer.ALICE, "POST", MAPS, MAP).statusCode())
                    .isEqualTo(201);
            assertThat(server.get(TestServer.ALICE, MAPS + "/none").statusCode()).isEqualTo(404);
            assertThat(server.get(TestServer.ALICE, "/apis/no/v1/such").statusCode())
                    .isEqualTo(404);

            String metrics = server.get(TestUsers.OPERATOR, "/metrics").body();
            Exposition.check(metrics);

            assertThat(metrics)
                    .contains(
                            "apiserver_request_total{code=\"201\",dry_run=\"\",group=\"\",resource=\"configmaps\",scope=\"resource\",subresource=\"\",tenant_class=\"tenant\",verb=\"POST\",version=\"v1\"}"
                                + " 1.0")
                    .contains("code=\"404\"")
                    .contains("resource=\"custom\"")
                    .contains("apiserver_request_duration_seconds_bucket{")
                    .contains(
                            "apiserver_flowcontrol_current_executing_requests{tenant_class=\"system\"}"
                                + " 1.0")
                    .contains("apiserver_flowcontrol_current_inqueue_requests{")
                    .contains("apiserver_storage_objects{resource=\"configmaps\"}")
                    .contains("hypernetes_watch_cache_watches{resource=\"")
                    .contains("process_cpu_seconds_total ")
                    .contains("process_resident_memory_bytes")
                    .doesNotContain("acme")
                    .doesNotContain("such");
            assertThat(server.get(TestServer.ALICE, "/metrics").statusCode()).isEqualTo(404);
        }
    }

    private static Observer auditing(List<ObjectNode> events) {
        AuditLog log =
                new AuditLog() {
                    @Override
                    public void write(byte[] event) {
                        events.add(Json.parseObject(event));
                    }

                    @Override
                    public void close() {}
                };
        AuditPolicy policy =
                AuditPolicy.parse(
                        """
                        apiVersion: audit.k8s.io/v1
                        kind: Policy
                        rules:
                        - level: RequestResponse
                          resources: [{group: "", resources: [configmaps]}]
                        """
                                .getBytes(StandardCharsets.UTF_8));
        return new Observer(new ServerMetrics(), policy, log, InstantSource.system());
    }

    @Test
    void whoActsAsSomebodyElseIsNamedBesideThem() throws Exception {
        List<ObjectNode> events = new CopyOnWriteArrayList<>();
        try (TestServer server = new TestServer(auditing(events))) {
            HttpRequest request =
                    server.request(TestServer.ALICE, MAPS)
                            .header("Impersonate-User", "carol")
                            .header("Impersonate-Group", "devs")
                            .build();
            assertThat(server.send(request).statusCode()).isEqualTo(200);
        }
        ObjectNode last = events.getLast();
        assertThat(last.path("user").path("username").asString()).isEqualTo("alice");
        assertThat(last.path("impersonatedUser").path("username").asString()).isEqualTo("carol");
        assertThat(last.path("impersonatedUser").path("groups").path(0).asString())
                .isEqualTo("devs");
        assertThat(last.path("annotations").path("hypernetes.io/tenant").asString())
                .isEqualTo("acme");
    }

    @Test
    void anAuditEventSaysWhoDidWhatInWhoseWorld() throws Exception {
        List<ObjectNode> events = new CopyOnWriteArrayList<>();
        try (TestServer server = new TestServer(auditing(events))) {
            var created = server.send(TestServer.ALICE, "POST", MAPS, MAP);
            assertThat(created.headers().firstValue("Audit-Id"))
                    .contains(events.getFirst().path("auditID").asString());
            server.get(TestServer.ALICE, "/api/v1/namespaces/default/secrets");
        }
        assertThat(events)
                .extracting(event -> event.path("stage").asString())
                .containsExactly("RequestReceived", "ResponseComplete");
        ObjectNode last = events.getLast();
        assertThat(last.path("user").path("username").asString()).isEqualTo("alice");
        assertThat(last.path("verb").asString()).isEqualTo("create");
        assertThat(last.path("requestURI").asString()).isEqualTo(MAPS);
        assertThat(last.path("objectRef").path("resource").asString()).isEqualTo("configmaps");
        assertThat(last.path("responseStatus").path("code").asInt()).isEqualTo(201);
        assertThat(last.path("requestObject").path("data").path("a").asString()).isEqualTo("b");
        assertThat(last.path("responseObject").path("metadata").path("uid").asString())
                .isNotEmpty();
        assertThat(last.path("annotations").path("hypernetes.io/tenant").asString())
                .isEqualTo("acme");
        assertThat(last.path("stageTimestamp").asString())
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z");
    }

    @Test
    void metricsTellWhatAdmissionTakesAndRefuses() throws Exception {
        try (TestServer server = new TestServer()) {
            assertThat(server.send(TestServer.ALICE, "POST", MAPS, MAP).statusCode())
                    .isEqualTo(201);
            assertThat(
                            server.send(
                                            TestServer.ALICE,
                                            "DELETE",
                                            "/api/v1/namespaces/default",
                                            "")
                                    .statusCode())
                    .isEqualTo(403);
            String metrics = server.get(TestUsers.OPERATOR, "/metrics").body();
            Exposition.check(metrics);
            assertThat(metrics)
                    .contains(
                            "apiserver_admission_step_admission_duration_seconds_count{operation=\"CREATE\",rejected=\"false\",type=\"validate\"}")
                    .contains(
                            "hypernetes_admission_rejections_total{controller=\"NamespaceLifecycle\",operation=\"DELETE\"}"
                                + " 1.0");
        }
    }

    @Test
    void strangersCannotMakeLabels() throws Exception {
        try (TestServer server = new TestServer()) {
            server.send("", "INVENTED", "/healthz", "");
            server.send("", "INVENTED", "/api/v1/pods", "");
            server.get(TestServer.ALICE, "/api/v1/namespaces/default/pods/p/invented/part");

            assertThat(server.get(TestUsers.OPERATOR, "/metrics").body())
                    .contains("verb=\"OTHER\"")
                    .contains("subresource=\"other\"")
                    .doesNotContainIgnoringCase("invented");
        }
    }
}
