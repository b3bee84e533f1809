package io.hypernetes.runtime.cri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.cri.v1.ContainerState;
import io.hypernetes.cri.v1.LinuxPodSandboxConfig;
import io.hypernetes.cri.v1.LinuxSandboxSecurityContext;
import io.hypernetes.cri.v1.ListPodSandboxRequest;
import io.hypernetes.cri.v1.NamespaceMode;
import io.hypernetes.cri.v1.NamespaceOption;
import io.hypernetes.cri.v1.PodSandbox;
import io.hypernetes.cri.v1.PodSandboxFilter;
import io.hypernetes.cri.v1.PodSandboxState;
import io.hypernetes.cri.v1.PodSandboxStateValue;
import io.hypernetes.cri.v1.PortMapping;
import io.hypernetes.cri.v1.RemovePodSandboxRequest;
import io.hypernetes.cri.v1.RuntimeCondition;
import io.hypernetes.cri.v1.RuntimeConfigRequest;
import io.hypernetes.cri.v1.StatusRequest;
import io.hypernetes.cri.v1.StatusResponse;
import io.hypernetes.cri.v1.StopPodSandboxRequest;
import io.hypernetes.cri.v1.VersionRequest;
import io.hypernetes.cri.v1.VersionResponse;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** Sandboxes, and what the runtime says of itself. */
class CriSandboxIT extends CriConformance {

    @Test
    void itSaysWhatItIsAndThatItIsReady() {
        VersionResponse version = hyper.runtime().version(VersionRequest.getDefaultInstance());
        assertThat(version.getRuntimeName()).isEqualTo("hyper");
        assertThat(version.getRuntimeApiVersion()).isEqualTo("v1");
        assertThat(version.getVersion()).isNotEmpty();
        assertThat(version.getRuntimeVersion()).isNotEmpty();
        StatusResponse status = hyper.runtime().status(StatusRequest.getDefaultInstance());
        assertThat(status.getStatus().getConditionsList())
                .filteredOn(RuntimeCondition::getStatus)
                .extracting(RuntimeCondition::getType)
                .contains("RuntimeReady", "NetworkReady");
        assertThat(status.getRuntimeHandlersList())
                .allMatch(handler -> handler.getFeatures().getRecursiveReadOnlyMounts())
                .noneMatch(handler -> handler.getFeatures().getUserNamespaces());
        assertThat(status.getFeatures().getSupplementalGroupsPolicy()).isTrue();
        assertThat(
                        hyper.runtime()
                                .runtimeConfig(RuntimeConfigRequest.getDefaultInstance())
                                .hasLinux())
                .isTrue();
    }

    private List<PodSandbox> sandboxes(PodSandboxFilter.Builder filter) {
        return hyper.runtime()
                .listPodSandbox(ListPodSandboxRequest.newBuilder().setFilter(filter).build())
                .getItemsList();
    }

    private static PodSandboxFilter.Builder state(PodSandboxState state) {
        return PodSandboxFilter.newBuilder()
                .setState(PodSandboxStateValue.newBuilder().setState(state));
    }

    @Test
    void aSandboxKeepsItsAttributesAndEndsAsOftenAsOneLikes() {
        Map<String, String> labels = Map.of("foo", "bar");
        String id =
                run(
                        sandbox("kept")
                                .putAllLabels(labels)
                                .putAnnotations("annotation", "value")
                                .setHostname("a-name"));
        assertThat(sandboxes(PodSandboxFilter.newBuilder().setId(id)))
                .singleElement()
                .satisfies(item -> {
                    assertThat(item.getMetadata()).isEqualTo(sandbox("kept").getMetadata());
                    assertThat(item.getLabelsMap()).containsAllEntriesOf(labels);
                    assertThat(item.getAnnotationsMap()).containsEntry("annotation", "value");
                });
        assertThat(hyper.sandboxStatus(id).getLabelsMap()).containsAllEntriesOf(labels);
        assertThat(sandboxes(state(PodSandboxState.SANDBOX_READY).putAllLabelSelector(labels)))
                .extracting(PodSandbox::getId)
                .containsExactly(id);
        String main =
                hyper.run(id, TestHyper.config("main").addCommand("sleep").addCommand("9").build());
        assertThat(say(main, "hostname")).isEqualTo("a-name\n");

        stopSandbox(id);
        stopSandbox(id);
        assertThat(hyper.sandboxStatus(id).getState()).isEqualTo(PodSandboxState.SANDBOX_NOTREADY);
        assertThat(hyper.container(main).getState()).isEqualTo(ContainerState.CONTAINER_EXITED);
        assertThat(sandboxes(state(PodSandboxState.SANDBOX_READY).setId(id))).isEmpty();
        for (int i = 0; i < 2; i++) {
            var unused =
                    hyper.runtime()
                            .removePodSandbox(
                                    RemovePodSandboxRequest.newBuilder()
                                            .setPodSandboxId(id)
                                            .build());
        }
        assertThat(sandboxes(PodSandboxFilter.newBuilder().setId(id))).isEmpty();
        stopSandbox("never-there");
    }

    private void stopSandbox(String id) {
        var unused =
                hyper.runtime()
                        .stopPodSandbox(
                                StopPodSandboxRequest.newBuilder().setPodSandboxId(id).build());
    }

    /** The namespaces of the node are refused: a guest has no way to have them. */
    @Test
    void nothingOfTheNodeIsShared() {
        for (NamespaceOption.Builder option :
                List.of(
                        NamespaceOption.newBuilder().setPid(NamespaceMode.NODE),
                        NamespaceOption.newBuilder().setIpc(NamespaceMode.NODE),
                        NamespaceOption.newBuilder().setNetwork(NamespaceMode.NODE))) {
            assertThatThrownBy(() ->
                            run(
                                    sandbox("host")
                                            .setLinux(
                                                    LinuxPodSandboxConfig.newBuilder()
                                                            .setSecurityContext(
                                                                    LinuxSandboxSecurityContext
                                                                            .newBuilder()
                                                                            .setNamespaceOptions(
                                                                                    option)))))
                    .hasMessageContaining("a sandbox is a virtual machine");
        }
        assertThatThrownBy(() ->
                        run(
                                sandbox("port")
                                        .addPortMappings(
                                                PortMapping.newBuilder()
                                                        .setContainerPort(80)
                                                        .setHostPort(12001))))
                .hasMessageContaining("hostPort");
    }

    @Test
    void aSandboxHasItsNamesItsDnsAndItsSysctls() {
        String one = secured(security -> security);
        assertThat(say(one, "cat /etc/resolv.conf").lines())
                .containsExactly("nameserver 10.10.10.10", "search google.com", "options ndots:8");
        assertThat(say(one, "hostname")).isEqualTo("asked\n");
        assertThat(say(one, "cat /proc/sys/kernel/shm_rmid_forced")).isEqualTo("1\n");
        assertThat(say(one, "cat /proc/sys/fs/mqueue/msg_max")).isEqualTo("100\n");
    }
}
