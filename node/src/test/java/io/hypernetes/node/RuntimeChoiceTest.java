package io.hypernetes.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannelBuilder;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.core.HostRuntime;

import org.junit.jupiter.api.Test;

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

    @Test
    void onlyTheOperatorsPodsAreForContainerd() {
        assertThat(HostRuntime.runs(Tenant.SYSTEM, ASKS)).isTrue();
        assertThat(HostRuntime.runs(ACME, ASKS)).isFalse();
        assertThat(HostRuntime.runs(Tenant.SYSTEM, pod("{}"))).isFalse();
        ContainerdSetup setup = new ContainerdSetup(Path.of("unused"));
        assertThatThrownBy(() -> setup.check(ACME, ASKS)).isInstanceOf(IllegalStateException.class);
        setup.check(Tenant.SYSTEM, ASKS);
    }

    @Test
    void aNodeWithoutContainerdSaysSoAndMakesNoMachine() {
        var channel = ManagedChannelBuilder.forTarget("localhost").build();
        try {
            MachineSetup machines = new MachineSetup(new GuestFiles(channel));
            machines.check(ACME, ASKS);
            assertThatThrownBy(() -> machines.check(Tenant.SYSTEM, ASKS))
                    .isInstanceOf(PodConfigException.class)
                    .hasMessageContaining("this node has no containerd");
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void whatContainerdIsNotGivenIsNamed() {
        ContainerdSetup setup = new ContainerdSetup(Path.of("unused"));
        assertThatThrownBy(() ->
                        setup.check(Tenant.SYSTEM, pod("{\"runtimeClassName\":\"containerd\"}")))
                .hasMessageContaining("say hostNetwork: true");
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
