package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** How engineers follow what controllers do, by the two kubectls of {@link KubectlIT}. */
final class KubectlRolloutIT {

    private static void image(Program kubectl, String image) {
        kubectl.ok("set", "image", "deployment/web", "*=" + image);
    }

    private static void isRolledOut(Program kubectl, String what) {
        assertThat(kubectl.ok("rollout", "status", what, "--timeout=120s"))
                .containsAnyOf("successfully rolled out", "partitioned roll out complete")
                .endsWith("\n");
    }

    private static String imageOf(Program kubectl) {
        return kubectl.ok(
                "get",
                "deployment",
                "web",
                "-o=jsonpath={.spec.template.spec.containers[0].image}");
    }

    @InWorlds
    void aRolloutIsPausedResumedAndUndone(Space space) {
        Program kubectl = KubectlIT.kubectl(space);
        kubectl.ok("create", "deployment", "web", "--image=one");
        isRolledOut(kubectl, "deployment/web");
        kubectl.ok("annotate", "deployment/web", "kubernetes.io/change-cause=first");
        assertThat(kubectl.ok("rollout", "pause", "deployment/web"))
                .isEqualTo("deployment.apps/web paused\n");
        image(kubectl, "two");
        assertThat(kubectl.ok("get", "replicasets", "-o=name").lines()).hasSize(1);
        assertThat(kubectl.ok("rollout", "resume", "deployment/web"))
                .isEqualTo("deployment.apps/web resumed\n");
        isRolledOut(kubectl, "deployment/web");
        assertThat(kubectl.ok("rollout", "history", "deployment/web"))
                .startsWith("deployment.apps/web")
                .containsPattern("1 +first\n2 +");
        assertThat(kubectl.ok("rollout", "history", "deployment/web", "--revision=2"))
                .containsPattern("Image:\\s+two");
        kubectl.ok("rollout", "pause", "deployment/web");
        assertThat(kubectl.fails("rollout", "undo", "deployment/web"))
                .contains("cannot rollback a paused deployment");
        kubectl.ok("rollout", "resume", "deployment/web");
        assertThat(kubectl.ok("rollout", "undo", "deployment/web"))
                .isEqualTo("deployment.apps/web rolled back\n");
        isRolledOut(kubectl, "deployment/web");
        assertThat(imageOf(kubectl)).isEqualTo("one");
        assertThat(kubectl.ok("rollout", "undo", "deployment/web", "--to-revision=2"))
                .isEqualTo("deployment.apps/web rolled back\n");
        isRolledOut(kubectl, "deployment/web");
        assertThat(imageOf(kubectl)).isEqualTo("two");
        assertThat(kubectl.ok("describe", "deployment", "web"))
                .contains("ScalingReplicaSet", "NewReplicaSet:", "1 available");
    }

    @InWorlds
    void aStatefulSetIsFollowedAndUndone(Space space) {
        Program kubectl = KubectlIT.kubectl(space);
        kubectl.given(
                WorkloadIT.workload("StatefulSet", "db", 2, "one", "serviceName: db"),
                "apply",
                "-f",
                "-");
        isRolledOut(kubectl, "statefulset/db");
        kubectl.ok("set", "image", "statefulset/db", "httpd=two");
        isRolledOut(kubectl, "statefulset/db");
        assertThat(kubectl.ok("rollout", "history", "statefulset/db")).containsPattern("1 .*\n2 ");
        assertThat(kubectl.ok("rollout", "undo", "statefulset/db"))
                .isEqualTo("statefulset.apps/db rolled back\n");
        isRolledOut(kubectl, "statefulset/db");
        assertThat(WorkloadIT.images(space)).containsOnly("one");
        assertThat(kubectl.ok("scale", "statefulset", "db", "--replicas=0"))
                .isEqualTo("statefulset.apps/db scaled\n");
        assertThat(kubectl.ok("wait", "--for=delete", "pod/db-0", "--timeout=120s")).isNotNull();
        assertThat(kubectl.ok("get", "all").lines().filter(line -> line.startsWith("pod/")))
                .isEmpty();
    }

