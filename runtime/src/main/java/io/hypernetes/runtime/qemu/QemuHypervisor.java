package io.hypernetes.runtime.qemu;

import io.hypernetes.runtime.agent.AgentException;
import io.hypernetes.runtime.agent.RemoteAgent;
import io.hypernetes.runtime.vm.Accelerator;
import io.hypernetes.runtime.vm.DiskSpec;
import io.hypernetes.runtime.vm.Hypervisor;
import io.hypernetes.runtime.vm.NicSpec;
import io.hypernetes.runtime.vm.VirtualMachine;
import io.hypernetes.runtime.vm.VmException;
import io.hypernetes.runtime.vm.VmSpec;

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
import java.util.stream.Stream;

/** Machines as QEMU processes. */
public final class QemuHypervisor implements Hypervisor {

    /** A restore takes a tenth of a second; a machine that is overloaded needs longer. */
    private static final Duration RESTORE = Duration.ofSeconds(30);

    private static final int MAX_SOCKET_PATH = 107;

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
        Path directory = directory(spec.id());
        if (Files.exists(directory)) {
            throw new VmException(
                    "machine " + spec.id() + " exists; adopt it, or destroy it first");
        }
        try {
            Templates.Template template =
                    templates.get(MemorySize.of(spec.memoryMiB()), spec.cpus());
            Files.createDirectories(directory);
            QemuMachine machine = clone(spec, directory, template);
            connected.put(spec.id(), machine);
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

    private QemuMachine clone(VmSpec spec, Path directory, Templates.Template template)
            throws InterruptedException {
        QemuCommand command =
                new QemuCommand(
                        accelerator, MemorySize.of(spec.memoryMiB()), spec.cpus(), directory);
        QemuProcess process =
                QemuProcess.start(
                        config.inNetwork(
                                command.clone(config.kernel(), config.initrd(), template.memory())),
                        directory,
                        template.state());
        try {
            Qmp qmp = Qmp.connect(QemuCommand.qmpSocket(directory), process::alive, RESTORE);
            Templates.restore(qmp, RESTORE);
            Devices devices = new Devices(qmp);
            for (DiskSpec disk : spec.disks()) {
                devices.plug(disk);
            }
            for (NicSpec nic : spec.nics()) {
                devices.plug(nic);
            }
            qmp.execute("cont");
            return new QemuMachine(
                    spec.id(), process, qmp, devices, agent(spec.id(), process, RESTORE));
        } catch (VmException | AgentException e) {
            throw new VmException(e.getMessage() + process.log(), e);
        }
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
            connected.put(id, machine);
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
