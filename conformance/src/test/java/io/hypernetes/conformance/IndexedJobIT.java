package io.hypernetes.conformance;

import static io.hypernetes.conformance.JobIT.awaitCondition;
import static io.hypernetes.conformance.JobIT.awaitRunning;
import static io.hypernetes.conformance.JobIT.create;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Metadata;

import tools.jackson.databind.node.ObjectNode;

/** Upstream's job.go: limits of each index, and jobs that need not do everything. */
final class IndexedJobIT {
    private static final String INDEX = "batch.kubernetes.io/job-completion-index";

    private static String text(ObjectNode job, String field) {
        return job.path("status").path(field).asString("");
    }

    private static String reason(ObjectNode job, String type) {
        return job.path("status")
                .path("conditions")
                .valueStream()
                .filter(c -> c.path("type").asString().equals(type))
                .map(c -> c.path("reason").asString(""))
                .findFirst()
                .orElse("");
    }

    /** Every running pod of the index ends so. */
    private static void ends(Space space, int count, String index, int exitCode) {
        awaitRunning(space, count).stream()
                .filter(pod -> Metadata.annotation(pod, INDEX).equals(index))
                .forEach(pod -> JobIT.ends(space, pod, exitCode));
    }

    @Upstream(
            "[sig-apps] Job should execute all indexes despite some failing when using"
                    + " backoffLimitPerIndex [Conformance]")
    @InWorlds
    void anIndexThatFailsStopsNoOther(Space space) {
        create(
                space,
                """
                completions: 2
                parallelism: 2
                completionMode: Indexed
                backoffLimitPerIndex: 0
                """);
        ends(space, 2, "0", 1);
        ends(space, 1, "1", 0);
        ObjectNode job = awaitCondition(space, "Failed");
        assertThat(reason(job, "Failed")).isEqualTo("FailedIndexes");
        assertThat(text(job, "failedIndexes")).isEqualTo("0");
        assertThat(text(job, "completedIndexes")).isEqualTo("1");
        assertThat(WorkloadIT.number(job, "failed")).isEqualTo(1);
        assertThat(WorkloadIT.number(job, "succeeded")).isEqualTo(1);
    }

    @Upstream(
            "[sig-apps] Job should terminate job execution when the number of failed indexes"
                    + " exceeds maxFailedIndexes [Conformance]")
    @InWorlds
    void tooManyFailedIndexesEndTheJob(Space space) {
        create(
                space,
                """
                completions: 4
                parallelism: 1
                completionMode: Indexed
                backoffLimitPerIndex: 0
                maxFailedIndexes: 0
                """);
        ends(space, 1, "0", 1);
        ObjectNode job = awaitCondition(space, "Failed");
        assertThat(reason(job, "Failed")).isEqualTo("MaxFailedIndexesExceeded");
        assertThat(text(job, "failedIndexes")).isEqualTo("0");
        assertThat(text(job, "completedIndexes")).isEmpty();
        space.pods().awaitCount(0, Objects.query("fieldSelector", "status.phase=Running"));
    }

    @Upstream(
            "[sig-apps] Job should mark indexes as failed when the FailIndex action is matched in"
                    + " podFailurePolicy [Conformance]")
    @InWorlds
    void anExitCodeFailsAnIndex(Space space) {
        create(
                space,
                """
                completions: 2
                parallelism: 2
                completionMode: Indexed
                backoffLimitPerIndex: 6
                podFailurePolicy:
                  rules:
                  - action: FailIndex
                    onExitCodes: {operator: In, values: [42]}
                """);
        ends(space, 2, "0", 42);
        ends(space, 1, "1", 0);
        ObjectNode job = awaitCondition(space, "Failed");
        assertThat(text(job, "failedIndexes")).isEqualTo("0");
        assertThat(text(job, "completedIndexes")).isEqualTo("1");
        assertThat(WorkloadIT.number(job, "failed")).isEqualTo(1);
    }

    private static ObjectNode successful(Space space, int completions, String rule) {
        return create(
                space,
                """
                completions: %d
                parallelism: %d
                completionMode: Indexed
                successPolicy: {rules: [%s]}
                """
                        .formatted(completions, completions, rule));
    }

    @Upstream(
            "[sig-apps] Job with successPolicy should succeeded when all indexes succeeded"
                    + " [Conformance]")
    @InWorlds
    void allIndexesAreEnough(Space space) {
        successful(space, 2, "{succeededIndexes: '0-1'}");
        awaitRunning(space, 2).forEach(pod -> JobIT.ends(space, pod, 0));
        ObjectNode job = awaitCondition(space, "Complete");
        assertThat(reason(job, "SuccessCriteriaMet")).isEqualTo("SuccessPolicy");
        assertThat(reason(job, "Complete")).isEqualTo("SuccessPolicy");
        assertThat(text(job, "completedIndexes")).isEqualTo("0,1");
    }

    @Upstream(
            "[sig-apps] Job with successPolicy succeededIndexes rule should succeeded even when"
                    + " some indexes remain pending [Conformance]")
    @InWorlds
    void someIndexesAreEnough(Space space) {
        successful(space, 3, "{succeededIndexes: '0'}");
        ends(space, 3, "0", 0);
        ObjectNode job = awaitCondition(space, "Complete");
        assertThat(reason(job, "SuccessCriteriaMet")).isEqualTo("SuccessPolicy");
        assertThat(text(job, "completedIndexes")).isEqualTo("0");
        space.pods().awaitCount(0, Objects.query("fieldSelector", "status.phase=Running"));
    }

    @Upstream(
            "[sig-apps] Job with successPolicy succeededCount rule should succeeded even when some"
                    + " indexes remain pending [Conformance]")
    @InWorlds
    void aNumberOfIndexesIsEnough(Space space) {
        successful(space, 3, "{succeededCount: 1}");
        ends(space, 3, "1", 0);
        ObjectNode job = awaitCondition(space, "Complete");
        assertThat(reason(job, "SuccessCriteriaMet")).isEqualTo("SuccessPolicy");
        assertThat(text(job, "completedIndexes")).isEqualTo("1");
    }
}
