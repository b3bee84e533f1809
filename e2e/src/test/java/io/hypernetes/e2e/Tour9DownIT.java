package io.hypernetes.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The end: nothing of ours is left. */
@OfTheTour
@Order(9)
class Tour9DownIT {

    private final Cloud cloud = Cloud.SHARED;

    @Test
    @Order(1)
    void downStopsEverythingAndKeepsTheState() {
        String example = Cloud.root().resolve("examples/hello.yaml").toString();
        inAcme("apply", "-f", example).succeeded();
        inAcme("wait", "pod/hello", "--for=condition=Ready", "--timeout=180s").succeeded();
        // Not synchronised: the machine has to write it out when it is asked to end.
        inAcme("exec", "hello", "--", "sh", "-c", "echo written > /www/data/word").succeeded();
        cloud.hypernetes("down").succeeded();
        assertThat(Leftovers.processes(cloud.data())).isEmpty();
        assertThat(cloud.data().resolve("operator.kubeconfig")).exists();
    }

    @Test
    @Order(2)
    void theNextUpHasTheStateAgain() {
        cloud.up().succeeded();
        assertThat(cloud.kubectl("get", "tenants").succeeded().output()).contains("acme");
        Cloud.await(
                "the pod on a new machine",
                () ->
                        inAcme("exec", "hello", "--", "cat", "/www/data/word")
                                .text()
                                .equals("written"));
    }

    private Outcome inAcme(String... arguments) {
        List<String> line = new ArrayList<>();
        line.add(cloud.world("acme"));
        line.addAll(List.of(arguments));
        return cloud.kubectl(line.toArray(String[]::new));
    }

    @Test
    @Order(3)
    void purgeLeavesNoProcessDeviceNamespaceMountOrFile() {
        Leftovers had = Leftovers.of(cloud.data());
        assertThat(Stream.of(had.processes(), had.namespaces(), had.devices(), had.mounts()))
                .as("what can be seen of a running installation: %s", had)
                .noneMatch(Set::isEmpty);
        cloud.hypernetes("down", "--purge").succeeded();
        Leftovers left = had.stillThere(cloud.data());
        assertThat(left.isNothing()).as("left: %s", left).isTrue();
        assertThat(Files.exists(cloud.data())).isFalse();
        cloud.forget();
    }
}
