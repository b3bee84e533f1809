package io.hypernetes.runtime.cri;

import io.hypernetes.runtime.image.DurableFile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The records on disk: {@code <sandbox>/sandbox.json} and {@code <sandbox>/<container>.json} each.
 * A sandbox exists as long as its {@code sandbox.json} does. One writer per sandbox at a time.
 */
final class StateFolder {

    private static final String SANDBOX = "sandbox.json";
    private static final String SUFFIX = ".json";

    private final Path folder;

    /** A sandbox and its containers as they were written last. */
    record Saved(SandboxRecord sandbox, List<ContainerRecord> containers) {}

    StateFolder(Path folder) {
        this.folder = folder;
        run(() -> Files.createDirectories(folder));
    }

    void save(SandboxRecord sandbox) {
        run(() -> {
            Path own = Files.createDirectories(folder.resolve(sandbox.id()));
            DurableFile.write(own.resolve(SANDBOX), sandbox.write());
        });
    }

    void save(ContainerRecord container) {
        run(() -> DurableFile.write(file(container), container.write()));
    }

    void delete(ContainerRecord container) {
        run(() -> Files.deleteIfExists(file(container)));
    }

    /** Forgets a sandbox with its containers. */
    void deleteSandbox(String id) {
        run(() -> {
            Files.deleteIfExists(folder.resolve(id).resolve(SANDBOX));
            deleteTree(folder.resolve(id));
        });
    }

    /** All there are; what a crash left of others is removed. */
    List<Saved> load() {
        List<Saved> all = new ArrayList<>();
        run(() -> {
            for (Path own : list(folder)) {
                if (Files.exists(own.resolve(SANDBOX))) {
                    all.add(load(own));
                } else {
                    deleteTree(own);
                }
            }
        });
        return all;
    }

    private static Saved load(Path own) throws IOException {
        SandboxRecord sandbox = SandboxRecord.read(Files.readAllBytes(own.resolve(SANDBOX)));
        List<ContainerRecord> containers = new ArrayList<>();
        for (Path file : list(own)) {
            String name = file.getFileName().toString();
            if (name.endsWith(DurableFile.UNFINISHED)) {
                Files.delete(file);
            } else if (name.endsWith(SUFFIX) && !name.equals(SANDBOX)) {
                containers.add(ContainerRecord.read(Files.readAllBytes(file)));
            }
        }
        return new Saved(sandbox, containers);
    }

    private Path file(ContainerRecord container) {
        return folder.resolve(container.sandboxId()).resolve(container.id() + SUFFIX);
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.toList();
        }
    }

    static void deleteTree(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private interface Action {
        void run() throws IOException;
    }

    /** Without the node's path: tenants are told too. */
    private static String why(IOException e) {
        return String.valueOf(
                e instanceof FileSystemException at && at.getReason() != null
                        ? at.getReason()
                        : e.getMessage());
    }

    private void run(Action action) {
        try {
            action.run();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the node can not keep the state of the sandbox: " + why(e), e);
        }
    }
}
