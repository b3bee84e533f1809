package io.hypernetes.runtime.qemu;

import io.hypernetes.runtime.agent.AgentException;
import io.hypernetes.runtime.agent.RemoteAgent;
import io.hypernetes.runtime.vm.Accelerator;
import io.hypernetes.runtime.vm.Hypervisor;
import io.hypernetes.runtime.vm.VirtualMachine;
import io.hypernetes.runtime.vm.VmException;
import io.hypernetes.runtime.vm.VmSpec;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Machines as QEMU processes. */
public final class QemuHypervisor implements Hypervisor {

    /** A restore takes a tenth of a second; a machine that is overloaded needs longer. */
    private static final Duration RESTORE = Duration.ofSeconds(30);

    private static final int MAX_SOCKET_PATH = 107;

    private static final Logger LOG = LoggerFactory.getLogger(QemuHypervisor.class);

    private final QemuConfig config;
    private final Accelerator accelerator;
    private final Templates templates;

    /** Machines that this process is connected to. */
    private final Map<String, QemuMachine> connected = new ConcurrentHashMap<>();

    private QemuHypervisor(QemuConfig config, Accelerator accelerator, Templates templates) {
        this.config = config;
        this.accelerator = accelerator;
        this.templates = templates;
    }

    /**
     * Makes the directories, finds the accelerator out (seconds, when a canary has to boot) and
     * removes templates that do not fit any more.
     */
    public static QemuHypervisor open(QemuConfig config) {
        try {
            Files.createDirectories(config.machines());
            Files.createDirectories(config.templates());
            Accelerator accelerator = AcceleratorChoice.choose(config);
            String key =
                    Fingerprint.of(
                            String.join(
                                    "\n",
                                    Fingerprint.of(config.kernel()),
                                    Fingerprint.of(config.initrd()),
                                    AcceleratorChoice.qemuVersion(),
                                    String.join(
                                            " ",
                                            new QemuCommand(accelerator, 0, 0, Path.of("/"))
                                                    .boot(
                                                            Path.of("/"),
                                                            Path.of("/"),
                                                            Path.of("/")))));
            Templates templates = new Templates(config, accelerator, key);
            templates.sweep();
            return new QemuHypervisor(config, accelerator, templates);
        } catch (IOException e) {
            throw new VmException("can not use " + config.dataDirectory(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VmException("interrupted while looking for an accelerator", e);
        }
    }

    @Override
    public Accelerator accelerator() {
        return accelerator;
    }

    @Override
    public void prepare(int memoryMiB, int cpus) {
        try {
            templates.get(MemorySize.of(memoryMiB), cpus);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VmException("interrupted while building a template", e);
        }
    }

    @Override
    public VirtualMachine create(VmSpec spec) {
        return create(spec, UnaryOperator.identity());
    }

    @Override
    public VirtualMachine createInBackground(VmSpec spec) {
        return create(spec, Niceness::inBackground);
    }

    private VirtualMachine create(VmSpec spec, UnaryOperator<List<String>> priority) {
        Path directory = directory(spec.id());
        if (Files.exists(directory)) {
            throw new VmException(
                    "machine " + spec.id() + " exists; adopt it, or destroy it first");
        }
        try {
            QemuMachine machine = start(spec, restored(spec, directory, priority));
            remember(machine);
            return machine;
        } catch (InterruptedException e) {
            destroy(spec.id());
            Thread.currentThread().interrupt();
            throw new VmException("interrupted while making machine " + spec.id(), e);
        } catch (IOException e) {
            throw new VmException("can not make the run directory " + directory, e);
        } catch (VmException | AgentException e) {
            destroy(spec.id());
            throw new VmException("machine " + spec.id() + ": " + e.getMessage(), e);
        }
    }

    /** A clone that is stopped, with its monitor. */
    private record Restored(QemuProcess process, Qmp qmp) {}

    private Restored restored(VmSpec spec, Path directory, UnaryOperator<List<String>> priority)
            throws InterruptedException, IOException {
        int memory = MemorySize.of(spec.memoryMiB());
        Templates.Template template = templates.get(memory, spec.cpus());
        try {
            return restore(spec, directory, template, priority);
        } catch (VmException e) {
            // The files may have been damaged, or be of a QEMU that was replaced meanwhile.
            LOG.warn("a template of {} MiB is made anew: {}", memory, e.getMessage());
            destroy(spec.id());
            templates.discard(template);
            return restore(spec, directory, templates.get(memory, spec.cpus()), priority);
        }
    }

    private Restored restore(
            VmSpec spec,
            Path directory,
            Templates.Template template,
            UnaryOperator<List<String>> priority)
            throws InterruptedException, IOException {
        Files.createDirectories(directory);
        QemuCommand command =
                new QemuCommand(
                        accelerator, MemorySize.of(spec.memoryMiB()), spec.cpus(), directory);
        List<String> line =
                config.inNetwork(
                        command.clone(config.kernel(), config.initrd(), template.memory()));
        QemuProcess process = QemuProcess.start(priority.apply(line), directory, template.state());
        try {
            Qmp qmp = Qmp.connect(QemuCommand.qmpSocket(directory), process::alive, RESTORE);
            Templates.restore(qmp, RESTORE);
            return new Restored(process, qmp);
        } catch (VmException e) {
            throw new VmException(e.getMessage() + process.log(), e);
        }
    }

    private static QemuMachine start(VmSpec spec, Restored restored) throws InterruptedException {
        Devices devices = new Devices(restored.qmp());
        try {
            spec.disks().forEach(devices::plug);
            spec.nics().forEach(devices::plug);
            restored.qmp().execute("cont");
            RemoteAgent agent = agent(spec.id(), restored.process(), RESTORE);
            return new QemuMachine(spec.id(), restored.process(), restored.qmp(), devices, agent);
        } catch (VmException | AgentException e) {
            restored.qmp().close();
            throw new VmException(e.getMessage() + restored.process().log(), e);
        }
    }

    private void remember(QemuMachine machine) {
        connected.put(machine.id(), machine);
        machine.onExit(() -> connected.remove(machine.id(), machine));
    }

    private static RemoteAgent agent(String id, QemuProcess process, Duration timeout)
            throws InterruptedException {
        Path socket = QemuCommand.agentSocket(process.directory());
        return RemoteAgent.connect(socket, id, timeout, process::alive);
    }

    @Override
    public Optional<VirtualMachine> adopt(String id) {
        Path directory = directory(id);
        QemuMachine known = connected.get(id);
        if (known != null && known.alive()) {
            return Optional.of(known);
        }
        Optional<QemuProcess> process = QemuProcess.find(directory);
        if (process.isEmpty()) {
            destroy(id);
            return Optional.empty();
        }
        try {
            QemuMachine machine = connect(id, process.get());
            remember(machine);
            return Optional.of(machine);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VmException("interrupted while adopting machine " + id, e);
        } catch (AgentException e) {
            throw new VmException(
                    "machine " + id + " runs but its agent does not answer; destroy it", e);
        }
    }

    private static QemuMachine connect(String id, QemuProcess process) throws InterruptedException {
        Qmp qmp = Qmp.connect(QemuCommand.qmpSocket(process.directory()), process::alive, RESTORE);
        Devices devices = new Devices(qmp);
        devices.read();
        // One that was cloned but not started when its maker died has no agent that answers.
        qmp.execute("cont");
        return new QemuMachine(id, process, qmp, devices, agent(id, process, RESTORE));
    }

    @Override
    public List<String> ids() {
        try (Stream<Path> directories = Files.list(config.machines())) {
            return directories.map(path -> String.valueOf(path.getFileName())).sorted().toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new VmException("can not read " + config.machines(), e);
        }
    }

    @Override
    public void destroy(String id) {
        QemuMachine known = connected.remove(id);
        if (known != null) {
            known.kill();
        }
        Path directory = directory(id);
        Optional<QemuProcess> process =
                Files.exists(directory) ? QemuProcess.find(directory) : Optional.empty();
        if (process.isPresent()) {
            try {
                process.get().kill();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new VmException("interrupted while ending machine " + id, e);
            }
        }
        Directories.delete(directory);
    }

    @Override
    public void purge() {
        ids().forEach(this::destroy);
        Directories.delete(Templates.memories(config));
        Directories.delete(config.templates());
        Directories.delete(config.machines());
    }

    @Override
    public void close() {
        connected.values().forEach(QemuMachine::close);
        connected.clear();
    }

    private Path directory(String id) {
        Path directory = config.machines().toAbsolutePath().resolve(VmSpec.requireId(id));
        String longest = QemuCommand.agentSocket(directory).toString();
        if (longest.getBytes(StandardCharsets.UTF_8).length > MAX_SOCKET_PATH) {
            throw new VmException(
                    longest + " is too long for a UNIX socket: use a shorter data directory");
        }
        return directory;
    }
}
