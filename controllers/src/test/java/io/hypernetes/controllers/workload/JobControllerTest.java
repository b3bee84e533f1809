package io.hypernetes.controllers.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.DeleteOptions;
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
import java.util.List;

final class JobControllerTest {
    private static final Tenant ACME = new Tenant("acme");
    private static final ObjectKey JOB = new ObjectKey(ACME, "web", "work");

    private final MemoryClient client = new MemoryClient();
    private final WorkloadMirrors mirrors = WorkloadMirrors.of(client);
    private final JobController jobs =
            new JobController(client, mirrors, Clock.systemUTC()).start();

    @AfterEach
    void stop() {
        jobs.close();
        mirrors.close();
    }

    private void job(String spec) {
        ObjectNode job =
                Yaml.parse(
                                """
                                metadata: {name: work, namespace: web}
                                spec:
                                  selector: {matchLabels: {job: work}}
                                  template:
                                    metadata: {labels: {job: work, batch.kubernetes.io/job-name: work}}
                                    spec: {restartPolicy: Never, containers: [{name: c, image: i}]}
                                """
                                        .getBytes(StandardCharsets.UTF_8))
                        .tree();
        ObjectNode more = Yaml.parse(spec.getBytes(StandardCharsets.UTF_8)).tree();
        more.forEachEntry((name, value) -> job.withObject("spec").set(name, value));
        client.create(WorkloadTypes.JOBS, ACME, job);
    }

    private List<ObjectNode> pods() {
        return client.list(BuiltinTypes.PODS, Selection.of(ACME, "web")).items().stream()
                .map(TenantObject::object)
                .toList();
    }

    private List<ObjectNode> running() {
        return pods().stream().filter(PodState::isActive).toList();
    }

    private JsonNode status() {
        return client.get(WorkloadTypes.JOBS, JOB).path("status");
    }

    private String condition(String type) {
        return status().path("conditions")
                .valueStream()
                .filter(c -> c.path("type").asString().equals(type))
                .map(c -> c.path("status").asString() + " " + c.path("reason").asString())
                .findFirst()
                .orElse("");
    }

    private void end(ObjectNode pod, String phase, int code) {
        ObjectNode ended =
                client.get(BuiltinTypes.PODS, new ObjectKey(ACME, "web", Metadata.name(pod)));
        ObjectNode status = ended.putObject("status").put("phase", phase);
        ObjectNode container = status.putArray("containerStatuses").addObject().put("name", "c");
        container.putObject("state").putObject("terminated").put("exitCode", code);
        client.updateStatus(BuiltinTypes.PODS, ACME, ended);
    }

    @Test
    void aJobRunsPodsUntilEnoughHaveSucceededAndNeverTooMany() {
        job("{completions: 5, parallelism: 2, backoffLimit: 6}");
        for (int done = 0; done < 5; done++) {
            int wanted = Math.min(2, 5 - done);
            await().until(() -> running().size() == wanted);
            end(running().getFirst(), "Succeeded", 0);
        }
        await().until(() -> condition("Complete").equals("True CompletionsReached"));
        assertThat(status().path("succeeded").asInt()).isEqualTo(5);
        assertThat(status().path("uncountedTerminatedPods")).isEmpty();
        assertThat(status().has("active")).isFalse();
        assertThat(status().path("completionTime").asString()).isNotEmpty();
        assertThat(pods()).hasSize(5).noneMatch(JobSpec::isTracked);
    }

    @Test
    void anIndexedJobTellsEachPodItsIndexAndForgivesFailedOnes() {
        job(
                "{completions: 3, parallelism: 3, completionMode: Indexed, backoffLimitPerIndex: 0,"
                        + " backoffLimit: 99}");
        await().until(() -> running().size() == 3);
        ObjectNode pod = running().getFirst();
        String index = Metadata.annotation(pod, JobSpec.INDEX);
        assertThat(pod.path("spec").path("hostname").asString()).isEqualTo("work-" + index);
        assertThat(pod.at("/spec/containers/0/env/0/name").asString())
                .isEqualTo("JOB_COMPLETION_INDEX");
        for (ObjectNode each : running()) {
            boolean fails = Metadata.annotation(each, JobSpec.INDEX).equals("1");
            end(each, fails ? "Failed" : "Succeeded", fails ? 1 : 0);
        }
        await().until(() -> condition("Failed").equals("True FailedIndexes"));
        assertThat(status().path("completedIndexes").asString()).isEqualTo("0,2");
        assertThat(status().path("failedIndexes").asString()).isEqualTo("1");
        assertThat(status().path("failed").asInt()).isEqualTo(1);
    }

