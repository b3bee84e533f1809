package io.hypernetes.cri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

class AnnotationsTest {

    @Test
    void nicIsReadAsItWasWritten() {
        SandboxNic nic =
                new SandboxNic(
                        "tap0",
                        "52:54:00:aa:00:01",
                        List.of(
                                new SandboxNic.Address("10.0.0.5", 24, "10.0.0.1"),
                                new SandboxNic.Address("fd00::5", 64, "fd00::1")),
                        1400);

        assertThat(Annotations.nic(Map.of(Annotations.NIC, Annotations.write(nic)))).contains(nic);
        assertThat(Annotations.nic(Map.of())).isEqualTo(Optional.empty());
        String old =
                "{'tap':'t','mac':'m','address':'10.0.0.5','prefixLength':24,'gateway':'10.0.0.1'}";
        assertThat(Annotations.nic(Map.of(Annotations.NIC, old.replace('\'', '"'))))
                .map(SandboxNic::ips)
                .contains(List.of("10.0.0.5"));
    }

    @Test
    void volumesAreReadAsTheyWereWritten() {
        List<SandboxVolume> volumes =
                List.of(
                        new SandboxVolume.Disk(
                                "data", "/d/x.raw", "file", "ext4", true, OptionalLong.of(2000)),
                        new SandboxVolume.Raw("raw", "/dev/x", "host_device", false),
                        new SandboxVolume.EmptyDir(
                                "tmp", OptionalLong.of(1024), OptionalLong.empty()),
                        new SandboxVolume.EmptyDir(
                                "tmp2", OptionalLong.empty(), OptionalLong.empty()),
                        new SandboxVolume.Files("config", "", OptionalLong.empty()));

        assertThat(Annotations.volumes(Map.of(Annotations.VOLUMES, Annotations.write(volumes))))
                .isEqualTo(volumes);
    }

    @Test
    void whatIsNotOfTheFormNamesTheAnnotation() {
        assertThatThrownBy(() -> Annotations.nic(Map.of(Annotations.NIC, "{")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("hypernetes.io/nic");
        assertThatThrownBy(() ->
                        Annotations.volumes(
                                Map.of(Annotations.VOLUMES, "[{\"name\":\"a/b\",\"files\":{}}]")))
                .hasMessage("annotation hypernetes.io/volumes: not a volume name: 'a/b'");
    }
}
