package io.hypernetes.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.core.HostRuntime;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Who runs a pod: a tenant's pod is a virtual machine, whatever it says. */
class RuntimeChoiceTest {

    private static final Tenant ACME = new Tenant("acme");

    private static ObjectNode pod(String spec) {
        return Json.parseObject(
                ("{\"metadata\":{\"name\":\"p\",\"uid\":\"u\"},\"spec\":" + spec + "}")
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static final ObjectNode ASKS =
            pod("{\"runtimeClassName\":\"containerd\",\"hostNetwork\":true}");

    @TempDir private Path folder;

    /** One that is never asked. */
    private final ManagedChannel nobody = ManagedChannelBuilder.forTarget("localhost").build();

    @AfterEach
    void end() {
        nobody.shutdownNow();
    }

    private ContainerdSetup containerd() {
        return new ContainerdSetup(
                folder.resolve("pods"), ContainerdNetwork.install(folder.resolve("cni"), nobody));
    }

    @Test
    void onlyTheOperatorsPodsAreForContainerd() {
        assertThat(HostRuntime.runs(Tenant.SYSTEM, ASKS)).isTrue();
        assertThat(HostRuntime.runs(ACME, ASKS)).isFalse();
        assertThat(HostRuntime.runs(Tenant.SYSTEM, pod("{}"))).isFalse();
        ContainerdSetup setup = containerd();
        assertThatThrownBy(() -> setup.check(ACME, ASKS)).isInstanceOf(IllegalStateException.class);
        setup.check(Tenant.SYSTEM, ASKS);
    }

    @Test
    void aNodeWithoutContainerdSaysSoAndMakesNoMachine() {
        MachineSetup machines = new MachineSetup(new GuestFiles(nobody));
        machines.check(ACME, ASKS);
        assertThatThrownBy(() -> machines.check(Tenant.SYSTEM, ASKS))
                .isInstanceOf(PodConfigException.class)
                .hasMessageContaining("this node has no containerd");
    }

    @Test
    void whatContainerdIsNotGivenIsNamed() {
        ContainerdSetup setup = containerd();
        String port =
                "{\"runtimeClassName\":\"containerd\",\"containers\":[{\"ports\":[{\"hostPort\":80}]}]}";
        assertThatThrownBy(() -> setup.check(Tenant.SYSTEM, pod(port)))
                .hasMessageContaining("use hostNetwork or a Service");
        String rest = "{\"runtimeClassName\":\"containerd\",\"hostNetwork\":true,\"volumes\":[%s]}";
        assertThatThrownBy(() ->
                        setup.check(
                                Tenant.SYSTEM,
                                pod(
                                        rest.formatted(
                                                "{\"name\":\"data\",\"persistentVolumeClaim\":{}}"))))
                .hasMessageContaining("use hostPath or emptyDir for \"data\"");
    }
}
