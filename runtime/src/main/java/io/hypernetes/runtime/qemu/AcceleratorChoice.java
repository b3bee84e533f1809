package io.hypernetes.runtime.qemu;

import io.hypernetes.runtime.agent.AgentException;
import io.hypernetes.runtime.agent.RemoteAgent;
import io.hypernetes.runtime.vm.Accelerator;
import io.hypernetes.runtime.vm.VmException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Finds out what executes guests. That /dev/kvm opens proves nothing: there are hosts where virtual
 * machines can be made and never get anywhere. So KVM is taken when the processor has the
 * instructions for it and a canary has booted.
 */
final class AcceleratorChoice {

    private static final Duration CANARY = Duration.ofSeconds(5);
    private static final int CANARY_MIB = 128;

    private AcceleratorChoice() {}

    static Accelerator choose(QemuConfig config) throws InterruptedException {
        return switch (config.accelerator()) {
            case KVM -> Accelerator.KVM;
            case TCG -> Accelerator.TCG;
            case AUTO ->
                    processorCan() && canaryAnswers(config) ? Accelerator.KVM : Accelerator.TCG;
        };
    }

    private static boolean processorCan() {
        try {
            List<String> lines = Files.readAllLines(Path.of("/proc/cpuinfo"));
            return Files.exists(Path.of("/dev/kvm"))
                    && lines.stream()
                            .filter(line -> line.startsWith("flags"))
                            .anyMatch(line -> line.matches(".*\\b(vmx|svm)\\b.*"));
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean canaryAnswers(QemuConfig config) throws InterruptedException {
        Path directory = config.templates().resolve("canary");
        Path memory = Templates.memories(config).resolve("canary.new");
        try {
            Files.createDirectories(directory);
            QemuCommand command = new QemuCommand(Accelerator.KVM, CANARY_MIB, 1, directory);
            QemuProcess process =
                    QemuProcess.start(
                            command.boot(config.kernel(), config.initrd(), memory),
                            directory,
                            Path.of("/dev/null"));
            try {
                Path socket = QemuCommand.agentSocket(directory);
                RemoteAgent.connect(socket, "canary", CANARY, process::alive).close();
                return true;
            } catch (AgentException e) {
                return false;
            } finally {
                process.kill();
            }
        } catch (IOException e) {
            throw new VmException("can not use " + directory, e);
        } finally {
            Directories.delete(directory);
            Directories.delete(memory);
        }
    }

    /** QEMU's first line about itself: another version means other templates. */
    static String qemuVersion() throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(QemuCommand.BINARY, "--version")
                            .redirectErrorStream(true)
                            .start();
            String text =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return text.lines().findFirst().orElse("");
        } catch (IOException e) {
            throw new VmException(
                    "can not start "
                            + QemuCommand.BINARY
                            + "; install it with: apt-get install qemu-system-x86",
                    e);
        }
    }
}
