package io.hypernetes.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;

/** What a container may ask for, and what deletions take with them. */
@OfTheTour
@Order(6)
class Tour6LifecycleIT {

    private static final String CONFIGURED =
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: settings}
            data: {colour: blue, shape: round}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: keys}
            stringData: {token: swordfish}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: configured, labels: {tier: test}}
            spec:
              terminationGracePeriodSeconds: 1
              securityContext: {runAsUser: 1000, runAsGroup: 1000}
              initContainers:
                - name: prepare
                  image: hypernetes/hello
                  imagePullPolicy: IfNotPresent
                  command: [sh, -c, "echo prepared > /shared/state"]
                  volumeMounts: [{name: shared, mountPath: /shared}]
              containers:
                - name: main
                  image: hypernetes/hello
                  imagePullPolicy: IfNotPresent
                  command: [sh, -c, "sleep infinity"]
                  env:
                    - {name: COLOUR, valueFrom: {configMapKeyRef: {name: settings, key: colour}}}
                    - {name: TOKEN, valueFrom: {secretKeyRef: {name: keys, key: token}}}
                    - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
                    - {name: BOTH, value: "$(COLOUR)-$(TOKEN)"}
                  resources: {limits: {memory: 64Mi}}
                  livenessProbe: {exec: {command: ["true"]}, periodSeconds: 2}
                  startupProbe: {exec: {command: [test, -e, /shared/state]}, periodSeconds: 1}
                  volumeMounts:
                    - {name: shared, mountPath: /shared}
                    - {name: settings, mountPath: /settings, readOnly: true}
                    - {name: keys, mountPath: /keys}
                    - {name: me, mountPath: /me}
                - name: second
                  image: hypernetes/hello
                  imagePullPolicy: IfNotPresent
                  env: [{name: PORT, value: "9090"}]
                  readinessProbe: {tcpSocket: {port: 9090}, periodSeconds: 1}
                  volumeMounts: [{name: shared, mountPath: /shared}]
              volumes:
                - {name: shared, emptyDir: {}}
                - {name: settings, configMap: {name: settings}}
                - {name: keys, secret: {secretName: keys}}
                - {name: me, downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}}
            """;

    private static final String SECOND_NETWORK =
            """
            apiVersion: hypernetes.io/v1
            kind: Network
            metadata: {name: backend}
            spec: {cidr: 172.16.5.0/24}
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: backend}
            spec: {network: backend}
            """;

    private final Cloud cloud = Cloud.SHARED;
    private final Cloud.User alice = cloud.user("alice");

    @Test
    @Order(1)
    void aPodGetsItsConfigurationItsVolumesAndItsUser() {
        alice.kubectlWithInput(CONFIGURED, "-n", "web", "apply", "-f", "-").succeeded();
        alice.awaitReady("web", "configured");
        assertThat(main("echo $COLOUR $TOKEN $BOTH")).isEqualTo("blue swordfish blue-swordfish");
        assertThat(main("cat /shared/state /settings/shape /keys/token /me/labels"))
                .isEqualTo("prepared\nroundswordfishtier=\"test\"");
        assertThat(main("id -u; hostname")).isEqualTo("1000\nconfigured");
        // Own process and mount namespaces, one network and one set of volumes.
        assertThat(main("ps | grep -c '[h]ttpd -f' || true")).isEqualTo("0");
        assertThat(main("wget -qO- http://127.0.0.1:9090/")).contains("Hello");
    }

    private String main(String line) {
        return alice.kubectl(
                        "-n", "web", "exec", "configured", "-c", "main", "--", "sh", "-c", line)
                .succeeded()
                .text();
    }

    @Test
    @Order(2)
    void aContainerThatEndsIsRestartedAndCounted() {
        alice.kubectl(
                        "-n",
                        "web",
                        "run",
                        "crasher",
                        "--image=hypernetes/hello",
                        "--image-pull-policy=IfNotPresent",
                        "--command",
                        "--",
                        "sh",
                        "-c",
                        "echo said something; exit 3")
                .succeeded();
        Cloud.await(
                "CrashLoopBackOff",
                () ->
                        alice.kubectl("-n", "web", "get", "pod", "crasher")
                                .output()
                                .contains("CrashLoopBackOff"));
        assertThat(
                        alice.jsonpath(
                                "web",
                                "pod/crasher",
                                "{.status.containerStatuses[0].lastState.terminated.exitCode}"))
                .isEqualTo("3");
        assertThat(alice.kubectl("-n", "web", "logs", "crasher", "--previous").succeeded().output())
                .contains("said something");
        alice.kubectl("-n", "web", "delete", "pod", "crasher", "--timeout=90s").succeeded();
    }

    @Test
    @Order(3)
    void aPodThatMayNotRestartEndsAndKeepsItsLog() {
        alice.kubectl(
                        "-n",
                        "web",
                        "run",
                        "once",
                        "--image=hypernetes/hello",
                        "--restart=Never",
                        "--image-pull-policy=IfNotPresent",
                        "--command",
                        "--",
                        "sh",
                        "-c",
                        "echo done once")
                .succeeded();
        alice.kubectl(
                        "-n",
                        "web",
                        "wait",
                        "pod/once",
                        "--for=jsonpath={.status.phase}=Succeeded",
                        "--timeout=120s")
                .succeeded();
        assertThat(alice.kubectl("-n", "web", "logs", "once").succeeded().output())
                .contains("done once");
        alice.kubectl("-n", "web", "delete", "pod", "once", "--timeout=90s").succeeded();
    }

    @Test
    @Order(4)
    void aNamespaceMayNameAnotherNetworkOfItsTenant() {
        Path operator = cloud.data().resolve("operator.kubeconfig");
        String acme = cloud.world("acme");
        cloud.kubectl(operator, SECOND_NETWORK, acme, "apply", "-f", "-").succeeded();
        cloud.kubectl(
                        acme,
                        "wait",
                        "network/backend",
                        "--for=jsonpath={.status.phase}=Active",
                        "--timeout=60s")
                .succeeded();
        cloud.kubectl(
                        acme,
                        "-n",
                        "backend",
                        "run",
                        "inner",
                        "--image=hypernetes/hello",
                        "--image-pull-policy=IfNotPresent")
                .succeeded();
        cloud.kubectl(
                        acme,
                        "-n",
                        "backend",
                        "wait",
                        "pod/inner",
                        "--for=condition=Ready",
                        "--timeout=180s")
                .succeeded();
        String address =
                cloud.kubectl(
                                acme,
                                "-n",
                                "backend",
                                "get",
                                "pod",
                                "inner",
                                "-o",
                                "jsonpath={.status.podIP}")
                        .succeeded()
                        .text();
        assertThat(address).startsWith("172.16.5.");
        // The tenant's router joins its networks.
        alice.inPod("web", "visitor", "/bin/ping -c 2 -W 5 " + address).succeeded();
        cloud.kubectl(acme, "delete", "namespace", "backend", "--timeout=150s").succeeded();
        cloud.kubectl(acme, "delete", "network", "backend", "--timeout=60s").succeeded();
    }

    @Test
    @Order(5)
    void anAdminMayDoAnythingInTheTenantAndNothingElsewhere() {
        String dave =
                cloud.hypernetesWithInput(
                                "davespw",
                                "user",
                                "create",
                                "dave",
                                "--tenant",
                                "acme",
                                "--role",
                                "admin",
                                "--password-stdin")
                        .succeeded()
                        .output();
        assertThat(dave).contains("user/dave created");
        cloud.hypernetesWithInput(
                        "davespw",
                        "login",
                        "dave",
                        "--password-stdin",
                        "-o",
                        cloud.file("dave.kubeconfig").toString())
                .succeeded();
        Cloud.User admin = cloud.user("dave");
        Cloud.await("the admin's rights", () -> admin.kubectl("get", "pods", "-A").exit() == 0);
        assertThat(admin.kubectl("get", "pods", "-A").succeeded().output()).contains("hello");
        admin.kubectl("get", "networks").succeeded();
        String globex = cloud.world("globex");
        admin.kubectl(globex, "get", "pods", "-A").failed();
        cloud.hypernetes("user", "delete", "dave").succeeded();
    }

    @Test
    @Order(6)
    void deletingANamespaceTakesItsMachinesAndDisks() {
        int machines = Leftovers.machines(cloud.data()).size();
        alice.kubectl("delete", "namespace", "web", "--timeout=150s").succeeded();
        Cloud.await(
                "the machines' end", () -> Leftovers.machines(cloud.data()).size() <= machines - 3);
        assertThat(
                        cloud.kubectl(cloud.world("acme"), "get", "persistentvolumes")
                                .succeeded()
                                .output())
                .contains("No resources found");
    }

    @Test
    @Order(7)
    void deletingATenantTakesEverythingOfIt() {
        cloud.hypernetes("tenant", "delete", "globex").succeeded();
        assertThat(Leftovers.machines(cloud.data())).isEmpty();
        assertThat(Leftovers.taps(cloud.data())).isEmpty();
        assertThat(Leftovers.disks(cloud.data())).isEmpty();
        assertThat(cloud.kubectl("get", "tenant", "globex").failed().output())
                .contains("not found");
        assertThat(cloud.user("bob").kubectl("get", "namespaces").failed().output())
                .doesNotContain("kube-system");
    }

    @Test
    @Order(8)
    void deletingAUserTakesHerNamespacesAndRights() {
        alice.kubectl("create", "namespace", "hers").succeeded();
        cloud.hypernetes("user", "delete", "alice").succeeded();
        alice.kubectl("get", "namespaces").failed();
        String acme = cloud.world("acme");
        Cloud.await(
                "the end of her namespace",
                () -> cloud.kubectl(acme, "get", "namespace", "hers").exit() != 0);
        assertThat(cloud.kubectl(acme, "get", "clusterrolebindings").succeeded().output())
                .doesNotContain("alice");
    }
}
