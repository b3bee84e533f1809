package io.hypernetes.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;

/** The end: nothing of ours is left. */
@Order(9)
class Tour9DownIT {

    private final Cloud cloud = Cloud.SHARED;

    @Test
    @Order(1)
    void downStopsEverythingAndKeepsTheState() {
        cloud.hypernetes("down").succeeded();
        assertThat(Leftovers.processes(cloud.data())).isEmpty();
        assertThat(cloud.data().resolve("operator.kubeconfig")).exists();
    }

    @Test
    @Order(2)
    void theNextUpHasTheStateAgain() {
        cloud.up().succeeded();
        assertThat(cloud.kubectl("get", "tenants").succeeded().output()).contains("acme");
    }

    @Test
    @Order(3)
    void purgeLeavesNoProcessDeviceNamespaceMountOrFile() {
        cloud.hypernetes("down", "--purge").succeeded();
        Leftovers after = Leftovers.now(cloud.data());
        assertThat(after.processes()).isEmpty();
        assertThat(after.links()).isSubsetOf(Baseline.before().links());
        assertThat(after.namespaces()).isSubsetOf(Baseline.before().namespaces());
        assertThat(after.mounts()).isSubsetOf(Baseline.before().mounts());
        assertThat(Files.exists(cloud.data())).isFalse();
    }
}
