package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Metadata;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** Upstream's job.go: what the controller does with pods, which end as the tests say. */
final class JobIT {
    private static final String INDEX = "batch.kubernetes.io/job-completion-index";

    static Objects jobs(Space space) {
        return space.objects("batch/v1", "jobs");
    }

    static ObjectNode create(Space space, String spec, String... labels) {
        return jobs(space)
                .create(
                        """
                        apiVersion: batch/v1
                        kind: Job
                        metadata: {name: job}
                        spec:
                          template:
                            metadata: {labels: {%s}}
                            spec: {restartPolicy: Never, containers: [{name: c, image: i}]}
                        %s
                        """
                                .formatted(String.join(", ", labels), spec.indent(2)));
    }

    private static List<ObjectNode> running(Space space) {
        return space.pods().list(Objects.query("fieldSelector", "status.phase=Running"));
    }

    static List<ObjectNode> awaitRunning(Space space, int count) {
        space.pods().awaitCount(count, Objects.query("fieldSelector", "status.phase=Running"));
        return running(space);
    }

    /** What a kubelet writes of a pod whose container has ended. */
    static void ends(Space space, ObjectNode pod, int exitCode, String... condition) {
        space.pods()
                .change(
                        Metadata.name(pod),
                        read -> {
                            ObjectNode status = read.withObjectProperty("status");
                            status.put("phase", exitCode == 0 ? "Succeeded" : "Failed");
                            for (String type : condition) {
                                status.withArrayProperty("conditions")
                                        .addObject()
                                        .put("type", type)
                                        .put("status", "True");
                            }
                            ((ObjectNode) status.path("containerStatuses").path(0))
                                    .putObject("state")
                                    .putObject("terminated")
                                    .put("exitCode", exitCode);
                        },
                        "status");
    }

    static ObjectNode awaitCondition(Space space, String type) {
        return jobs(space).await("job", job -> Definition.isTrue(job, type));
    }

    private static boolean isOwnedBy(ObjectNode pod, ObjectNode job) {
        return Metadata.ownerReferences(pod).stream()
                .anyMatch(owner -> owner.uid().equals(Metadata.uid(job)));
    }

    @Upstream(
            "[sig-apps] Job should adopt matching orphans and release non-matching pods"
                    + " [Conformance]")
    @InWorlds
    void podsAreAdoptedAndReleased(Space space) {
        ObjectNode job = create(space, "parallelism: 2\ncompletions: 2");
        String pod = Metadata.name(awaitRunning(space, 2).getFirst());
        space.pods().merge(pod, "{metadata: {ownerReferences: null}}");
        space.pods().await(pod, p -> isOwnedBy(p, job));
        space.pods()
                .merge(
                        pod,
                        "{metadata: {labels: {job-name: null, batch.kubernetes.io/job-name: null,"
                            + " controller-uid: null, batch.kubernetes.io/controller-uid: null}}}");
        space.pods().await(pod, p -> !isOwnedBy(p, job));
        awaitRunning(space, 3);
    }

    @Upstream(
            "[sig-apps] Job should allow to use a pod failure policy to ignore failure matching on"
                    + " DisruptionTarget condition [Conformance]")
    @InWorlds
    void aDisruptionIsNoFailure(Space space) {
        create(
                space,
                """
                completions: 2
                parallelism: 2
                completionMode: Indexed
                backoffLimit: 0
                podFailurePolicy:
                  rules:
                  - action: Ignore
                    onPodConditions: [{type: DisruptionTarget, status: 'True'}]
                """);
        ends(space, awaitRunning(space, 2).getFirst(), 137, "DisruptionTarget");
        awaitRunning(space, 2).forEach(pod -> ends(space, pod, 0));
        ObjectNode job = awaitCondition(space, "Complete");
        assertThat(WorkloadIT.number(job, "succeeded")).isEqualTo(2);
        assertThat(job.path("status").path("completedIndexes").asString()).isEqualTo("0,1");
    }

