package io.hypernetes.cli.cri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.hypernetes.cri.v1.ContainerConfig;
import io.hypernetes.cri.v1.KeyValue;
import io.hypernetes.cri.v1.NamespaceMode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Configurations as crictl's users write them. */
class MessageReaderTest {

    @TempDir private Path folder;

    private ContainerConfig read(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), text);
        return MessageReader.read(file, ContainerConfig.newBuilder()).build();
    }

    @Test
    void fieldsAreKnownByBothTheirNames() throws IOException {
        ContainerConfig config =
                read(
                        """
                        metadata: {name: main, attempt: 2}
                        image: {image: hello}
                        command: [sh, -c, "sleep 1"]
                        log_path: main.log
                        workingDir: /tmp
                        envs: [{key: A, value: Yg==}]
                        labels: {app: web}
                        linux:
                          resources: {memory_limit_in_bytes: 33554432, cpuQuota: "5000"}
                          security_context:
                            namespace_options: {pid: 1, network: NODE}
                            run_as_user: {value: 1000}
                            readonly_rootfs: true
                        """);
        assertThat(config.getMetadata().getName()).isEqualTo("main");
        assertThat(config.getMetadata().getAttempt()).isEqualTo(2);
        assertThat(config.getCommandList()).containsExactly("sh", "-c", "sleep 1");
        assertThat(config.getLogPath()).isEqualTo("main.log");
        assertThat(config.getWorkingDir()).isEqualTo("/tmp");
        assertThat(config.getEnvsList())
                .extracting(KeyValue::getKey, env -> env.getValue().toStringUtf8())
                .containsExactly(tuple("A", "b"));
        assertThat(config.getLabelsMap()).containsEntry("app", "web");
        assertThat(config.getLinux().getResources().getMemoryLimitInBytes()).isEqualTo(32 << 20);
        assertThat(config.getLinux().getResources().getCpuQuota()).isEqualTo(5000);
        var security = config.getLinux().getSecurityContext();
        assertThat(security.getNamespaceOptions().getPid()).isEqualTo(NamespaceMode.CONTAINER);
        assertThat(security.getNamespaceOptions().getNetwork()).isEqualTo(NamespaceMode.NODE);
        assertThat(security.getRunAsUser().getValue()).isEqualTo(1000);
        assertThat(security.getReadonlyRootfs()).isTrue();
    }

    @Test
    void mistakesAreToldWithTheirPlace() {
        assertThatThrownBy(() -> read("{\"image\":{\"imagee\":\"x\"}}"))
                .hasMessageContaining("no such field at image.imagee");
        assertThatThrownBy(() -> read("linux: {resources: {cpu_quota: much}}"))
                .hasMessageContaining("a number is needed at linux.resources.cpu_quota");
        assertThatThrownBy(
                        () -> read("linux: {security_context: {namespace_options: {pid: MINE}}}"))
                .hasMessageContaining("no such word at linux.security_context");
        assertThatThrownBy(() -> read("image: hello"))
                .hasMessageContaining("an object is needed at image");
        assertThatThrownBy(() -> read("[1]")).hasMessageContaining("file: ");
    }
}
