package io.hypernetes.installation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import tools.jackson.databind.JsonNode;

import java.util.List;

/**
 * What Kubernetes' conformance tests ask of a node ({@code test/e2e/common/node} and {@code
 * .../storage}), asked of machines: what a container is given, as whom it runs, how its pod ends.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NodeConformanceIT {
    private static final String ACME = "acme";

    private static final String SOURCES =
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: conf}
            data: {data-1: value-1, data-2: value-2, data-3: value-3}
            binaryData: {dump: 3q2+7w==}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: keys}
            stringData: {data-1: secret-1, data-2: secret-2}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: fooservice}
            spec: {ports: [{port: 8765, targetPort: 8080}], selector: {app: nobody}}
            ---
            """;

    private static final String ENDS =
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: on-failure}
            spec:
              restartPolicy: OnFailure
              terminationGracePeriodSeconds: 1
              volumes: [{name: kept, emptyDir: {}}]
              containers:
              - name: twice
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                command: [sh, -c, "[ -e /kept/once ] && exit 0; touch /kept/once; exit 1"]
                volumeMounts: [{name: kept, mountPath: /kept}]
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: init-never}
            spec:
              restartPolicy: Never
              initContainers:
              - {name: one, image: hypernetes/hello, imagePullPolicy: IfNotPresent, command: ["true"]}
              - {name: two, image: hypernetes/hello, imagePullPolicy: IfNotPresent, command: ["false"]}
              containers:
              - {name: app, image: hypernetes/hello, imagePullPolicy: IfNotPresent, command: ["true"]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: env-file}
            spec:
              restartPolicy: Never
              volumes: [{name: kept, emptyDir: {}}]
              initContainers:
              - name: leaves
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                command: [sh, -c, "echo \\"GREETING='hello there'\\" > /kept/env; ln -s /etc/passwd /kept/link"]
                volumeMounts: [{name: kept, mountPath: /kept}]
              containers:
              - name: finds
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                command: [sh, -c, "echo $GREETING"]
                env: [{name: GREETING, valueFrom: {fileKeyRef: {volumeName: kept, path: env, key: GREETING}}}]
              - name: strays
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                command: ["true"]
                env: [{name: ROOT, valueFrom: {fileKeyRef: {volumeName: kept, path: link, key: root}}}]
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: probed}
            spec:
              terminationGracePeriodSeconds: 1
              containers:
              - name: well
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                readinessProbe: {httpGet: {port: 8080, path: /}, periodSeconds: 1}
                livenessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}
              - name: dies
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                command: [sh, -c, "touch /tmp/health; sleep 2; rm /tmp/health; sleep 600"]
                livenessProbe: {exec: {command: [cat, /tmp/health]}, periodSeconds: 1, failureThreshold: 1, initialDelaySeconds: 1}
              - name: moved
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                command: [nc, -ll, -p, "8081", -e, sh, -c, "printf 'HTTP/1.1 302 Found\\r\\nLocation: http://other.example/\\r\\n\\r\\nabc'"]
                readinessProbe: {httpGet: {port: 8081, path: /}, periodSeconds: 1}
              - name: never
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                command: [sleep, infinity]
                readinessProbe: {exec: {command: ["false"]}, periodSeconds: 1, failureThreshold: 1}
              - name: slow
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                command: [sh, -c, "sleep 5; touch /tmp/up; sleep 600"]
                startupProbe: {exec: {command: [cat, /tmp/up]}, periodSeconds: 1, failureThreshold: 60}
                livenessProbe: {exec: {command: [cat, /tmp/up]}, periodSeconds: 1, failureThreshold: 1}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: deadline}
            spec:
              activeDeadlineSeconds: 4
              terminationGracePeriodSeconds: 1
              containers:
              - {name: app, image: hypernetes/hello, imagePullPolicy: IfNotPresent, command: [sleep, infinity]}
            """;

    private static final List<String> PODS =
            List.of(
                    "given",
                    "non-root",
                    "on-failure",
                    "init-never",
                    "env-file",
                    "probed",
                    "deadline");

    private final AskedContainers given = ContainerQuestions.given();
    private final AskedContainers nonRoot = ContainerQuestions.nonRoot();
    private NodeCloud cloud;

    @BeforeAll
    void start() throws Exception {
        cloud = NodeCloud.get();
        cloud.apply(
                ACME, SOURCES + given.manifest() + "---\n" + nonRoot.manifest() + "---\n" + ENDS);
    }

    @AfterAll
    void remove() {
        cloud.kubectl(ACME, "delete", "configmap/conf", "secret/keys", "service/fooservice")
                .succeeded();
        for (String pod : PODS) {
            cloud.kubectl(ACME, "delete", "pod", pod, "--now", "--ignore-not-found").succeeded();
        }
    }

    private JsonNode pod(String name) {
        return cloud.get(ACME, "pod", name);
    }

    /** Missing until it has a status. */
    private JsonNode container(String pod, String name) {
        JsonNode statuses = pod(pod).at("/status/containerStatuses");
        return statuses.valueStream()
                .filter(status -> status.path("name").asString("").equals(name))
                .findFirst()
                .orElse(statuses.path(-1));
    }

    private void awaitPhase(String pod, String phase) {
        cloud.await(
                pod + " to be " + phase + "; " + cloud.events(ACME, pod),
                () -> pod(pod).at("/status/phase").asString("").equals(phase));
    }

    @Test
    void aContainerIsGivenWhatItsManifestSays() {
        given.areAnswered(cloud, ACME);
    }

    @Test
    void whoIsNotRootHasWhatIsMeantForIt() {
        nonRoot.areAnswered(cloud, ACME);
        assertThat(container("non-root", "c5").at("/state/terminated/message").asString())
                .isEqualTo("done");
    }

    @Test
    void whatFailsIsRestartedUntilItSucceeds() {
        awaitPhase("on-failure", "Succeeded");
        assertThat(container("on-failure", "twice").path("restartCount").asInt()).isEqualTo(1);
        assertThat(container("on-failure", "twice").at("/state/terminated/reason").asString())
                .isEqualTo("Completed");
    }

    @Test
    void anInitContainerThatFailsForGoodFailsThePod() {
        awaitPhase("init-never", "Failed");
        JsonNode pod = pod("init-never");
        assertThat(pod.at("/status/initContainerStatuses/1/state/terminated/exitCode").asInt())
                .isEqualTo(1);
        assertThat(pod.at("/status/containerStatuses/0/state/waiting/reason").asString())
                .isEqualTo("PodInitializing");
    }

    /** KEP-3721. Links of a container's lead nowhere but into the volume. */
    @Test
    void variablesComeFromAFileThatAnInitContainerHasLeft() {
        cloud.await(
                "the end of the one that finds its file",
                () -> container("env-file", "finds").at("/state/terminated/exitCode").isInt());
        assertThat(cloud.kubectl(ACME, "logs", "env-file", "-c", "finds").text())
                .isEqualTo("hello there");
        JsonNode strays = container("env-file", "strays").at("/state/waiting");
        assertThat(strays.path("reason").asString()).isEqualTo("CreateContainerConfigError");
        assertThat(strays.path("message").asString())
                .isEqualTo(
                        "environment variable key \"root\" not found in file \"link\", which is not"
                                + " there");
    }

    @Test
    void probesDecideWhoIsRestartedAndWhoIsReady() {
        cloud.await(
                "the second death",
                () -> container("probed", "dies").path("restartCount").asInt(0) >= 2);
        cloud.await(
                "the slow one", () -> container("probed", "slow").path("ready").asBoolean(false));
        assertThat(container("probed", "well").path("ready").asBoolean()).isTrue();
        for (String patient : List.of("well", "never", "slow")) {
            assertThat(container("probed", patient).path("restartCount").asInt())
                    .as(patient)
                    .isZero();
        }
        assertThat(container("probed", "never").path("ready").asBoolean()).isFalse();
        cloud.await(
                "the one that leads elsewhere",
                () -> container("probed", "moved").path("ready").asBoolean(false));
        assertThat(cloud.events(ACME, "probed"))
                .contains("ProbeWarning Readiness probe warning: Probe terminated redirects")
                .contains("Unhealthy Liveness probe failed: cat: can't open '/tmp/health'")
                .contains("Unhealthy Readiness probe failed")
                .contains("Killing Container dies failed liveness probe, will be restarted");
    }

    @Test
    void aPodHasItsTimeAndNoMore() {
        awaitPhase("deadline", "Failed");
        assertThat(pod("deadline").at("/status/reason").asString()).isEqualTo("DeadlineExceeded");
        assertThat(pod("deadline").at("/status/message").asString())
                .isEqualTo("Pod was active on the node longer than the specified deadline");
    }
}
