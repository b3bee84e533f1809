package io.hypernetes.network.ovn;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Where an installation's OVN keeps its things: databases and logs under the given directory,
 * sockets and pid files in {@code run} below it, or under /run when that path is too long.
 *
 * @param root absolute
 * @param run for sockets and pid files
 * @param installation a name that no other installation of this machine has
 */
record OvnDirectory(Path root, Path run, String installation) {

    /** sockaddr_un has room for 107 bytes. */
    private static final int MAX_SOCKET_PATH = 107;

    /** The longest name in {@link #run}: the daemon's own choice, which cannot be set. */
    private static final int LONGEST_NAME = "/ovn-controller.4194304.ctl".length();

    static OvnDirectory of(Path directory) {
        Path root = directory.toAbsolutePath().normalize();
        String installation = "hypernetes-" + OvnNames.digest(root.toString());
        Path run = root.resolve("run");
        boolean fits =
                run.toString().getBytes(StandardCharsets.UTF_8).length + LONGEST_NAME
                        <= MAX_SOCKET_PATH;
        return new OvnDirectory(root, fits ? run : Path.of("/run", installation), installation);
    }

    /** Makes the directories, for root alone. */
    void create() throws IOException {
        var onlyOwner =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        Files.createDirectories(root, onlyOwner);
        Files.createDirectories(run, onlyOwner);
        Files.createDirectories(logs(), onlyOwner);
    }

    Path logs() {
        return root.resolve("log");
    }

    Path socket(String name) {
        return run.resolve(name + ".sock");
    }

    Path control(String name) {
        return run.resolve(name + ".ctl");
    }

    Path database(String name) {
        return root.resolve(name + ".db");
    }

    Path lock() {
        return root.resolve("lock");
    }

    /** Removes the sockets, which mean nothing when no daemon runs. */
    void deleteRun() throws IOException {
        delete(run);
    }

    /** Removes everything. */
    void delete() throws IOException {
        delete(run);
        delete(root);
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        Files.walkFileTree(
                tree,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.deleteIfExists(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path directory, @Nullable IOException failure) throws IOException {
                        if (failure != null) {
                            throw failure;
                        }
                        Files.deleteIfExists(directory);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
