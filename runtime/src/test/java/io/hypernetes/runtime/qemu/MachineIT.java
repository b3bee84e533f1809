package io.hypernetes.runtime.qemu;

import static io.hypernetes.runtime.qemu.Sandbox.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hypernetes.runtime.agent.AgentException;
import io.hypernetes.runtime.agent.ContainerSecurity;
import io.hypernetes.runtime.agent.ContainerStatus;
import io.hypernetes.runtime.agent.ExecSpec;
import io.hypernetes.runtime.agent.GuestAgent;
import io.hypernetes.runtime.agent.GuestConnection;
import io.hypernetes.runtime.agent.GuestFile;
import io.hypernetes.runtime.agent.GuestNetwork;
import io.hypernetes.runtime.agent.GuestOutputStream;
import io.hypernetes.runtime.agent.GuestProcess;
import io.hypernetes.runtime.agent.HttpProbe;
import io.hypernetes.runtime.agent.ProbeResult;
import io.hypernetes.runtime.agent.TcpProbe;
import io.hypernetes.runtime.agent.VolumeMount;
import io.hypernetes.runtime.vm.DiskSpec;
import io.hypernetes.runtime.vm.VirtualMachine;
import io.hypernetes.runtime.vm.VmSpec;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Containers, volumes, probes and streams in one machine per test. */
class MachineIT {

    private static final OptionalLong NO_GROUP = OptionalLong.empty();

    @TempDir static Path directory;
    private static QemuHypervisor hypervisor;
    private static Path image;
    private static int count;

    private VirtualMachine machine;
    private GuestAgent agent;
    private Sandbox sandbox;

    @BeforeAll
    static void boot() throws Exception {
        image = TestGuest.image(directory);
        hypervisor =
                QemuHypervisor.open(
                        new QemuConfig(TestGuest.directory(), directory.resolve("data")));
    }

    @AfterAll
    static void purge() throws Exception {
        hypervisor.purge();
        assertThat(TestGuest.processes(directory)).isEmpty();
        assertThat(directory.resolve("data")).isEmptyDirectory();
    }

    @BeforeEach
    void make() {
        machine = hypervisor.create(withImage("vm" + count++));
        agent = machine.agent();
        sandbox = new Sandbox(agent);
    }

    @AfterEach
    void end() {
        machine.kill();
    }

    private static VmSpec withImage(String id, DiskSpec... more) {
        List<DiskSpec> disks = new ArrayList<>(List.of(more));
        disks.add(new DiskSpec(Sandbox.IMAGE, image, DiskSpec.Driver.FILE, true));
        return new VmSpec(id, 128, 1, disks, List.of());
    }

    @Test
    void aCloneHasTheHostsTimeAndRandomnessOfItsOwn() throws Exception {
        String other;
        VirtualMachine second = hypervisor.create(withImage("second"));
        try {
            String script = "cat /proc/sys/kernel/random/uuid /proc/sys/kernel/random/boot_id";
            other = new Sandbox(second.agent()).output(shell("c", script));
            assertThat(sandbox.output(shell("c", script)).lines())
                    .doesNotContainAnyElementsOf(other.lines().toList());
        } finally {
            second.kill();
        }
        long guest = Long.parseLong(sandbox.output(shell("c", "date +%s")).strip());
        assertThat(Instant.ofEpochSecond(guest))
                .isBetween(Instant.now().minusSeconds(5), Instant.now().plusSeconds(5));
    }

    /** KEP-1287: the machine grows under what runs in it. */
    @Test
    void aMachineGrowsWhileItRuns() throws Exception {
        String count = "grep -c ^processor /proc/cpuinfo; sed -n 's/^MemTotal: *//p' /proc/meminfo";
        long before = kilobytes(sandbox.output(shell("small", count)));

        machine.grow(300, 2);
        machine.grow(300, 2); // nothing is missing: nothing comes
        String grown = sandbox.output(shell("large", count));

        assertThat(grown.lines().findFirst()).contains("2");
        assertThat(kilobytes(grown) - before).isEqualTo(256 << 10);
        assertThatThrownBy(() -> machine.grow(128, 40)).hasMessageContaining("8 processors");
    }