    @InWorlds
    void aJobIsMadeOfACronJobAndWaitedFor(Space space) {
        Program kubectl = KubectlIT.kubectl(space);
        kubectl.given(
                """
                apiVersion: batch/v1
                kind: CronJob
                metadata: {name: nightly}
                spec:
                  schedule: '0 0 1 1 *'
                  jobTemplate:
                    spec:
                      template:
                        metadata: {labels: {fake: succeeds}}
                        spec: {restartPolicy: Never, containers: [{name: c, image: i}]}
                """,
                "apply",
                "-f",
                "-");
        assertThat(kubectl.ok("create", "job", "now", "--from=cronjob/nightly"))
                .isEqualTo("job.batch/now created\n");
        assertThat(kubectl.ok("wait", "--for=condition=complete", "job/now", "--timeout=120s"))
                .isEqualTo("job.batch/now condition met\n");
        assertThat(kubectl.ok("get", "job", "now")).contains("Complete", "1/1");
        assertThat(kubectl.ok("get", "cronjob"))
                .containsPattern("nightly +0 0 1 1 \\* +<none> +False");
        assertThat(kubectl.ok("events", "--for=job/now")).contains("SuccessfulCreate", "Completed");
        assertThat(kubectl.ok("describe", "job", "now"))
                .contains("Pods Statuses:", "1 Succeeded", "Created pod: now-");
    }

    /** {@code get --watch} prints what there is, then each change, until it is stopped. */
    @InWorlds
    void changesAreWatched(Space space) throws Exception {
        Program kubectl = KubectlIT.kubectl(space);
        kubectl.ok("create", "configmap", "first", "--from-literal=a=b");
        List<String> command = new ArrayList<>();
        command.add(kubectl.binary().toString());
        command.addAll(kubectl.always());
        command.addAll(List.of("get", "configmaps", "--watch", "--output-watch-events"));
        Process watching = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(watching.getInputStream(), StandardCharsets.UTF_8))) {
            reads(lines, "ADDED +first +1 ");
            kubectl.ok("create", "configmap", "second");
            reads(lines, "ADDED +second +0 ");
            kubectl.ok("patch", "configmap", "second", "-p={\"data\":{\"a\":\"b\",\"c\":\"d\"}}");
            reads(lines, "MODIFIED +second +2 ");
            kubectl.ok("delete", "configmap", "first");
            reads(lines, "DELETED +first +1 ");
        } finally {
            watching.destroy();
            watching.waitFor();
        }
    }

    private static void reads(BufferedReader lines, String wanted) throws IOException {
        Pattern pattern = Pattern.compile(wanted);
        List<String> read = new ArrayList<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (pattern.matcher(line).find()) {
                return;
            }
            read.add(line);
        }
        throw new AssertionError("no line is like " + wanted + ": " + read);
    }

    @InWorlds
    void whatWasAppliedIsKnownAndTheRestIsLeftAlone(Space space) {
        Program kubectl = KubectlIT.kubectl(space);
        String map =
                "apiVersion: v1\n"
                        + "kind: ConfigMap\n"
                        + "metadata: {name: m}\n"
                        + "data: {mine: one, gone: x}\n";
        kubectl.given(map, "apply", "-f", "-");
        kubectl.ok("patch", "configmap", "m", "-p={\"data\":{\"theirs\":\"two\"}}");
        assertThat(kubectl.ok("apply", "view-last-applied", "configmap/m")).contains("mine: one");
        assertThat(kubectl.run(map.replace(", gone: x", ""), "diff", "-f", "-"))
                .satisfies(run -> assertThat(run.exit()).isEqualTo(1))
                .satisfies(run -> assertThat(run.out()).contains("-  gone: x"));
        assertThat(kubectl.given(map.replace(", gone: x", ""), "apply", "-f", "-"))
                .isEqualTo("configmap/m configured\n");
        assertThat(kubectl.ok("get", "configmap", "m", "-o=jsonpath={.data}"))
                .isEqualTo("{\"mine\":\"one\",\"theirs\":\"two\"}");
        String taken = map.replace("{mine: one, gone: x}", "{theirs: three}");
        Program.Run conflict = kubectl.run(taken, "apply", "--server-side", "-f", "-");
        assertThat(conflict.exit()).isNotZero();
        assertThat(conflict.err())
                .contains("Apply failed with 1 conflict", "\"kubectl-patch\"", ".data.theirs");
        assertThat(kubectl.given(taken, "apply", "--server-side", "--force-conflicts", "-f", "-"))
                .isEqualTo("configmap/m serverside-applied\n");
        assertThat(kubectl.ok("delete", "configmaps", "--all")).contains("\"m\" deleted");
    }
}
