package io.hypernetes.runtime.qemu;

import static io.hypernetes.runtime.qemu.Sandbox.shell;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hypernetes.runtime.agent.ExecSpec;
import io.hypernetes.runtime.agent.OutputListener;
import io.hypernetes.runtime.vm.DiskSpec;
import io.hypernetes.runtime.vm.VirtualMachine;
import io.hypernetes.runtime.vm.VmSpec;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Machines outlive the process that made them, and the next one goes on where it stopped. */
@Timeout(120)
class AdoptionIT {

    @TempDir static Path directory;

    private QemuConfig config;
    private QemuHypervisor hypervisor;
    private VirtualMachine machine;

    @BeforeEach
    void make() throws Exception {
        config = new QemuConfig(TestGuest.directory(), directory.resolve("data"));
        hypervisor = QemuHypervisor.open(config);
        Path image = directory.resolve("busybox.sqfs");
        if (!Files.exists(image)) {
            TestGuest.image(directory);
        }
        DiskSpec disk = new DiskSpec(Sandbox.IMAGE, image, DiskSpec.Driver.FILE, true);
        machine = hypervisor.create(new VmSpec("vm", 128, 1, List.of(disk), List.of()));
    }

    @AfterEach
    void purge() {
        hypervisor.purge();
    }

    /** What the death of this process does to the connections: they end in the middle. */
    private VirtualMachine dieAndAdopt() {
        hypervisor.close();
        hypervisor = QemuHypervisor.open(config);
        return hypervisor.adopt("vm").orElseThrow();
    }

    /** Takes output until it has so much, then never returns, as if its process were killed. */
    private static final class Dying implements OutputListener {

        final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        final CompletableFuture<Boolean> full = new CompletableFuture<>();
        private final int enough;

        Dying(int enough) {
            this.enough = enough;
        }

        @Override
        public void accept(Source source, long offset, byte[] bytes) {
            if (taken.size() >= enough) {
                full.complete(true);
                new CompletableFuture<>().join();
            }
            taken.writeBytes(bytes);
        }

        @Override
        public void end() {}
    }

    @Test
    void outputGoesOnWhereTheDeadProcessStoppedWithNothingLostOrRepeated() throws Exception {
        String script = "i=0; while [ $i -lt 40000 ]; do echo line $i; i=$((i+1)); done; exit 3";
        new Sandbox(machine.agent()).start(shell("c", script));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int death = 0; death < 3; death++) {
            Dying listener = new Dying(60_000);
            machine.agent().output("c", listener);
            listener.full.get(60, TimeUnit.SECONDS);
            all.writeBytes(listener.taken.toByteArray());
            machine = dieAndAdopt();
        }
        CompletableFuture<Boolean> end = new CompletableFuture<>();
        machine.agent()
                .output(
                        "c",
                        new OutputListener() {
                            @Override
                            public void accept(Source source, long offset, byte[] bytes) {
                                assertThat(offset).isEqualTo(all.size());
                                all.writeBytes(bytes);
                            }

                            @Override
                            public void end() {
                                end.complete(true);
                            }
                        });
        end.get(60, TimeUnit.SECONDS);

        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 40_000; i++) {
            expected.append("line ").append(i).append('\n');
        }
        assertThat(all.toString(UTF_8)).isEqualTo(expected.toString());
        assertThat(machine.agent().container("c").exit().orElseThrow().code()).isEqualTo(3);
    }

    @Test
    void containersGoOnAndWhatWasExecutedForTheDeadProcessEnds() throws Exception {
        new Sandbox(machine.agent()).start(shell("c", "sleep 1000"));
        machine.agent().exec("c", new ExecSpec(List.of("sleep", "77"), true, true));
        assertThat(new Sandbox(machine.agent()).exec("c", "ps")).contains("sleep 77");

        machine = dieAndAdopt();

        Sandbox sandbox = new Sandbox(machine.agent());
        while (sandbox.exec("c", "ps").contains("sleep 77")) {
            Thread.sleep(5);
        }
        assertThat(machine.agent().container("c").running()).isTrue();
        assertThat(machine.disks()).containsExactly(Sandbox.IMAGE);
        assertThat(machine.freeSlots()).isEqualTo(QemuCommand.SLOTS - 1);
    }

    @Test
    void aMachineThatDiedMeanwhileIsCleanedUpAndItsPidFileBelievedByNobody() throws Exception {
        hypervisor.close();
        Path run = config.machines().resolve("vm");
        QemuProcess.find(run).orElseThrow().kill();
        // The pid is another's by now: this very process'.
        Files.writeString(run.resolve("pid"), String.valueOf(ProcessHandle.current().pid()));

        hypervisor = QemuHypervisor.open(config);

        assertThat(hypervisor.ids()).containsExactly("vm");
        assertThat(hypervisor.adopt("vm")).isEqualTo(Optional.empty());
        assertThat(hypervisor.ids()).isEmpty();
    }

    @Test
    void aMachineWithoutAPidFileIsFoundByItsCommandLine() throws Exception {
        hypervisor.close();
        Files.delete(config.machines().resolve("vm").resolve("pid"));
        hypervisor = QemuHypervisor.open(config);

        hypervisor.destroy("vm");

        assertThat(TestGuest.processes(config.machines())).isEmpty();
    }

    @Test
    void aDamagedTemplateIsMadeAnew() throws Exception {
        try (Stream<Path> files = Files.list(config.templates())) {
            for (Path state : files.filter(Files::isRegularFile).toList()) {
                Files.writeString(state, "damaged");
            }
        }

        assertThat(hypervisor.create(new VmSpec("vm2", 128, 1)).alive()).isTrue();
        assertThat(machine.alive()).isTrue();
    }

    @Test
    void twoInstallationsSideBySideDoNotTouchEachOther() throws Exception {
        QemuConfig other = new QemuConfig(config.guestDirectory(), directory.resolve("other"));
        QemuHypervisor second = QemuHypervisor.open(other);
        second.prepare(128, 1);

        second.purge();

        assertThat(machine.alive()).isTrue();
        assertThat(hypervisor.create(new VmSpec("vm2", 128, 1)).alive()).isTrue();
    }
}