    private static long kilobytes(String output) {
        return Long.parseLong(output.lines().skip(1).findFirst().orElseThrow().split(" ", 2)[0]);
    }

    @Test
    void aContainerIsWhatItsSpecificationSays() throws Exception {
        agent.configure(
                new GuestNetwork(
                        "web-0",
                        "",
                        List.of(),
                        0,
                        List.of("nameserver 10.0.0.2"),
                        "127.0.0.1 me\n"));
        String script =
                "id -u; id -g; id -G; pwd; echo $A $HOME $HOSTNAME; hostname; grep Cap"
                    + " /proc/self/status; cat /etc/resolv.conf /etc/hosts; echo oops >&2; ps | wc"
                    + " -l; exit 7";
        Sandbox.Outcome outcome =
                sandbox.run(
                        shell("c", script)
                                .env(Map.of("A", "b c"))
                                .directory("/made/here")
                                .user("hello", 3000L));

        assertThat(outcome.exit().code()).isEqualTo(7);
        assertThat(outcome.exit().oomKilled()).isFalse();
        assertThat(outcome.stderr()).isEqualTo("oops\n");
        assertThat(outcome.stdout())
                .startsWith("1000\n1001\n1001 2000 3000\n/made/here\nb c /home web-0\nweb-0\n")
                .contains("CapEff:\t0000000000000000", "CapBnd:\t00000000a80425fb")
                .contains("nameserver 10.0.0.2\n127.0.0.1 me\n");
        assertThat(outcome.stdout().strip()).endsWith("\n4"); // ps: title, sh, ps and wc
    }

    @Test
    void aContainerCanNotOpenDevicesOrWriteToAReadOnlyRoot() throws Exception {
        ContainerSecurity readOnly =
                new ContainerSecurity(
                        ContainerSecurity.DEFAULT.capabilities(), true, true, true, false);
        String script =
                "mknod /tmp/x c 1 1; mknod /dev/x c 1 1; cat /tmp/x /dev/x; touch /file; ls /dev;"
                        + " echo 1 >/proc/sys/kernel/sysrq; grep NoNewPrivs /proc/self/status";

        Sandbox.Outcome outcome = sandbox.run(shell("c", script).security(readOnly));

        assertThat(outcome.stdout()).doesNotContain("vport", "vda").contains("NoNewPrivs:\t1");
        assertThat(outcome.stderr())
                .contains("can't open '/dev/x': Permission denied")
                .contains("touch: /file: Read-only file system")
                .contains("/proc/sys/kernel/sysrq: Read-only file system");
    }

    @Test
    void aCommandThatCanNotBeExecutedIsToldAtTheStart() {
        agent.create(new Sandbox.Builder("c", List.of("nonsense")).build());

        assertThatThrownBy(() -> agent.start("c"))
                .isInstanceOfSatisfying(
                        AgentException.class,
                        e -> {
                            assertThat(e.reason()).isEqualTo(AgentException.Reason.NOT_EXECUTABLE);
                            assertThat(e)
                                    .hasMessage(
                                            "exec: \"nonsense\": executable file not found in"
                                                    + " $PATH");
                        });
        agent.remove("c");
        assertThat(agent.containers()).isEmpty();
    }

    @Test
    void anUnknownUserIsToldAtTheStart() {
        agent.create(shell("c", "true").user("nobody-here").build());

        assertThatThrownBy(() -> agent.start("c"))
                .hasMessageContaining("unable to find user nobody-here");
    }

    @Test
    void memoryBeyondTheLimitEndsTheContainerAlone() throws Exception {
        sandbox.start(shell("other", "sleep 1000"));

        Sandbox.Outcome outcome =
                sandbox.run(shell("c", "dd if=/dev/zero of=/dev/null bs=64M").memory(16 << 20));

        assertThat(outcome.exit().code()).isEqualTo(137);
        assertThat(outcome.exit().oomKilled()).isTrue();
        assertThat(agent.container("other").running()).isTrue();
    }

