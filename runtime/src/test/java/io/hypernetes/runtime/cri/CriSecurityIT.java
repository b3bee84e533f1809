package io.hypernetes.runtime.cri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.cri.v1.Capability;
import io.hypernetes.cri.v1.LinuxContainerSecurityContext;
import io.hypernetes.cri.v1.NamespaceMode;
import io.hypernetes.cri.v1.NamespaceOption;
import io.hypernetes.cri.v1.SecurityProfile;
import io.hypernetes.cri.v1.SupplementalGroupsPolicy;

import org.junit.jupiter.api.Test;

import java.util.function.UnaryOperator;

/** Security contexts. */
class CriSecurityIT extends CriConformance {

    @Test
    void processesAreTheContainersOrThePods() {
        UnaryOperator<LinuxContainerSecurityContext.Builder> own =
                security ->
                        security.setNamespaceOptions(
                                NamespaceOption.newBuilder().setPid(NamespaceMode.CONTAINER));
        UnaryOperator<LinuxContainerSecurityContext.Builder> shared =
                security ->
                        security.setNamespaceOptions(
                                NamespaceOption.newBuilder().setPid(NamespaceMode.POD));
        assertThat(say(secured(own), "cat /proc/1/cmdline | tr '\\0' ' '"))
                .isEqualTo("sleep 100000 ");
        assertThat(say(secured(shared), "cat /proc/1/comm")).isEqualTo("pause\n");
    }

    @Test
    void processesRunAsTheUsersThatAreAskedFor() {
        assertThat(say(secured(s -> s.setRunAsUser(number(1001))), "id -u")).isEqualTo("1001\n");
        assertThat(say(secured(s -> s.setRunAsUsername("nobody")), "id -un")).isEqualTo("nobody\n");
        assertThat(
                        say(
                                secured(s ->
                                        s.setRunAsUser(number(1001)).setRunAsGroup(number(1002))),
                                "id -g"))
                .isEqualTo("1002\n");
        assertThat(say(secured(s -> s.addSupplementalGroups(1234)), "id -G")).contains("1234");
        assertThatThrownBy(() -> secured(s -> s.setRunAsGroup(number(1002))))
                .hasMessageContaining("run_as_group needs run_as_user");
        assertThat(
                        say(
                                secured(s ->
                                        s.setRunAsUser(number(1000))
                                                .addSupplementalGroups(1234)
                                                .setSupplementalGroupsPolicy(
                                                        SupplementalGroupsPolicy.Strict)),
                                "id -G"))
                .isEqualTo("1000 1234\n");
    }

    @Test
    void aRootFileSystemCanBeReadOnlyAndPartsOfItHidden() {
        assertThat(say(secured(s -> s), "touch /test; ls /test")).isEqualTo("/test\n");
        assertThat(say(secured(s -> s.setReadonlyRootfs(true)), "touch /test"))
                .contains("Read-only file system");
        String hidden =
                secured(s ->
                        s.addMaskedPaths("/etc/passwd")
                                .addMaskedPaths("/root")
                                .addMaskedPaths("/not/there")
                                .addReadonlyPaths("/tmp"));
        assertThat(say(hidden, "cat /etc/passwd")).isEmpty();
        assertThat(say(hidden, "touch /root/x")).contains("touch: /root/x: ");
        assertThat(say(hidden, "touch /tmp/x")).isEqualTo("touch: /tmp/x: Read-only file system\n");
    }

    private String effective(Capability.Builder capabilities) {
        return say(
                        secured(s -> s.setCapabilities(capabilities)),
                        "grep CapEff /proc/self/status | cut -f 2")
                .strip();
    }

    @Test
    void rightsAreGivenAndTaken() {
        String usual = effective(Capability.newBuilder());
        assertThat(effective(Capability.newBuilder().addAddCapabilities("NET_ADMIN")))
                .isEqualTo("%016x".formatted(Long.parseLong(usual, 16) | 1 << 12));
        assertThat(effective(Capability.newBuilder().addDropCapabilities("CHOWN")))
                .isEqualTo("%016x".formatted(Long.parseLong(usual, 16) & ~1L));
        assertThat(effective(Capability.newBuilder().addDropCapabilities("ALL")))
                .isEqualTo("0000000000000000");
        assertThat(
                        Long.bitCount(
                                Long.parseLong(
                                        effective(
                                                Capability.newBuilder().addAddCapabilities("ALL")),
                                        16)))
                .isGreaterThan(35);
        assertThat(
                        say(
                                secured(s -> s.setPrivileged(true)),
                                "ip link add d0 type bridge; hostname x"))
                .doesNotContain("hostname: sethostname");
        assertThat(say(secured(s -> s), "hostname x")).contains("Operation not permitted");
    }

    private String status(
            String key, UnaryOperator<LinuxContainerSecurityContext.Builder> security) {
        return say(secured(security), "grep ^" + key + ": /proc/self/status | cut -f 2").strip();
    }

    private static UnaryOperator<LinuxContainerSecurityContext.Builder> profile(
            SecurityProfile.ProfileType type) {
        return security -> security.setSeccomp(SecurityProfile.newBuilder().setProfileType(type));
    }

    @Test
    void callsAreFilteredAndRightsNotGainedWhenAskedFor() {
        assertThat(status("Seccomp", s -> s)).isEqualTo("0");
        assertThat(status("Seccomp", profile(SecurityProfile.ProfileType.Unconfined)))
                .isEqualTo("0");
        assertThat(status("Seccomp", profile(SecurityProfile.ProfileType.RuntimeDefault)))
                .isEqualTo("2");
        assertThat(
                        status(
                                "Seccomp",
                                s ->
                                        profile(SecurityProfile.ProfileType.RuntimeDefault)
                                                .apply(s.setPrivileged(true))))
                .as("as upstream: what is privileged is not filtered")
                .isEqualTo("0");
        assertThatThrownBy(() -> secured(profile(SecurityProfile.ProfileType.Localhost)))
                .hasMessageContaining("profiles of the node are not offered");
        assertThat(
                        say(
                                secured(s ->
                                        profile(SecurityProfile.ProfileType.Unconfined)
                                                .apply(
                                                        s.setCapabilities(
                                                                Capability.newBuilder()
                                                                        .addAddCapabilities(
                                                                                "SYS_ADMIN")))),
                                "hostname x && hostname"))
                .isEqualTo("x\n");
        assertThat(status("NoNewPrivs", s -> s.setNoNewPrivs(true))).isEqualTo("1");
        assertThat(status("NoNewPrivs", s -> s)).isEqualTo("0");
    }
}
