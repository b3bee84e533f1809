package io.hypernetes.installation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

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
        for (String pod : List.of("own-rules", "own-policy", "own-grace")) {
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
