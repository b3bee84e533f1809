package io.hypernetes.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A tenant that the operator suspends: its machines go, its objects stay, and all comes back. */
@Order(8)
class Tour8SuspensionIT {

    private final Cloud cloud = Cloud.SHARED;
    private final Cloud.User alice = cloud.user("alice");

    @Test
    @Order(1)
    void thePodsOfASuspendedTenantAreStoppedAndItsWorldIsReadOnly() {
        alice.kubectl("create", "namespace", "paused").succeeded();
        Cloud.await(
                "alice's rights in her new namespace",
                () ->
                        alice.kubectl(
                                                "-n",
                                                "paused",
                                                "run",
                                                "sleeper",
                                                "--image=hypernetes/hello",
                                                "--image-pull-policy=IfNotPresent")
                                        .exit()
                                == 0);
        alice.awaitReady("paused", "sleeper");

        cloud.hypernetes("tenant", "suspend", "acme").succeeded();
        Cloud.await(
                "the pod to stop",
                () ->
                        alice.kubectl("-n", "paused", "get", "pod", "sleeper")
                                .succeeded()
                                .output()
                                .contains("TenantSuspended"));
        assertThat(alice.kubectl("-n", "paused", "create", "configmap", "c").failed().output())
                .contains("tenant \"acme\" is suspended");
        assertThat(alice.inPod("paused", "sleeper", "true").failed().output())
                .contains("tenant \"acme\" is suspended");
        assertThat(cloud.kubectl("get", "tenant", "acme").succeeded().output())
                .contains("Suspended");
    }

    @Test
    @Order(2)
    void theyStartAgainWithTheSameAddressWhenItIsResumed() {
        String before = alice.jsonpath("paused", "pod/sleeper", "{.status.podIP}");
        cloud.hypernetes("tenant", "resume", "acme").succeeded();
        alice.awaitReady("paused", "sleeper");
        assertThat(alice.jsonpath("paused", "pod/sleeper", "{.status.podIP}")).isEqualTo(before);
        alice.inPod("paused", "sleeper", "true").succeeded();
        alice.kubectl("delete", "namespace", "paused", "--timeout=120s").succeeded();
    }
}
