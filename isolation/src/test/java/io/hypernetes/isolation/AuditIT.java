package io.hypernetes.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import org.awaitility.Awaitility;

import java.time.Duration;
import java.util.List;

/** The audit events that a tenant can read. */
class AuditIT {
    private static final String AUDIT = "/apis/hypernetes.io/v1/auditevents";
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    @Attempt(
            id = "AUDIT-1",
            tries = "to read another tenant's audit events: by prefix, name, query, selector",
            result =
                    "403 or 404 or 405; the own list has the own requests, those that were refused"
                            + " too, and nobody else's")
    void anothersAudit(Installation it) {
        it.send(it.victim, "POST", MAPS, "{\"metadata\":{\"name\":\"by-globex\"}}");
        it.send(it.victim, "DELETE", MAPS + "/by-globex", "");
        it.takeAnswers();
        it.send(it.boss, "POST", MAPS, "{\"metadata\":{\"name\":\"by-acme\"}}");
        it.send(it.boss, "DELETE", MAPS + "/by-acme", "");
        it.send(it.clerk, "DELETE", MAPS + "/not-mine", "");
        // An event is written after its answer.
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> it.get(it.boss, AUDIT).body().contains("not-mine"));
        Answer own = it.get(it.boss, AUDIT);
        assertThat(own.body())
                .contains("by-acme", "\"username\":\"clerk\"", "\"code\":403")
                .doesNotContain("by-globex", "\"victim\"");
        for (String query :
                List.of("?tenant=globex", "?fieldSelector=user%3Dvictim", "?limit=1000")) {
            assertThat(it.get(it.boss, AUDIT + query).body()).doesNotContain("by-globex");
        }
        assertThat(it.get(it.boss, "/tenants/globex" + AUDIT).status()).isEqualTo(403);
        assertThat(it.get(it.boss, "/tenants/*" + AUDIT).status()).isEqualTo(403);
        assertThat(it.get(it.boss, AUDIT + "/globex").status()).isEqualTo(405);
        assertThat(it.send(it.boss, "DELETE", AUDIT, "").status()).isEqualTo(405);
        assertThat(it.get(it.boss, "/apis/hypernetes.io/v1").body())
                .as("discovery tells of it")
                .contains("\"auditevents\"");
        Answer table =
                it.get(it.boss, AUDIT, "Accept: application/json;as=Table;g=meta.k8s.io;v=v1");
        assertThat(table.body())
                .contains("\"kind\":\"Table\"", "default/configmaps/not-mine")
                .doesNotContain("by-globex");
    }

    @Attempt(
            id = "AUDIT-2",
            tries = "to read the own tenant's audit events without being its administrator",
            result = "403")
    void auditWithoutRights(Installation it) {
        assertThat(it.get(it.clerk, AUDIT).status()).isEqualTo(403);
        assertThat(it.get("", AUDIT).status()).isIn(401, 403);
    }
}