    @Upstream(
            "[sig-apps] Job should allow to use the pod failure policy on exit code to fail the"
                    + " job early [Conformance]")
    @InWorlds
    void anExitCodeFailsTheJob(Space space) {
        create(
                space,
                """
                completions: 2
                parallelism: 2
                backoffLimit: 6
                podFailurePolicy:
                  rules:
                  - action: FailJob
                    onExitCodes: {operator: In, values: [42]}
                """);
        ends(space, awaitRunning(space, 2).getFirst(), 42);
        ObjectNode job = awaitCondition(space, "Failed");
        assertThat(job.path("status").path("conditions").valueStream())
                .anyMatch(c ->
                        c.path("type").asString().equals("Failed")
                                && c.path("reason").asString("").equals("PodFailurePolicy"));
        space.pods().awaitCount(0, Objects.query("fieldSelector", "status.phase=Running"));
    }

    @Upstream(
            "[sig-apps] Job should create pods for an Indexed job with completion indexes and"
                    + " specified hostname [Conformance]")
    @InWorlds
    void everyIndexHasItsPod(Space space) {
        create(space, "completions: 4\nparallelism: 2\ncompletionMode: Indexed", "fake: succeeds");
        ObjectNode job = awaitCondition(space, "Complete");
        assertThat(job.path("status").path("completedIndexes").asString()).isEqualTo("0-3");
        List<ObjectNode> pods = space.pods().list();
        assertThat(pods)
                .extracting(pod -> Metadata.annotation(pod, INDEX))
                .containsExactlyInAnyOrder("0", "1", "2", "3");
        assertThat(pods)
                .allSatisfy(pod -> {
                    String index = Metadata.annotation(pod, INDEX);
                    assertThat(pod.path("spec").path("hostname").asString())
                            .isEqualTo("job-" + index);
                    assertThat(Metadata.label(pod, INDEX)).isEqualTo(index);
                    assertThat(pod.path("spec").path("containers").path(0).path("env").toString())
                            .contains("JOB_COMPLETION_INDEX", INDEX);
                });
    }

    @Upstream("[sig-apps] Job should delete a job [Conformance]")
    @InWorlds
    void aJobTakesItsPodsAlong(Space space) {
        create(space, "parallelism: 2\ncompletions: 4");
        awaitRunning(space, 2);
        jobs(space).await("job", job -> WorkloadIT.number(job, "active") == 2);
        jobs(space).delete("job", "{propagationPolicy: Foreground}");
        jobs(space).awaitGone("job");
        assertThat(space.pods().list()).isEmpty();
    }

    @Upstream(
            "[sig-apps] Job should run a job to completion when tasks sometimes fail and are"
                    + " locally restarted [Conformance]")
    @InWorlds
    void restartsInPlaceAreNoFailures(Space space) {
        ObjectNode job = Objects.tree("{apiVersion: batch/v1, kind: Job, metadata: {name: job}}");
        job.set(
                "spec",
                Objects.tree(
                        "{completions: 4, parallelism: 2, template: {spec: {restartPolicy:"
                                + " OnFailure, containers: [{name: c, image: i}]}}}"));
        jobs(space).create(job);
        for (int round = 0; round < 2; round++) {
            for (ObjectNode pod : awaitRunning(space, 2)) {
                space.pods()
                        .change(
                                Metadata.name(pod),
                                read ->
                                        ((ObjectNode)
                                                        read.path("status")
                                                                .path("containerStatuses")
                                                                .path(0))
                                                .put("restartCount", 1),
                                "status");
                ends(space, pod, 0);
            }
        }
        ObjectNode done = awaitCondition(space, "Complete");
        assertThat(WorkloadIT.number(done, "succeeded")).isEqualTo(4);
        assertThat(WorkloadIT.number(done, "failed")).isZero();
    }
}
