package io.hypernetes.cli.assembly;

import io.hypernetes.network.ovn.Datapath;
import io.hypernetes.network.ovn.OvnDaemons;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** Ends what outlives the server of an installation, once the server has ended. */
public final class Removal {

    private final Path data;
    private final Path guest;

    public Removal(Path data, Path guest) {
        this.data = data;
        this.guest = guest;
    }

    public void stopMachines() throws InterruptedException {
        RuntimeParts.endMachines(data.resolve("hyper"), guest);
    }

    /**
     * @param purge forget the networks too
     */
    public void stopNetwork(boolean purge) {
        try (OvnDaemons daemons = new OvnDaemons(data.resolve("ovn"), Datapath.best())) {
            if (purge) {
                daemons.purge();
            } else {
                daemons.stop();
            }
        }
    }

    /** Removes the data folder; links are removed, not followed. */
    public void deleteState() throws IOException {
        Files.walkFileTree(
                data,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path folder, @Nullable IOException failure) throws IOException {
                        if (failure != null) {
                            throw failure;
                        }
                        Files.delete(folder);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