    @Test
    void endsAreToldOnceEachAndSignalsArrive() throws Exception {
        BlockingQueue<ContainerStatus> ends = new LinkedBlockingQueue<>();
        sandbox.start(shell("early", "exit 1"));
        while (agent.container("early").running()) {
            Thread.sleep(2);
        }
        agent.onContainerExit(ends::add);
        sandbox.start(shell("late", "trap 'exit 5' TERM; while :; do sleep 0.01; done"));
        Thread.sleep(200); // lets the shell set its trap
        agent.signal("late", 15);

        assertThat(ends.poll(10, TimeUnit.SECONDS).exit().orElseThrow().code()).isEqualTo(1);
        assertThat(ends.poll(10, TimeUnit.SECONDS).exit().orElseThrow().code()).isEqualTo(5);
        assertThat(ends.poll(100, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void aContainerReadsItsInputAndSeesItsEnd() throws Exception {
        agent.create(shell("c", "wc -c").stdin().build());
        Sandbox.Collector collector = new Sandbox.Collector();
        agent.output("c", collector);
        agent.start("c");

        try (GuestOutputStream stdin = agent.stdin("c")) {
            stdin.write(new byte[300_000]);
        }

        collector.end.get(30, TimeUnit.SECONDS);
        assertThat(collector.stdout.toString(UTF_8).strip()).isEqualTo("300000");
    }

    @Test
    void aProcessIsExecutedInTheContainerWithItsOwnStreams() throws Exception {
        sandbox.start(shell("c", "echo mine >/file; sleep 1000"));
        ExecSpec spec =
                new ExecSpec(
                        List.of(
                                "sh",
                                "-c",
                                "until [ -s /file ]; do sleep 0.01; done; cat /file -;"
                                        + " echo err >&2; hostname; exit 9"),
                        false,
                        true);

        try (GuestProcess process = agent.exec("c", spec)) {
            try (GuestOutputStream stdin = process.stdin()) {
                stdin.write("typed\n".getBytes(UTF_8));
            }
            assertThat(new String(process.stdout().readAllBytes(), UTF_8))
                    .startsWith("mine\ntyped\n");
            assertThat(new String(process.stderr().readAllBytes(), UTF_8)).isEqualTo("err\n");
            assertThat(process.waitFor()).isEqualTo(9);
        }
        assertThatThrownBy(() -> agent.exec("c", new ExecSpec(List.of("nope"), false, false)))
                .hasMessageContaining("executable file not found in $PATH");
    }

    @Test
    void closingAnExecutedProcessKillsItAndLeavesTheContainer() throws Exception {
        sandbox.start(shell("c", "sleep 1000"));
        GuestProcess process = agent.exec("c", new ExecSpec(List.of("sleep", "77"), false, false));

        process.close();

        while (sandbox.exec("c", "ps").contains("sleep 77")) {
            Thread.sleep(5);
        }
        assertThat(agent.container("c").running()).isTrue();
    }

    @Test
    void aTerminalHasASizeAndEchoes() throws Exception {
        sandbox.start(shell("c", "sleep 1000"));

        try (GuestProcess shell = agent.exec("c", new ExecSpec(List.of("sh"), true, true))) {
            shell.resize(123, 45);
            shell.stdin().write("stty size; tty; exit 4\n".getBytes(UTF_8));
            shell.stdin().flush();
            String output = new String(shell.stdout().readAllBytes(), UTF_8);

            assertThat(output).contains("45 123\r\n/dev/pts/0\r\n");
            assertThat(shell.waitFor()).isEqualTo(4);
        }
    }

    @Test
    void muchOutputFlowsAndAProcessWaitsForAReader() throws Exception {
        sandbox.start(shell("quiet", "sleep 1000"));
        sandbox.start(shell("flood", "yes"));
        ExecSpec spec =
                new ExecSpec(List.of("sh", "-c", "head -c 3000000 /dev/zero"), false, false);

        try (GuestProcess process = agent.exec("quiet", spec)) {
            Thread.sleep(300); // nobody reads: the guest must stay reachable
            assertThat(agent.stats().memoryAvailableBytes()).isGreaterThan(20 << 20);
            assertThat(process.stdout().readAllBytes()).hasSize(3_000_000);
            assertThat(process.waitFor()).isZero();
        }
        assertThat(agent.container("flood").running()).isTrue();
    }

    @Test
    void aMemoryVolumeIsSharedAndLimited() throws Exception {
        agent.createMemoryVolume("shared", OptionalLong.of(1 << 20), OptionalLong.of(4242));
        VolumeMount all = new VolumeMount("shared", "", "/data", false);
        VolumeMount part = new VolumeMount("shared", "sub/dir", "/part", true);
        sandbox.output(
                shell("a", "mkdir -p /data/sub/dir; echo x >/data/sub/dir/f")
                        .mounts(all)
                        .user("7"));

        assertThat(
                        sandbox.output(
                                shell(
                                                "b",
                                                "cat /part/f; stat -c %g /part/f; touch /part/g ||"
                                                        + " echo no")
                                        .mounts(part)))
                .isEqualTo("x\n4242\nno\n");
        assertThat(
                        sandbox.run(shell("c", "dd if=/dev/zero of=/data/big bs=4k").mounts(all))
                                .stderr())
                .contains("No space left on device");
    }

    @Test
    void aSubPathCanNotLeaveItsVolume() throws Exception {
        agent.createMemoryVolume("v", OptionalLong.empty(), NO_GROUP);
        VolumeMount all = new VolumeMount("v", "", "/v", false);
        sandbox.output(shell("a", "ln -s / /v/out; ln -s ../../etc /v/up").mounts(all));

        for (String sub : List.of("out", "up", "../../../etc", "out/run")) {
            agent.create(shell("b", "true").mounts(new VolumeMount("v", sub, "/m", false)).build());
            assertThatThrownBy(() -> agent.start("b")).hasMessageContaining("sub-path " + sub);
            agent.remove("b");
        }
    }

    @Test
    void filesAreReplacedAllAtOnce() throws Exception {
        agent.writeFiles("config", files("1"), NO_GROUP);
        String script =
                "while :; do cd -P /c/..data && a=$(cat a) && b=$(cat b) || continue;"
                        + " [ \"$a\" = \"$b\" ] || exit 1; done";
        sandbox.start(shell("c", script).mounts(new VolumeMount("config", "", "/c", true)));

        for (int i = 2; i <= 8; i++) {
            agent.writeFiles("config", files(String.valueOf(i)), NO_GROUP);
            assertThat(sandbox.exec("c", "cat /c/a /c/b /c/deep/f; ls /c"))
                    .isEqualTo("" + i + i + i + "a\nb\ndeep\n");
        }
        agent.writeFiles(
                "config", List.of(new GuestFile("only", 0600, "x".getBytes(UTF_8))), NO_GROUP);
        assertThat(sandbox.exec("c", "ls /c; stat -c %a /c/..data/only")).isEqualTo("only\n600\n");
        assertThat(agent.container("c").running()).isTrue();
    }

    private static List<GuestFile> files(String content) {
        byte[] bytes = content.getBytes(UTF_8);
        return List.of(
                new GuestFile("a", 0644, bytes),
                new GuestFile("b", 0644, bytes),
                new GuestFile("deep/f", 0644, bytes));
    }

    @Test
    void aLargeSetOfFilesArrivesWhole() throws Exception {
        byte[] large = new byte[1_000_000];
        agent.writeFiles("big", List.of(new GuestFile("f", 0644, large)), NO_GROUP);

        assertThat(
                        sandbox.output(
                                shell("c", "wc -c </b/f")
                                        .mounts(new VolumeMount("big", "", "/b", true))))
                .isEqualTo("1000000\n");
    }

    @Test
    void aBlankDiskBecomesAVolumeWhoseDataOutlivesTheMachine() throws Exception {
        Path disk = TestGuest.blank(directory.resolve("disk"), 64L << 20);
        DiskSpec spec = new DiskSpec("pvc-1", disk, DiskSpec.Driver.FILE, false);
        VolumeMount mount = new VolumeMount("data", "", "/data", false);
        machine.plugDisk(spec);
        agent.mountDiskVolume("data", "pvc-1", false, NO_GROUP);
        sandbox.output(shell("a", "echo kept >/data/file").mounts(mount));
        agent.unmountVolume("data");
        machine.unplugDisk("pvc-1");
        assertThat(machine.disks()).containsExactly(Sandbox.IMAGE);

        VirtualMachine second = hypervisor.create(withImage("second", spec));
        try {
            second.agent().mountDiskVolume("data", "pvc-1", false, NO_GROUP);
            assertThat(
                            new Sandbox(second.agent())
                                    .output(shell("b", "cat /data/file").mounts(mount)))
                    .isEqualTo("kept\n");
        } finally {
            second.kill();
        }
    }

    @Test
    void aDiskWithSomethingElseOnItIsLeftAlone() throws Exception {
        Path disk = TestGuest.blank(directory.resolve("foreign"), 8 << 20);
        Files.writeString(disk, "precious" + "x".repeat(8 << 20));
        machine.plugDisk(new DiskSpec("foreign", disk, DiskSpec.Driver.FILE, false));

        assertThatThrownBy(() -> agent.mountDiskVolume("v", "foreign", false, NO_GROUP))
                .hasMessage("disk foreign is neither blank nor ext4");
        assertThat(Files.readString(disk)).startsWith("precious");
    }

    @Test
    void probesAndConnectionsAreMadeInsideTheGuest() throws Exception {
        Duration second = Duration.ofSeconds(5);
        String server =
                "mkdir -p /www/cgi-bin; echo page >/www/index.html; httpd -p 8080 -h /www;"
                        + " nc -ll -p 9000 -e cat";
        sandbox.start(shell("c", server));
        while (!agent.probe(new TcpProbe("", 9000, second)).success()) {
            Thread.sleep(5);
        }

        assertThat(agent.probe(new HttpProbe("", 8080, "/", Map.of(), second)).success()).isTrue();
        assertThat(agent.probe(new HttpProbe("", 8080, "/none", Map.of(), second)))
                .isEqualTo(new ProbeResult(false, "HTTP probe failed with statuscode: 404", 404));
        assertThat(agent.probe(new TcpProbe("", 8081, second)))
                .isEqualTo(
                        new ProbeResult(
                                false, "dial tcp 127.0.0.1:8081: connect: connection refused"));
        assertThatThrownBy(() -> agent.connect(8081, second))
                .hasMessageContaining("Connection refused");
        echoes(second);
    }

    private void echoes(Duration timeout) throws Exception {
        byte[] sent = new byte[500_000];
        new Random(1).nextBytes(sent);
        try (GuestConnection connection = agent.connect(9000, timeout)) {
            Thread writer =
                    Thread.startVirtualThread(() -> {
                        try (GuestOutputStream out = connection.output()) {
                            out.write(sent);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
            InputStream in = connection.input();
            assertThat(in.readNBytes(sent.length)).isEqualTo(sent);
            writer.join();
        }
    }

    @Test
    void aProbeOfSomethingSilentEndsInTime() throws Exception {
        sandbox.start(shell("c", "nc -ll -p 9000 -e sleep 100"));
        Duration timeout = Duration.ofMillis(300);
        while (!agent.probe(new TcpProbe("", 9000, timeout)).success()) {
            Thread.sleep(5);
        }

        ProbeResult result = agent.probe(new HttpProbe("", 9000, "/", Map.of(), timeout));

        assertThat(result.success()).isFalse();
        assertThat(result.message()).contains("deadline exceeded");
    }

    @Test
    @Timeout(60)
    void statisticsTellWhatAContainerUses() throws Exception {
        sandbox.start(shell("c", "head -c 5000000 /dev/zero >/dev/shm/x; sleep 1000"));
        while (agent.stats().containers().getFirst().memoryBytes() < 5_000_000) {
            Thread.sleep(20);
        }

        var stats = agent.stats();

        assertThat(stats.memoryTotalBytes()).isBetween(64L << 20, 128L << 20);
        assertThat(stats.containers()).hasSize(1);
        assertThat(stats.containers().getFirst().cpuNanos()).isPositive();
        assertThat(stats.containers().getFirst().pids()).isPositive();
    }

    @Test
    void aMachineThatIsSwitchedOffOrKilledTellsSoAndLeavesNothing() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        machine.onExit(told::countDown);

        agent.powerOff();

        assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(machine.alive()).isFalse();
        assertThatThrownBy(agent::stats)
                .isInstanceOfSatisfying(
                        AgentException.class,
                        e -> assertThat(e.reason()).isEqualTo(AgentException.Reason.LOST));
        machine.kill();
        assertThat(hypervisor.ids()).doesNotContain(machine.id());
    }
}
