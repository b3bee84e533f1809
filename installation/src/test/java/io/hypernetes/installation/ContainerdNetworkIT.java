package io.hypernetes.installation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pod of the operator's on containerd with a port of its own on the operator's network: beside a
 * virtual machine it is a pod like any other.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContainerdNetworkIT {

    private static final String OPERATOR = "operator";

    private static final String PODS =
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: processes, labels: {app: processes}}
            spec:
              runtimeClassName: containerd
              terminationGracePeriodSeconds: 1
              containers:
              - name: main
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                readinessProbe: {httpGet: {port: 8080}, periodSeconds: 1, timeoutSeconds: 5}
                livenessProbe: {tcpSocket: {port: 8080}, periodSeconds: 2, timeoutSeconds: 5}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: machine, labels: {app: machine}}
            spec:
              terminationGracePeriodSeconds: 1
              containers: [{name: main, image: hypernetes/hello, imagePullPolicy: IfNotPresent}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: processes}
            spec: {selector: {app: processes}, ports: [{port: 80, targetPort: 8080}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: machine}
            spec: {selector: {app: machine}, ports: [{port: 80, targetPort: 8080}]}
            """;

    private static final String DENY =
            """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: deny}
            spec: {podSelector: {matchLabels: {app: processes}}, policyTypes: [Ingress]}
            """;

    private NodeCloud cloud;
    private ContainerdService containerd;

    @BeforeAll
    void start() throws Exception {
        cloud = NodeCloud.get();
        containerd = ContainerdService.of(cloud);
        cloud.apply(OPERATOR, PODS);
        cloud.awaitReady(OPERATOR, "processes", "machine");
    }

    @AfterAll
    void stop() throws Exception {
        try {
            Path namespace = namespace();
            assertThat(namespace).exists();
            cloud.kubectl(OPERATOR, "delete", "pod", "machine", "processes", "--now").succeeded();
            cloud.kubectl(OPERATOR, "delete", "service", "machine", "processes").succeeded();
            assertThat(namespace).doesNotExist();
            assertThat(cloud.data().resolve("cni/pods")).isEmptyDirectory();
        } finally {
            containerd.close();
        }
    }

    /** The network namespace that containerd has made for the pod. */
    private Path namespace() {
        String sandbox = last(containerd.cri("pods", "-q", "--name", "^processes$"));
        Matcher name =
                Pattern.compile("cni-[0-9a-f-]+")
                        .matcher(containerd.cri("inspectp", sandbox).text());
        assertThat(name.find()).isTrue();
        return Path.of("/run/netns").resolve(name.group());
    }

    private NodeCloud.Run in(String pod, String line) {
        return cloud.exec(OPERATOR, pod, "main", line);
    }

    private String address(String pod) {
        return cloud.get(OPERATOR, "pod", pod).at("/status/podIP").asString();
    }

    private void awaitAnswer(String from, String url, String of) {
        cloud.await(
                of + "'s answer to " + from + " at " + url,
                () -> in(from, "timeout 5 wget -qO- " + url).output().contains("pod        " + of));
    }

    @Test
    void itHasAnAddressOfItsOwnAndIsReachedAndReaches() {
        assertThat(address("processes"))
                .isNotEqualTo(
                        cloud.get(OPERATOR, "pod", "processes").at("/status/hostIP").asString());
        assertThat(in("processes", "hostname").text()).isEqualTo("processes");
        assertThat(in("processes", "ip -4 -o addr show dev eth0").text())
                .contains(address("processes") + "/");
        awaitAnswer("machine", "http://" + address("processes") + ":8080/", "processes");
        awaitAnswer("processes", "http://" + address("machine") + ":8080/", "machine");
    }

    @Test
    void servicesNamesAndTheApiAreThere() {
        awaitAnswer("machine", "http://processes/", "processes");
        awaitAnswer("processes", "http://machine/", "machine");
        awaitAnswer("processes", "http://processes.default.svc.cluster.local/", "processes");
        assertThat(in("processes", "timeout 20 nc kubernetes.default 443 </dev/null").exit())
                .isZero();
    }

    @Test
    void aPolicyHoldsForIt() {
        String knock = "timeout 3 wget -qO- http://" + address("processes") + ":8080/";
        cloud.apply(OPERATOR, DENY);
        cloud.await("the policy", () -> in("machine", knock).exit() != 0);
        cloud.awaitReady(OPERATOR, "processes"); // its probes come from inside
        cloud.kubectl(OPERATOR, "delete", "networkpolicy", "deny").succeeded();
        cloud.await("the end of the policy", () -> in("machine", knock).exit() == 0);
    }

    /** What looks as if it were another pod does not leave its port. */
    @Test
    void itCannotTakeAnothersAddress() {
        String forge =
                "ip addr add 172.31.255.1/32 dev eth0; ping -c 1 -w 3 -I 172.31.255.1 "
                        + address("machine");
        assertThat(in("processes", forge).exit()).isNotZero();
        awaitAnswer("processes", "http://machine/", "machine");
    }

    /** A sandbox that is made anew gets the same port. */
    @Test
    void aSandboxThatEndsIsFollowedByAnotherAtTheSameAddress() {
        String before = address("processes");
        String[] which = {"pods", "-q", "--state", "ready", "--name", "^processes$"};
        String sandbox = last(containerd.cri(which));
        containerd.cri("stopp", sandbox).succeeded();
        cloud.await("another sandbox", () -> !last(containerd.cri(which)).equals(sandbox));
        awaitAnswer("machine", "http://processes/", "processes");
        assertThat(address("processes")).isEqualTo(before);
    }

    private static String last(NodeCloud.Run run) {
        return run.text().lines().reduce("", (_, line) -> line);
    }
}
