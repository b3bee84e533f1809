package io.hypernetes.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Pods of one tenant on two machines are neighbours as on one. */
@Order(2)
class Tour8TwoNodesIT {

    /** A pod on each machine, beside a Service that both answer, and one that is policed. */
    private static final String MANIFEST =
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              replicas: 2
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  terminationGracePeriodSeconds: 1
                  affinity:
                    podAntiAffinity:
                      requiredDuringSchedulingIgnoredDuringExecution:
                      - labelSelector: {matchLabels: {app: web}}
                        topologyKey: kubernetes.io/hostname
                  containers:
                  - {name: web, image: hypernetes/hello, imagePullPolicy: IfNotPresent}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec:
              selector: {app: web}
              ports: [{port: 80, targetPort: 8080}]
            """;

    private static final String DENY =
            """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: deny}
            spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]}
            """;

    private static final String STATE =
            """
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: {name: state}
            spec:
              storageClassName: node-local
              accessModes: [ReadWriteOnce]
              resources: {requests: {storage: 16Mi}}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: state}
            spec:
              terminationGracePeriodSeconds: 1
              nodeSelector: {kubernetes.io/hostname: second}
              volumes: [{name: disk, persistentVolumeClaim: {claimName: state}}]
              containers:
              - name: main
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                volumeMounts: [{name: disk, mountPath: /disk}]
            """;

    private static TwoNodes nodes;

    @BeforeAll
    static void start() throws IOException {
        nodes = new TwoNodes();
        nodes.start();
        nodes.hypernetes("a", "tenant", "create", "acme", "--security", "open").succeeded();
        nodes.hypernetes("a", "tenant", "create", "globex", "--security", "open").succeeded();
        for (String tenant : new String[] {"acme", "globex"}) {
            Cloud.await(
                    "the pods of " + tenant,
                    () -> nodes.kubectl(tenant, MANIFEST, "apply", "-f", "-").exit() == 0);
        }
    }

    @AfterAll
    static void stop() {
        nodes.close();
        assertThat(Leftovers.processes(nodes.data("b"))).isEmpty();
        assertThat(Leftovers.processes(nodes.data("a"))).isEmpty();
    }

    private static String on(String tenant, String node, String field) {
        String path = "jsonpath={.items[0]." + field + "}";
        return nodes.kubectl(
                        tenant,
                        "",
                        "get",
                        "pods",
                        "-l",
                        "app=web",
                        "--field-selector=spec.nodeName" + node,
                        "-o",
                        path)
                .succeeded()
                .text();
    }

    private static String here(String tenant, String field) {
        return on(tenant, "!=second", field);
    }

    private static String there(String tenant, String field) {
        return on(tenant, "=second", field);
    }

    private static Outcome in(String tenant, String pod, String line) {
        return nodes.kubectl(tenant, "", "exec", pod, "--", "sh", "-c", line);
    }

    private static void awaitRunning(String tenant) {
        nodes.kubectl(tenant, "", "rollout", "status", "deployment/web", "--timeout=180s")
                .succeeded();
    }

    @Test
    @Order(1)
    void eachTenantsPodsMeetAcrossMachinesAndOnlyThose() {
        for (String tenant : new String[] {"acme", "globex"}) {
            awaitRunning(tenant);
            String here = here(tenant, "metadata.name");
            String there = there(tenant, "metadata.name");
            for (String[] pair :
                    new String[][] {
                        {here, there, there(tenant, "status.podIP")},
                        {there, here, here(tenant, "status.podIP")}
                    }) {
                String fetch = "timeout 20 wget -qO- http://" + pair[2] + ":8080/";
                assertThat(in(tenant, pair[0], fetch).succeeded().output())
                        .contains("pod        " + pair[1]);
            }
        }
    }

    @Test
    @Order(2)
    void namesServicesAndTheApiAreThereOnBoth() {
        for (String pod :
                new String[] {here("acme", "metadata.name"), there("acme", "metadata.name")}) {
            StringBuilder seen = new StringBuilder();
            Cloud.await(
                    "an answer of each machine",
                    () -> {
                        seen.append(in("acme", pod, "timeout 20 wget -qO- http://web").output());
                        return seen.toString()
                                        .contains("pod        " + here("acme", "metadata.name"))
                                && seen.toString()
                                        .contains("pod        " + there("acme", "metadata.name"));
                    });
            assertThat(in("acme", pod, "timeout 20 nc kubernetes.default 443 </dev/null").exit())
                    .as("the API's port is open to " + pod)
                    .isZero();
        }
    }

    @Test
    @Order(3)
    void theOperatorReachesIntoPodsOfTheOtherMachine() {
        String there = there("acme", "metadata.name");
        assertThat(nodes.kubectl("acme", "", "logs", there).succeeded().output())
                .contains("hello: " + there);
        assertThat(nodes.kubectl("acme", "piped", "exec", "-i", there, "--", "cat").text())
                .isEqualTo("piped");
        assertThat(in("acme", there, "exit 7").exit()).isEqualTo(7);
        assertThat(nodes.kubectl("acme", "", "top", "pod", there).succeeded().output())
                .contains(there);
        assertThat(nodes.kubectl("system", "", "top", "node", "second").succeeded().output())
                .contains("second");
    }

    @Test
    @Order(4)
    void aPolicyHoldsOnBoth() {
        String there = there("acme", "metadata.name");
        String knock = "timeout 3 wget -qO- http://" + here("acme", "status.podIP") + ":8080/";
        nodes.kubectl("acme", DENY, "apply", "-f", "-").succeeded();
        Cloud.await("the policy", () -> in("acme", there, knock).exit() != 0);
        nodes.kubectl("acme", "", "delete", "pod", there).succeeded();
        awaitRunning("acme"); // another in its place, which the policy isolates from its begin
        String here = here("acme", "metadata.name");
        String fresh = "timeout 3 wget -qO- http://" + there("acme", "status.podIP") + ":8080/";
        assertThat(in("acme", here, fresh).exit()).isNotZero();
        nodes.kubectl("acme", "", "delete", "networkpolicy", "deny").succeeded();
        Cloud.await("the end of the policy", () -> in("acme", here, fresh).exit() == 0);
    }

    @Test
    @Order(5)
    void aKilledNodeProgramIsStartedAgainAndItsPodsHaveRunOn() throws IOException {
        String there = there("acme", "metadata.name");
        String here = here("acme", "metadata.name");
        String fetch = "timeout 20 wget -qO- http://" + there("acme", "status.podIP") + ":8080/";
        String started = there("acme", "status.containerStatuses[0].state.running.startedAt");
        nodes.kill("b");
        assertThat(in("acme", here, fetch).succeeded().output()).contains(there);
        nodes.joinAgain(List.of());
        Cloud.await("the node's port", () -> nodes.kubectl("acme", "", "logs", there).exit() == 0);
        assertThat(there("acme", "status.containerStatuses[0].state.running.startedAt"))
                .isEqualTo(started);
        assertThat(in("acme", here, fetch).succeeded().output()).contains(there);
    }

    /** A claim whose class waits for the pod is kept on the pod's machine. */
    @Test
    @Order(6)
    void aVolumeIsOnTheMachineOfThePodThatUsesIt() {
        nodes.kubectl("acme", STATE, "apply", "-f", "-").succeeded();
        awaitPod("acme", "state");
        assertThat(in("acme", "state", "cat /disk/word").exit()).isNotZero();
        in("acme", "state", "echo kept > /disk/word; sync").succeeded();
        String volume = nodes.kubectl("acme", "", "get", "pv", "-o", "yaml").text();
        assertThat(volume).contains("storageClassName: node-local").contains("- second");
        assertThat(nodes.data("b").resolve("volumes/acme")).isNotEmptyDirectory();

        nodes.kubectl("acme", "", "delete", "pod", "state", "--now").succeeded();
        // No selector any more: the volume says where.
        String anywhere = STATE.replace("nodeSelector: {kubernetes.io/hostname: second}", "");
        nodes.kubectl("acme", anywhere, "apply", "-f", "-").succeeded();
        awaitPod("acme", "state");
        assertThat(in("acme", "state", "cat /disk/word").text()).isEqualTo("kept");
        nodes.kubectl("acme", "", "delete", "pod", "state", "--now").succeeded();
        nodes.kubectl("acme", "", "delete", "pvc", "state").succeeded();
        Cloud.await(
                "the end of the data",
                () -> nodes.kubectl("acme", "", "get", "pv", "-o", "name").text().isEmpty());
        assertThat(nodes.data("b").resolve("volumes/acme")).isEmptyDirectory();
    }

    private static void awaitPod(String tenant, String name) {
        nodes.kubectl(tenant, "", "wait", "pod/" + name, "--for=condition=Ready", "--timeout=180s")
                .succeeded();
    }

    @Test
    @Order(7)
    void aDrainedNodesPodsComeToTheOtherAndItIsForgotten() {
        String first = here("acme", "spec.nodeName");
        nodes.kubectl("acme", "", "delete", "deployment", "web", "--timeout=90s").succeeded();
        nodes.kubectl("globex", "", "delete", "deployment", "web", "--timeout=90s").succeeded();
        nodes.kubectl("system", "", "cordon", first).succeeded();
        String deployment = MANIFEST.replace("replicas: 2", "replicas: 1");
        nodes.kubectl("acme", deployment, "apply", "-f", "-").succeeded();
        String[] wait = {"rollout", "status", "deployment/web", "--timeout=180s"};
        nodes.kubectl("acme", "", wait).succeeded();
        assertThat(there("acme", "metadata.name")).isNotEmpty();
        nodes.kubectl("system", "", "uncordon", first).succeeded();

        nodes.hypernetes("a", "node", "drain", "second", "--timeout", "150").succeeded();
        nodes.kubectl("acme", "", wait).succeeded();
        assertThat(here("acme", "spec.nodeName")).isEqualTo(first);
        Cloud.await("the end of its machines", () -> Leftovers.machines(nodes.data("b")).isEmpty());

        nodes.hypernetes("b", "down").succeeded();
        nodes.kubectl("system", "", "delete", "node", "second").succeeded();
        Cloud.await("its end among the machines", () -> !chassis().contains("second"));
    }

    private static String chassis() {
        return Cloud.run(
                        List.of(
                                "ovn-sbctl",
                                "--db=unix:" + nodes.data("a").resolve("ovn/run/ovn-sb.sock"),
                                "--bare",
                                "--columns=name",
                                "find",
                                "Chassis"),
                        Map.of(),
                        "")
                .succeeded()
                .text();
    }
}
