package io.hypernetes.runtime.cri;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hypernetes.cri.Annotations;
import io.hypernetes.cri.SandboxNic;
import io.hypernetes.cri.v1.DNSConfig;
import io.hypernetes.cri.v1.PodIP;
import io.hypernetes.cri.v1.RunPodSandboxRequest;
import io.hypernetes.runtime.qemu.QemuConfig;
import io.hypernetes.runtime.qemu.TestGuest;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A sandbox on a TAP device, in a network namespace of the test's own. */
class NetworkIT {

    @TempDir private Path folder;
    private final String namespace = "hyper-it-" + ProcessHandle.current().pid();
    private TestHyper hyper;

    @BeforeEach
    void start() throws Exception {
        ip("netns", "add", namespace);
        ip("-n", namespace, "tuntap", "add", "tap0", "mode", "tap");
        ip("-n", namespace, "addr", "add", "10.9.0.1/24", "dev", "tap0");
        ip("-n", namespace, "link", "set", "tap0", "up");
        hyper =
                TestHyper.start(
                        folder,
                        new QemuConfig(
                                TestGuest.directory(),
                                folder,
                                Path.of("/dev/shm"),
                                QemuConfig.Choice.TCG,
                                Optional.of(Path.of("/run/netns", namespace))));
    }

    @AfterEach
    void stop() throws Exception {
        try {
            hyper.purge();
        } finally {
            ip("netns", "delete", namespace);
        }
    }

    @Test
    void theGuestHasItsAddressAndItsNames() throws Exception {
        SandboxNic nic =
                new SandboxNic(
                        "tap0",
                        "52:54:00:aa:00:01",
                        List.of(
                                new SandboxNic.Address("10.9.0.5", 24, "10.9.0.1"),
                                new SandboxNic.Address("fd00:9::5", 64, "fd00:9::1")),
                        1400);
        String sandbox =
                hyper.runtime()
                        .runPodSandbox(
                                RunPodSandboxRequest.newBuilder()
                                        .setConfig(
                                                TestHyper.sandbox("networked").toBuilder()
                                                        .setDnsConfig(
                                                                DNSConfig.newBuilder()
                                                                        .addServers("10.9.0.2")
                                                                        .addSearches("a.example")
                                                                        .addOptions("ndots:5"))
                                                        .putAnnotations(
                                                                Annotations.NIC,
                                                                Annotations.write(nic))
                                                        .putAnnotations(
                                                                Annotations.HOSTS,
                                                                "10.9.0.7 friend"))
                                        .build())
                        .getPodSandboxId();
        String container = hyper.runContainer(sandbox, "main", "exec sleep 1000");

        assertThat(hyper.sandboxStatus(sandbox).getNetwork().getIp()).isEqualTo("10.9.0.5");
        assertThat(hyper.sandboxStatus(sandbox).getNetwork().getAdditionalIpsList())
                .extracting(PodIP::getIp)
                .containsExactly("fd00:9::5");
        assertThat(say(container, "ip -6 -o addr show dev eth0"))
                .contains("fd00:9::5/64")
                .doesNotContain("tentative");
        assertThat(say(container, "ip -6 route")).contains("default via fd00:9::1 dev eth0");
        assertThat(say(container, "ip -4 -o addr show dev eth0")).contains("10.9.0.5/24");
        assertThat(say(container, "ip link show dev eth0"))
                .contains("mtu 1400", "52:54:00:aa:00:01");
        assertThat(say(container, "ping -c 1 -W 5 10.9.0.1")).contains("1 packets received");
        assertThat(say(container, "cat /etc/resolv.conf").lines())
                .containsExactly("nameserver 10.9.0.2", "search a.example", "options ndots:5");
        assertThat(say(container, "cat /etc/hosts"))
                .contains("10.9.0.5\tnetworked\n", "fd00:9::5\tnetworked\n", "10.9.0.7 friend\n");
    }

    private String say(String container, String script) {
        return hyper.exec(container, script).getStdout().toStringUtf8();
    }

    private static void ip(String... arguments) throws Exception {
        String[] command = new String[arguments.length + 1];
        command[0] = "ip";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }
}
