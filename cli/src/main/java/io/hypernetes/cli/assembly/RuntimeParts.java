package io.hypernetes.cli.assembly;

import io.hypernetes.node.Capacity;
import io.hypernetes.node.RuntimeConnection;
import io.hypernetes.runtime.agent.AgentException;
import io.hypernetes.runtime.cri.Hyper;
import io.hypernetes.runtime.cri.HyperConfig;
import io.hypernetes.runtime.image.ImageLimits;
import io.hypernetes.runtime.image.RegistrySettings;
import io.hypernetes.runtime.qemu.QemuConfig;
import io.hypernetes.runtime.qemu.QemuHypervisor;
import io.hypernetes.runtime.vm.Accelerator;
import io.hypernetes.runtime.vm.VirtualMachine;
import io.hypernetes.runtime.vm.VmException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** The hyper runtime, and the connection of the node agent to it. */
record RuntimeParts(
        MachineConfig config,
        Hyper hyper,
        CriStreams streams,
        RuntimeConnection connection,
        Accelerator accelerator) {

    private static final Logger LOG = LoggerFactory.getLogger(RuntimeParts.class);
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final Duration POWER_OFF = Duration.ofSeconds(10);

    /** The size of a pod that asks for nothing: its template is made before the first pod comes. */
    private static final int USUAL_MEMORY_MIB = 128;

    /**
     * Machines of that size that stand by, unless the operator says another number: each costs
     * about as much memory as an idle pod, and a start's processor time before it is needed.
     */
    private static final String SPARES = "2";

    /**
     * After many starts more of them stand by for a while: in a sixteenth of the memory, at most so
     * many.
     */
    private static final int MOST_SPARES = 20;

    private static final long SPARE_BYTES = 64L << 20;
    private static final int PART_OF_MEMORY = 16;

    static RuntimeParts start(MachineConfig config, Path networkNamespace)
            throws IOException, InterruptedException {
        Files.createDirectories(config.runtime());
        Files.createDirectories(config.runtimeSocket().getParent());
        QemuHypervisor hypervisor =
                QemuHypervisor.open(
                        new QemuConfig(
                                config.guest(),
                                config.runtime(),
                                MEMORY,
                                choice(config.runtimes().accelerator()),
                                Optional.of(networkNamespace)));
        RuntimeConnection connection = RuntimeConnection.open(config.runtimeSocket());
        CriStreams streams = new CriStreams(connection.streams());
        Hyper hyper =
                Hyper.start(
                        new HyperConfig(
                                config.runtime(),
                                config.runtimeSocket(),
                                ImageLimits.DEFAULT,
                                RegistrySettings.DEFAULT,
                                List.of(),
                                HyperConfig.GUEST_PATIENCE,
                                spares()),
                        hypervisor,
                        streams);
        Thread.ofVirtual().name("template").start(() -> prepare(hypervisor));
        return new RuntimeParts(config, hyper, streams, connection, hypervisor.accelerator());
    }

    /** {@code HYPERNETES_SPARES}; a program that runs this in itself sets the property. */
    private static HyperConfig.SpareMachines spares() throws IOException {
        String environment = System.getenv().getOrDefault("HYPERNETES_SPARES", SPARES);
        int count = Integer.parseInt(System.getProperty("hypernetes.spares", environment));
        long memory = Capacity.ofThisMachine(Path.of("/")).memoryBytes();
        int most = (int) Math.min(MOST_SPARES, memory / PART_OF_MEMORY / SPARE_BYTES);
        return count == 0
                ? HyperConfig.SpareMachines.NONE
                : new HyperConfig.SpareMachines(
                        count, most, USUAL_MEMORY_MIB, 1, "hypernetes/hello");
    }

    private static QemuConfig.Choice choice(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "kvm" -> QemuConfig.Choice.KVM;
            case "tcg" -> QemuConfig.Choice.TCG;
            case "auto" -> QemuConfig.Choice.AUTO;
            default ->
                    throw new IllegalArgumentException(
                            "--accelerator is auto, kvm or tcg, not '" + word + "'");
        };
    }

    private static void prepare(QemuHypervisor hypervisor) {
        try {
            hypervisor.prepare(USUAL_MEMORY_MIB, 1);
        } catch (VmException e) {
            LOG.warn("no template for usual pods yet: {}", e.getMessage());
        }
    }

    /** Whether this very file has not been imported yet. */
    boolean isMissing(Path image) throws IOException {
        return Files.exists(image)
                && !(Files.exists(mark()) && Files.readString(mark()).equals(state(image)));
    }

    List<String> importImage(Path image) throws IOException {
        try (InputStream tar = Files.newInputStream(image)) {
            List<String> names = connection.importImages(tar);
            Files.writeString(mark(), state(image));
            return names;
        }
    }

    private Path mark() {
        return config.runtime().resolve("imported");
    }

    private static String state(Path image) throws IOException {
        return Files.size(image) + " " + Files.getLastModifiedTime(image);
    }

    /** Ends all machines of an installation that is not running; their disks and images stay. */
    static void endMachines(Path runtime, Path guest) throws InterruptedException {
        if (!Files.isDirectory(runtime)) {
            return;
        }
        // The accelerator does not matter for ending machines, and finding it out takes seconds.
        try (QemuHypervisor hypervisor =
                QemuHypervisor.open(
                        new QemuConfig(
                                guest, runtime, MEMORY, QemuConfig.Choice.TCG, Optional.empty()))) {
            powerOffAll(hypervisor);
            hypervisor.purge();
        }
    }

    /** Guests write lazily: each is asked to write out what it has before its machine goes. */
    private static void powerOffAll(QemuHypervisor hypervisor) throws InterruptedException {
        List<Thread> threads =
                hypervisor.ids().stream()
                        .map(id -> Thread.ofVirtual().start(() -> powerOff(hypervisor, id)))
                        .toList();
        for (Thread thread : threads) {
            thread.join(POWER_OFF);
        }
    }

    private static void powerOff(QemuHypervisor hypervisor, String id) {
        try {
            Optional<VirtualMachine> machine = hypervisor.adopt(id);
            if (machine.isPresent()) {
                CountDownLatch ended = new CountDownLatch(1);
                machine.get().onExit(ended::countDown);
                machine.get().agent().powerOff();
                ended.await();
            }
        } catch (VmException | AgentException e) {
            LOG.warn("machine {} is ended without its consent: {}", id, e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
