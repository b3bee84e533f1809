package io.hypernetes.installation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import tools.jackson.databind.JsonNode;

import java.util.concurrent.CompletableFuture;

/** The life of a pod's containers, in one machine: who comes and goes when, and what they say. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PodLifeIT {
    private static final String ACME = "acme";

    /** Whoever comes or goes writes it into a file that all of them see. */
    private static final String POD =
            """
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: {name: order}
            spec:
              accessModes: [ReadWriteOnce]
              resources: {requests: {storage: 16Mi}}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: life}
            spec:
              restartPolicy: Never
              terminationGracePeriodSeconds: 20
              volumes:
              - {name: order, persistentVolumeClaim: {claimName: order}}
              initContainers:
              - name: sidecar
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                restartPolicy: Always
                command: [sh, -c, "echo sidecar >> /order/log; trap 'echo sidecar-ends >> /order/log; echo my last words; exit 0' TERM; while :; do sleep 0.2; done"]
                volumeMounts: [{name: order, mountPath: /order}]
              - name: first
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                command: [sh, -c, "echo first >> /order/log"]
                volumeMounts: [{name: order, mountPath: /order}]
              containers:
              - name: main
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                command: [sh, -c, "trap 'echo main-ends >> /order/log; exit 0' TERM; while :; do sleep 0.2; done"]
                volumeMounts: [{name: order, mountPath: /order}]
                securityContext: {seccompProfile: {type: RuntimeDefault}}
                lifecycle:
                  postStart: {exec: {command: [sh, -c, "echo started >> /order/log"]}}
                  preStop: {exec: {command: [sh, -c, "echo stopping >> /order/log"]}}
              - name: told
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                command: [sh, -c, "echo the last words > /dev/termination-log; exit 3"]
              - name: shown
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                terminationMessagePolicy: FallbackToLogsOnError
                command: [sh, -c, "echo only in the log; exit 4"]
              - name: free
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                command: [sh, -c, "trap exit TERM; while :; do sleep 0.2; done"]
                securityContext: {seccompProfile: {type: Unconfined}}
            """;

    private static final String READER =
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: reader}
            spec:
              terminationGracePeriodSeconds: 1
              volumes:
              - {name: order, persistentVolumeClaim: {claimName: order}}
              containers:
              - name: main
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                command: [sleep, infinity]
                volumeMounts: [{name: order, mountPath: /order}]
            """;

    private NodeCloud cloud;

    @BeforeAll
    void start() throws Exception {
        cloud = NodeCloud.get();
        cloud.apply(ACME, POD);
        cloud.await(
                "main to have started",
                () -> cloud.exec(ACME, "life", "main", "grep started /order/log").exit() == 0);
    }

    @AfterAll
    void remove() {
        cloud.kubectl(ACME, "delete", "pod", "life", "reader", "--now", "--ignore-not-found")
                .succeeded();
        cloud.kubectl(ACME, "delete", "pvc", "order").succeeded();
    }

    private JsonNode status(String list, String container) {
        for (JsonNode status : cloud.get(ACME, "pod", "life").path("status").path(list)) {
            if (status.path("name").asString().equals(container)) {
                return status;
            }
        }
        throw new AssertionError("no status of " + container + " among " + list);
    }

    private JsonNode end(String container) {
        cloud.await(
                "the end of " + container,
                () -> status("containerStatuses", container).path("state").has("terminated"));
        return status("containerStatuses", container).path("state").path("terminated");
    }

    /**
     * KEP-753: a sidecar is there before the next init container, and stays until the others end.
     */
    @Test
    void theyComeAndGoInOrderAndSayWhatTheyHaveToSay() {
        assertThat(cloud.exec(ACME, "life", "main", "cat /order/log").text())
                .isEqualTo("sidecar\nfirst\nstarted");
        assertThat(status("initContainerStatuses", "sidecar").path("state").has("running"))
                .isTrue();
        CompletableFuture<String> followed =
                CompletableFuture.supplyAsync(
                        () -> cloud.kubectl(ACME, "logs", "-f", "life", "-c", "sidecar").text());
        messages();
        aDebuggerSeesItsTarget();
        theFilterIsTheContainersOwn();
        cloud.kubectl(ACME, "delete", "pod", "life").succeeded();
        assertThat(followed.join()).isEqualTo("my last words");
        cloud.apply(ACME, READER);
        cloud.awaitReady(ACME, "reader");
        assertThat(cloud.exec(ACME, "reader", "main", "cat /order/log").text())
                .isEqualTo("sidecar\nfirst\nstarted\nstopping\nmain-ends\nsidecar-ends");
    }

    private void messages() {
        assertThat(end("told").path("message").asString()).isEqualTo("the last words\n");
        assertThat(end("told").path("exitCode").asInt()).isEqualTo(3);
        assertThat(end("shown").path("message").asString()).isEqualTo("only in the log\n");
        assertThat(end("shown").path("exitCode").asInt()).isEqualTo(4);
    }

    private void aDebuggerSeesItsTarget() {
        cloud.kubectl(
                        ACME,
                        "debug",
                        "life",
                        "--image=hypernetes/hello",
                        "--container=debugger",
                        "--target=main",
                        "--",
                        "sh",
                        "-c",
                        "ps")
                .succeeded();
        cloud.await(
                "the end of the debugger",
                () ->
                        cloud.get(ACME, "pod", "life")
                                .at("/status/ephemeralContainerStatuses/0/state")
                                .has("terminated"));
        assertThat(cloud.kubectl(ACME, "logs", "life", "-c", "debugger").text())
                .contains("trap 'echo main-ends")
                .doesNotContain("sidecar-ends");
    }

    private void theFilterIsTheContainersOwn() {
        assertThat(cloud.exec(ACME, "life", "free", "unshare -U true").exit()).isZero();
        assertThat(cloud.exec(ACME, "life", "main", "unshare -U true").output())
                .contains("Operation not permitted");
    }
}
