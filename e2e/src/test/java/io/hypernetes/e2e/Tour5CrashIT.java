package io.hypernetes.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

import java.io.IOException;

/** {@code kill -9} of the program while pods run. */
@OfTheTour
@Order(5)
class Tour5CrashIT {

    private final Cloud cloud = Cloud.SHARED;
    private final Cloud.User alice = cloud.user("alice");

    @Test
    @Order(1)
    void machinesGoOnAndTheNextUpTakesThemOver() throws IOException {
        String before = alice.inPod("web", "visitor", "cat /proc/sys/kernel/random/boot_id").text();
        alice.kubectl("-n", "web", "create", "configmap", "acknowledged").succeeded();
        cloud.kill();
        assertThat(Leftovers.machines(cloud.data())).hasSizeGreaterThanOrEqualTo(4);

        cloud.up().succeeded();
        alice.kubectl("-n", "web", "get", "configmap", "acknowledged").succeeded();
        Cloud.await(
                "exec in the adopted machine",
                () -> alice.inPod("web", "visitor", "true").exit() == 0);
        assertThat(alice.inPod("web", "visitor", "cat /proc/sys/kernel/random/boot_id").text())
                .isEqualTo(before);
        assertThat(alice.kubectl("-n", "web", "logs", "hello").succeeded().output())
                .contains("hello: hello serves");
        alice.awaitReady("web", "hello", "visitor");
        assertThat(
                        alice.jsonpath(
                                "web",
                                "pod/visitor",
                                "{.status.containerStatuses[0].restartCount}"))
                .isEqualTo("0");
    }

    @Test
    @Order(2)
    void newPodsStartAfterwardsAndOldOnesCanBeReached() {
        alice.kubectl(
                        "-n",
                        "web",
                        "run",
                        "after",
                        "--image=hypernetes/hello",
                        "--image-pull-policy=IfNotPresent")
                .succeeded();
        alice.awaitReady("web", "after");
        String hello = alice.jsonpath("web", "pod/hello", "{.status.podIP}");
        alice.inPod("web", "after", "ping -c 1 -W 5 " + hello).succeeded();
        alice.kubectl("-n", "web", "delete", "pod", "after", "--timeout=90s").succeeded();
    }

    @Test
    @Order(3)
    void everyAcknowledgedWriteSurvivesRepeatedKills() throws IOException {
        for (int round = 0; round < 3; round++) {
            String name = "round-" + round;
            // A server that has just come up on a busy machine may be slow with its first client.
            Cloud.await(
                    "the write of " + name,
                    () ->
                            alice.kubectl("-n", "web", "create", "configmap", name).exit() == 0
                                    || alice.kubectl("-n", "web", "get", "configmap", name).exit()
                                            == 0);
            cloud.kill();
            cloud.up().succeeded();
        }
        for (int round = 0; round < 3; round++) {
            alice.kubectl("-n", "web", "get", "configmap", "round-" + round).succeeded();
        }
    }
}
