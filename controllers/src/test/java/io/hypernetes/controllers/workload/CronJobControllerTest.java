package io.hypernetes.controllers.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.json.Yaml;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.WorkloadTypes;
import io.hypernetes.memoryclient.MemoryClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;

final class CronJobControllerTest {
    private static final Tenant ACME = new Tenant("acme");
    private static final ObjectKey CRON = new ObjectKey(ACME, "web", "tick");

    /** Stands until it is moved. */
    private static final class HandClock extends Clock {
        private volatile Instant now = Instant.parse("2026-01-01T00:00:30Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private final HandClock clock = new HandClock();
    private final MemoryClient client = new MemoryClient();
    private final WorkloadMirrors mirrors = WorkloadMirrors.of(client);
    private final CronJobController crons = new CronJobController(client, mirrors, clock).start();

    @AfterEach
    void stop() {
        crons.close();
        mirrors.close();
    }

    private void cron(String more) {
        String yaml =
                """
                metadata: {name: tick, namespace: web}
                spec:
                  schedule: "*/5 * * * *"
                  successfulJobsHistoryLimit: 1
                  %s
                  jobTemplate:
                    metadata: {labels: {app: tick}}
                    spec: {template: {spec: {containers: [{name: c, image: i}]}}}
                status: {lastScheduleTime: "2025-12-31T23:00:00Z"}
                """
                        .formatted(more);
        client.create(
                WorkloadTypes.CRON_JOBS,
                ACME,
                Yaml.parse(yaml.getBytes(StandardCharsets.UTF_8)).tree());
    }

    private List<ObjectNode> jobs() {
        return client.list(WorkloadTypes.JOBS, Selection.of(ACME, "web")).items().stream()
                .map(TenantObject::object)
                .toList();
    }

    private static String name(String time) {
        return "tick-" + Instant.parse(time).getEpochSecond() / 60;
    }

    private boolean hasJob(String time) {
        return jobs().stream().anyMatch(job -> Metadata.name(job).equals(name(time)));
    }

    private JsonNode status() {
        return client.get(WorkloadTypes.CRON_JOBS, CRON).path("status");
    }

    private void moveTo(String time) {
        clock.now = Instant.parse(time);
        await().ignoreExceptions()
                .until(() -> {
                    ObjectNode cron = client.get(WorkloadTypes.CRON_JOBS, CRON);
                    Metadata.ensureLabels(cron)
                            .put("moved", Long.toString(clock.now.toEpochMilli()));
                    client.update(WorkloadTypes.CRON_JOBS, ACME, cron);
                    return true;
                });
    }

    private void complete(String time) {
        ObjectKey key = new ObjectKey(ACME, "web", name(time));
        ObjectNode job = client.get(WorkloadTypes.JOBS, key);
        ObjectNode status = job.putObject("status").put("completionTime", time);
        status.putArray("conditions").addObject().put("type", "Complete").put("status", "True");
        client.updateStatus(WorkloadTypes.JOBS, ACME, job);
    }

    private boolean isTold(String reason) {
        return client.list(BuiltinTypes.EVENTS, Selection.of(ACME)).items().stream()
                .anyMatch(e -> e.object().path("reason").asString().equals(reason));
    }

    @Test
    void aJobIsMadeForTheNewestTimeThatWasMissedAndOldOnesGo() {
        cron("");
        await().until(() -> hasJob("2026-01-01T00:00:00Z"));
        assertThat(jobs()).hasSize(1);
        assertThat(Metadata.label(jobs().getFirst(), "app")).isEqualTo("tick");
        await().until(() -> status().path("active").size() == 1);
        assertThat(status().path("lastScheduleTime").asString()).isEqualTo("2026-01-01T00:00:00Z");

        complete("2026-01-01T00:00:00Z");
        await().until(() -> status().path("active").isEmpty());
        assertThat(status().path("lastSuccessfulTime").asString())
                .isEqualTo("2026-01-01T00:00:00Z");
        await().until(() -> isTold("SawCompletedJob"));

        moveTo("2026-01-01T00:05:01Z");
        await().until(() -> hasJob("2026-01-01T00:05:00Z"));
        complete("2026-01-01T00:05:00Z");
        await().until(() -> !hasJob("2026-01-01T00:00:00Z"));
        assertThat(hasJob("2026-01-01T00:05:00Z")).isTrue();
    }

    @Test
    void whoForbidsConcurrencyWaitsAndWhoReplacesDoesNot() {
        cron("concurrencyPolicy: Forbid");
        await().until(() -> hasJob("2026-01-01T00:00:00Z"));
        moveTo("2026-01-01T00:05:01Z");
        await().until(() -> isTold("JobAlreadyActive"));
        assertThat(jobs()).hasSize(1);

        await().ignoreExceptions()
                .until(() -> {
                    ObjectNode cron = client.get(WorkloadTypes.CRON_JOBS, CRON);
                    cron.withObject("spec").put("concurrencyPolicy", "Replace");
                    client.update(WorkloadTypes.CRON_JOBS, ACME, cron);
                    return true;
                });
        await().until(() -> hasJob("2026-01-01T00:05:00Z"));
        await().until(() -> !hasJob("2026-01-01T00:00:00Z"));
    }

    @Test
    void aSuspendedOneMakesNothingAndOneThatIsTooLateTellsIt() {
        cron("suspend: true");
        moveTo("2026-01-01T00:07:00Z");
        await().ignoreExceptions()
                .until(() -> {
                    ObjectNode cron = client.get(WorkloadTypes.CRON_JOBS, CRON);
                    cron.withObject("spec")
                            .put("suspend", false)
                            .put("startingDeadlineSeconds", 60);
                    client.update(WorkloadTypes.CRON_JOBS, ACME, cron);
                    return true;
                });
        await().until(() -> isTold("MissSchedule"));
        assertThat(jobs()).isEmpty();
    }
}
