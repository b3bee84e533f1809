package io.hypernetes.runtime.qemu;

import io.hypernetes.runtime.agent.AgentException;
import io.hypernetes.runtime.agent.RemoteAgent;
import io.hypernetes.runtime.vm.Accelerator;
import io.hypernetes.runtime.vm.VmException;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Booted and stopped guests that machines are cloned from: one per size, made when first needed.
 * The memory is a file that clones map privately; the devices' state is another, small one. Their
 * names hold a hash of everything the state depends on, so a new kernel, agent or QEMU means new
 * templates, and old ones are removed at the next start.
 */
final class Templates {

    /** A cold boot under TCG on a busy machine has taken 15 s. */
    private static final Duration BOOT = Duration.ofSeconds(120);

    private static final Duration SAVE = Duration.ofSeconds(60);

    /** A template's two files. */
    record Template(Path memory, Path state) {
        boolean complete() {
            return Files.exists(memory) && Files.exists(state);
        }
    }

    private final QemuConfig config;
    private final Accelerator accelerator;
    private final Path memories;
    private final String key;

    /** One lock per size, so that a template is built once and others can be used meanwhile. */
    private final Map<String, ReentrantLock> building = new ConcurrentHashMap<>();

    Templates(QemuConfig config, Accelerator accelerator, String key) {
        this.config = config;
        this.accelerator = accelerator;
        this.key = key;
        this.memories = memories(config);
    }

    /** The folder on tmpfs that is this installation's alone, or one in the data directory. */
    static Path memories(QemuConfig config) {
        String owner = Fingerprint.of(config.dataDirectory().toAbsolutePath().toString());
        Path wanted = config.memoryDirectory().resolve("hypernetes-" + owner);
        try {
            return Files.createDirectories(wanted);
        } catch (IOException e) {
            return config.templates();
        }
    }

    Template get(int memoryMiB, int cpus) throws InterruptedException {
        String name = key + "-" + memoryMiB + "-" + cpus;
        Template template = template(name);
        ReentrantLock lock = building.computeIfAbsent(name, any -> new ReentrantLock());
        lock.lockInterruptibly();
        try {
            if (!template.complete()) {
                build(memoryMiB, cpus, name, template);
            }
            return template;
        } finally {
            lock.unlock();
        }
    }

    /** Forgets a template that clones can not be made from. */
    void discard(Template template) throws IOException {
        Files.deleteIfExists(template.state());
        Files.deleteIfExists(template.memory());
    }

    /** Removes what other versions, or a build that was killed, have left. */
    void sweep() throws IOException, InterruptedException {
        for (Path folder : List.of(memories, config.templates())) {
            for (Path file : list(folder)) {
                String name = String.valueOf(file.getFileName());
                if (Files.isDirectory(file)) {
                    endBuild(file);
                } else if (!name.startsWith(key + "-") || name.endsWith(".new")) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private Template template(String name) {
        return new Template(
                memories.resolve(name + ".ram"), config.templates().resolve(name + ".state"));
    }

    private void build(int memoryMiB, int cpus, String name, Template template)
            throws InterruptedException {
        Path memory = memories.resolve(name + ".ram.new");
        Path state = config.templates().resolve(name + ".state.new");
        Path directory = config.templates().resolve(name);
        try {
            Files.createDirectories(directory);
            boot(new QemuCommand(accelerator, memoryMiB, cpus, directory), memory, state);
            Files.move(memory, template.memory(), StandardCopyOption.ATOMIC_MOVE);
            Files.move(state, template.state(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new VmException(
                    "can not keep a template of " + memoryMiB + " MiB in " + memories, e);
        } finally {
            endBuild(directory);
        }
    }

    private void boot(QemuCommand command, Path memory, Path state) throws InterruptedException {
        QemuProcess process =
                QemuProcess.start(
                        command.boot(config.kernel(), config.initrd(), memory),
                        command.directory(),
                        Path.of("/dev/null"));
        try (Qmp qmp =
                Qmp.connect(QemuCommand.qmpSocket(command.directory()), process::alive, BOOT)) {
            RemoteAgent.connect(
                            QemuCommand.agentSocket(command.directory()),
                            "template",
                            BOOT,
                            process::alive)
                    .close();
            save(qmp, state);
        } catch (AgentException | VmException e) {
            throw new VmException(
                    "the template did not boot ("
                            + e.getMessage()
                            + process.log()
                            + "); check the guest with guest/build, and that memory is free",
                    e);
        }
    }

    private static void save(Qmp qmp, Path state) throws InterruptedException {
        qmp.execute("stop");
        leaveMemoryOut(qmp);
        String quoted = "'" + state.toString().replace("'", "'\\''") + "'";
        qmp.execute("migrate", Qmp.arguments().put("uri", "exec:cat > " + quoted));
        long deadline = System.nanoTime() + SAVE.toNanos();
        while (true) {
            JsonNode status = qmp.execute("query-migrate");
            String word = status.path("status").asString("");
            if (word.equals("completed")) {
                return;
            }
            if (word.equals("failed") || System.nanoTime() > deadline) {
                throw new VmException("saving the template has " + word + ": " + status);
            }
            Thread.sleep(5);
        }
    }

    private static void leaveMemoryOut(Qmp qmp) {
        ObjectNode capabilities = Qmp.arguments();
        ArrayNode list = capabilities.putArray("capabilities");
        list.addObject().put("capability", "x-ignore-shared").put("state", true);
        qmp.execute("migrate-set-capabilities", capabilities);
    }

    /** Loads the state that the process has as its standard input; it stays stopped. */
    static void restore(Qmp qmp, Duration timeout) throws InterruptedException {
        leaveMemoryOut(qmp);
        // A descriptor and not "exec:cat": the sandbox forbids a clone to start processes.
        qmp.execute("migrate-incoming", Qmp.arguments().put("uri", "fd:0"));
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            JsonNode status = qmp.execute("query-migrate");
            String word = status.path("status").asString("");
            if (word.equals("completed")) {
                return;
            }
            if (word.equals("failed") || System.nanoTime() > deadline) {
                throw new VmException("restoring the template has " + word + ": " + status);
            }
            Thread.sleep(2);
        }
    }

    private static void endBuild(Path directory) throws InterruptedException {
        var process = QemuProcess.find(directory);
        if (process.isPresent()) {
            process.get().kill();
        }
        Directories.delete(directory);
    }

    private static List<Path> list(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return new ArrayList<>(files.toList());
        }
    }
}
