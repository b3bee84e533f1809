package io.hypernetes.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A tenant that the operator suspends: its machines go, its objects stay, and all comes back. */
@OfTheTour
@Order(8)
class Tour8SuspensionIT {

    private static final String TENANT = "umbrella";

    private final Cloud cloud = Cloud.SHARED;
    private final Cloud.User dora = cloud.user("dora");

    @Test
    @Order(1)
    void thePodsOfASuspendedTenantAreStoppedAndItsWorldIsReadOnly() {
        cloud.hypernetes("tenant", "create", TENANT).succeeded();
        cloud.createUser("dora", TENANT, "a long enough secret");
        dora.kubectl("create", "namespace", "paused").succeeded();
        Cloud.await(
                "dora's rights in her new namespace",
                () ->
                        dora.kubectl(
                                                "-n",
                                                "paused",
                                                "run",
                                                "sleeper",
                                                "--image=hypernetes/hello",
                                                "--image-pull-policy=IfNotPresent")
                                        .exit()
                                == 0);
        dora.awaitReady("paused", "sleeper");

        cloud.hypernetes("tenant", "suspend", TENANT).succeeded();
        Cloud.await(
                "the pod to stop",
                () ->
                        dora.kubectl("-n", "paused", "get", "pod", "sleeper")
                                .succeeded()
                                .output()
                                .contains("TenantSuspended"));
        assertThat(dora.kubectl("-n", "paused", "create", "configmap", "c").failed().output())
                .contains("tenant \"umbrella\" is suspended");
        assertThat(dora.inPod("paused", "sleeper", "true").failed().output())
                .contains("tenant \"umbrella\" is suspended");
        assertThat(cloud.kubectl("get", "tenant", TENANT).succeeded().output())
                .contains("Suspended");
    }

    @Test
    @Order(2)
    void theyStartAgainWithTheSameAddressWhenItIsResumed() {
        String before = dora.jsonpath("paused", "pod/sleeper", "{.status.podIP}");
        cloud.hypernetes("tenant", "resume", TENANT).succeeded();
        dora.awaitReady("paused", "sleeper");
        assertThat(dora.jsonpath("paused", "pod/sleeper", "{.status.podIP}")).isEqualTo(before);
        dora.inPod("paused", "sleeper", "true").succeeded();
        cloud.hypernetes("tenant", "delete", TENANT).succeeded();
    }
}