    @Test
    void tooManyFailuresEndAJobAndItsOtherPods() {
        job("{completions: 2, parallelism: 2, backoffLimit: 0}");
        await().until(() -> running().size() == 2);
        end(running().getFirst(), "Failed", 1);
        await().until(() -> condition("Failed").equals("True BackoffLimitExceeded"));
        assertThat(condition("FailureTarget")).isEqualTo("True BackoffLimitExceeded");
        assertThat(running()).isEmpty();
    }

    @Test
    void aFailurePolicyDecidesByExitCode() {
        job(
                """
                completions: 2
                parallelism: 2
                backoffLimit: 6
                podReplacementPolicy: Failed
                podFailurePolicy:
                  rules:
                  - {action: FailJob, onExitCodes: {operator: In, values: [42]}}
                """);
        await().until(() -> running().size() == 2);
        end(running().getFirst(), "Failed", 42);
        await().until(() -> condition("Failed").equals("True PodFailurePolicy"));
        assertThat(client.get(WorkloadTypes.JOBS, JOB).toString())
                .contains("failed with exit code 42 matching FailJob rule at index 0");
    }

    @Test
    void aSuccessPolicyEndsAJobEarly() {
        job(
                """
                completions: 3
                parallelism: 3
                completionMode: Indexed
                backoffLimit: 6
                successPolicy: {rules: [{succeededIndexes: "0"}]}
                """);
        await().until(() -> running().size() == 3);
        running().stream()
                .filter(pod -> Metadata.annotation(pod, JobSpec.INDEX).equals("0"))
                .forEach(pod -> end(pod, "Succeeded", 0));
        await().until(() -> condition("Complete").equals("True SuccessPolicy"));
        assertThat(running()).isEmpty();
        assertThat(status().path("failed").asInt(0)).isZero();
    }

    @Test
    void aSuspendedJobHasNoPodsAndNoFailuresAndGoesOn() {
        job("{completions: 1, parallelism: 1, backoffLimit: 0}");
        await().until(() -> running().size() == 1);
        suspend(true);
        await().until(() -> condition("Suspended").equals("True JobSuspended"));
        await().until(() -> pods().isEmpty());
        suspend(false);
        await().until(() -> condition("Suspended").equals("False JobResumed"));
        await().until(() -> running().size() == 1);
        end(running().getFirst(), "Succeeded", 0);
        await().until(() -> condition("Complete").startsWith("True"));
        assertThat(status().path("failed").asInt(0)).isZero();
    }

    private void suspend(boolean suspended) {
        await().ignoreExceptions()
                .until(() -> {
                    ObjectNode job = client.get(WorkloadTypes.JOBS, JOB);
                    job.withObject("spec").put("suspend", suspended);
                    client.update(WorkloadTypes.JOBS, ACME, job);
                    return true;
                });
    }

    @Test
    void aFinishedJobGoesWhenItsTimeIsOver() {
        job("{completions: 1, parallelism: 1, backoffLimit: 0, ttlSecondsAfterFinished: 0}");
        await().until(() -> running().size() == 1);
        end(running().getFirst(), "Succeeded", 0);
        await().until(() ->
                client.find(WorkloadTypes.JOBS, JOB)
                        .filter(job -> !Metadata.isBeingDeleted(job))
                        .isEmpty());
    }

    @Test
    void aDeletedJobHoldsNoPods() {
        job("{completions: 1, parallelism: 1, backoffLimit: 0}");
        await().until(() -> running().size() == 1);
        client.delete(WorkloadTypes.JOBS, JOB, DeleteOptions.NOW);
        await().until(() -> pods().stream().noneMatch(JobSpec::isTracked));
    }
}
