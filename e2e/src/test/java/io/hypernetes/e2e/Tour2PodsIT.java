package io.hypernetes.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** Pods of two tenants at the same addresses. */
@OfTheTour
@Order(2)
class Tour2PodsIT {

    private final Cloud cloud = Cloud.SHARED;
    private final Cloud.User alice = cloud.user("alice");
    private final Cloud.User bob = cloud.user("bob");

    @Test
    @Order(1)
    void aUserMakesNamespacesAndSeesHersOnly() {
        alice.kubectl("create", "namespace", "web").succeeded();
        bob.kubectl("create", "namespace", "web").succeeded();
        List<String> names =
                alice.kubectl("get", "namespaces", "-o", "name")
                        .succeeded()
                        .text()
                        .lines()
                        .toList();
        assertThat(names)
                .containsExactlyInAnyOrder(
                        "namespace/default",
                        "namespace/kube-public",
                        "namespace/kube-system",
                        "namespace/web");
    }

    @Test
    @Order(2)
    void theExampleRunsInBothTenantsAtTheSameAddresses() {
        String example = Cloud.root().resolve("examples/hello.yaml").toString();
        // Whoever creates a namespace gets rights in it from a controller, a moment later.
        Cloud.await(
                "alice's rights in web",
                () -> alice.kubectl("-n", "web", "auth", "can-i", "create", "pods").exit() == 0);
        Cloud.await(
                "bob's rights in web",
                () -> bob.kubectl("-n", "web", "auth", "can-i", "create", "pods").exit() == 0);
        alice.kubectl("-n", "web", "apply", "-f", example).succeeded();
        bob.kubectl("-n", "web", "apply", "-f", example).succeeded();
        alice.awaitReady("web", "hello", "visitor");
        bob.awaitReady("web", "hello", "visitor");
        assertThat(alice.jsonpath("web", "pod/hello", "{.status.podIP}"))
                .isEqualTo(bob.jsonpath("web", "pod/hello", "{.status.podIP}"))
                .startsWith("10.0.0.");
    }

    @Test
    @Order(3)
    void applyingTwiceChangesNothing() {
        String example = Cloud.root().resolve("examples/hello.yaml").toString();
        String before = alice.jsonpath("web", "pod/hello", "{.spec}{.metadata.generation}");
        assertThat(alice.kubectl("-n", "web", "apply", "-f", example).succeeded().output())
                .contains("pod/hello unchanged");
        assertThat(alice.jsonpath("web", "pod/hello", "{.spec}{.metadata.generation}"))
                .isEqualTo(before);
    }

    @Test
    @Order(4)
    void everyPodHasAKernelOfItsOwn() {
        String mine =
                alice.inPod("web", "hello", "cat /proc/sys/kernel/random/boot_id")
                        .succeeded()
                        .text();
        String other =
                alice.inPod("web", "visitor", "cat /proc/sys/kernel/random/boot_id")
                        .succeeded()
                        .text();
        assertThat(mine).isNotEqualTo(other);
        assertThat(Leftovers.machines(cloud.data())).hasSizeGreaterThanOrEqualTo(4);
    }

    @Test
    @Order(5)
    void tablesLogsDescribeAndExecAreAsKubectlUsersKnowThem() {
        assertThat(alice.kubectl("-n", "web", "get", "pods", "-o", "wide").succeeded().output())
                .contains("READY")
                .contains("1/1")
                .contains("Running");
        assertThat(alice.kubectl("-n", "web", "logs", "hello").succeeded().output())
                .contains("hello: hello serves http://10.0.0.");
        assertThat(alice.kubectl("-n", "web", "describe", "pod", "hello").succeeded().output())
                .contains("Scheduled")
                .contains("Started");
        assertThat(alice.inPod("web", "hello", "exit 7").exit()).isEqualTo(7);
        assertThat(
                        alice.kubectlWithInput(
                                        "typed\n", "-n", "web", "exec", "-i", "visitor", "--",
                                        "cat")
                                .succeeded()
                                .text())
                .isEqualTo("typed");
    }

    @Test
    @Order(6)
    void anInteractiveShellHasATerminal() {
        Outcome shell =
                Cloud.run(
                        List.of(
                                "script",
                                "-qec",
                                Cloud.root().resolve("hypernetes")
                                        + " kubectl -n web exec -it visitor -- sh -c 'tty; stty"
                                        + " size'",
                                "/dev/null"),
                        Map.of("KUBECONFIG", alice.kubeconfig().toString()),
                        "");
        assertThat(shell.succeeded().output()).contains("/dev/");
        assertThat(shell.output()).doesNotContain("not a tty");
    }

    @Test
    @Order(7)
    void podsOfOneTenantReachEachOtherByIcmpTcpAndUdp() {
        String hello = alice.jsonpath("web", "pod/hello", "{.status.podIP}");
        alice.inPod("web", "visitor", "/bin/ping -c 2 -W 5 " + hello).succeeded();
        assertThat(
                        alice.inPod(
                                        "web",
                                        "visitor",
                                        "timeout 10 wget -qO- http://" + hello + ":8080/")
                                .succeeded()
                                .output())
                .contains("Hello from your own virtual machine");
        // Nothing listens for UDP in the example, so the kernel counts what arrives for no port.
        int before = strayDatagrams();
        alice.inPod("web", "visitor", "timeout 3 nslookup any.test " + hello);
        assertThat(strayDatagrams()).isGreaterThan(before);
    }

    private int strayDatagrams() {
        String count = "grep '^Udp:' /proc/net/snmp | tail -n 1 | cut -d' ' -f3";
        return Integer.parseInt(alice.inPod("web", "hello", count).succeeded().text());
    }

    @Test
    @Order(8)
    void theDataOfAClaimOutlivesItsPod() {
        alice.inPod("web", "hello", "echo kept > /www/data/word && sync").succeeded();
        alice.kubectl("-n", "web", "delete", "pod", "hello", "--timeout=90s").succeeded();
        String example = Cloud.root().resolve("examples/hello.yaml").toString();
        alice.kubectl("-n", "web", "apply", "-f", example).succeeded();
        alice.awaitReady("web", "hello");
        assertThat(alice.inPod("web", "hello", "cat /www/data/word").succeeded().text())
                .isEqualTo("kept");
    }
}
