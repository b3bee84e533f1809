package io.hypernetes.installation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import tools.jackson.databind.JsonNode;

import java.util.List;

/** Who is started again, and when, beyond what the policy of the pod says. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestartsIT {

    private static final String ACME = "acme";

    /** Grace periods of the pods are longer than anybody waits here. */
    private static final String PODS =
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: own-rules}
            spec:
              restartPolicy: Never
              hostnameOverride: my.own.name
              volumes: [{name: kept, emptyDir: {}}]
              containers:
              - name: again
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                restartPolicy: Never
                restartPolicyRules: [{action: Restart, exitCodes: {operator: In, values: [42]}}]
                command: [sh, -c, "hostname; [ -e /kept/once ] && exit 3; touch /kept/once; exit 42"]
                volumeMounts: [{name: kept, mountPath: /kept}]
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: all-anew}
            spec:
              restartPolicy: Never
              volumes: [{name: kept, emptyDir: {}}]
              initContainers:
              - name: first
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                command: [sh, -c, "echo first >> /kept/log"]
                volumeMounts: [{name: kept, mountPath: /kept}]
              containers:
              - name: wants
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                restartPolicy: Never
                restartPolicyRules: [{action: RestartAllContainers, exitCodes: {operator: In, values: [88]}}]
                command: [sh, -c, "while [ ! -e /kept/beside ]; do sleep 0.1; done; [ -e /kept/once ] && exit 0; touch /kept/once; rm /kept/beside; exit 88"]
                volumeMounts: [{name: kept, mountPath: /kept}]
              - name: beside
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                command: [sh, -c, "echo beside >> /kept/log; touch /kept/beside; [ $(grep -c beside /kept/log) = 2 ] && cat /kept/log && exit 0; trap 'exit 0' TERM; while :; do sleep 0.1; done"]
                volumeMounts: [{name: kept, mountPath: /kept}]
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: own-policy}
            spec:
              restartPolicy: Never
              volumes: [{name: kept, emptyDir: {}}]
              containers:
              - name: again
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                restartPolicy: OnFailure
                command: [sh, -c, "[ -e /kept/once ] && exit 0; touch /kept/once; exit 1"]
                volumeMounts: [{name: kept, mountPath: /kept}]
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: own-grace}
            spec:
              terminationGracePeriodSeconds: 3600
              containers:
              - name: deaf
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                command: [sh, -c, "trap '' TERM; while :; do sleep 1; done"]
                livenessProbe:
                  {exec: {command: ["false"]}, failureThreshold: 1, terminationGracePeriodSeconds: 1}
            """;

    private NodeCloud cloud;

    @BeforeAll
    void start() throws Exception {
        cloud = NodeCloud.get();
        cloud.apply(ACME, PODS);
    }

    @AfterAll
    void remove() {
        for (String pod : List.of("own-rules", "all-anew", "own-policy", "own-grace")) {
            cloud.kubectl(ACME, "delete", "pod", pod, "--now", "--ignore-not-found").succeeded();
        }
    }

    private String status(String pod, String pointer) {
        return cloud.get(ACME, "pod", pod).at("/status" + pointer).asString("");
    }

    private void awaitPhase(String pod, String phase) {
        cloud.await(pod + " to be " + phase, () -> status(pod, "/phase").equals(phase));
        assertThat(cloud.get(ACME, "pod", pod).at("/status/containerStatuses/0/restartCount"))
                .hasToString("1");
    }

    /** KEP-5307 and KEP-4762. */
    @Test
    void aContainersOwnRuleStartsItAgain() {
        awaitPhase("own-rules", "Failed");
        assertThat(cloud.kubectl(ACME, "logs", "own-rules").text()).isEqualTo("my.own.name");
    }

    /** KEP-5532: the init container too, in the same machine. */
    @Test
    void oneContainersRuleStartsAllOfThemAnew() {
        cloud.await("all-anew to be over", () -> status("all-anew", "/phase").equals("Succeeded"));
        assertThat(cloud.kubectl(ACME, "logs", "all-anew", "-c", "beside").text())
                .isEqualTo("first\nbeside\nfirst\nbeside");
        JsonNode status = cloud.get(ACME, "pod", "all-anew").path("status");
        for (String list : List.of("initContainerStatuses", "containerStatuses")) {
            for (JsonNode container : status.path(list)) {
                assertThat(container.path("restartCount").asInt())
                        .as(container.path("name").asString())
                        .isEqualTo(1);
            }
        }
        assertThat(status.at("/containerStatuses/0/lastState/terminated/exitCode").asInt())
                .isEqualTo(88);
        assertThat(
                        status.path("conditions")
                                .valueStream()
                                .filter(one ->
                                        one.path("type")
                                                .asString("")
                                                .equals("AllContainersRestarting"))
                                .map(one -> one.path("status").asString("")))
                .containsExactly("False");
    }

    @Test
    void aContainersOwnPolicyStartsItAgain() {
        awaitPhase("own-policy", "Succeeded");
    }

    @Test
    void aProbesOwnGraceEndsAContainerThatDoesNotListen() {
        cloud.await(
                "its restart",
                () -> !status("own-grace", "/containerStatuses/0/restartCount").matches("0?"));
        assertThat(cloud.events(ACME, "own-grace"))
                .contains("Container deaf failed liveness probe, will be restarted");
    }
}
