package io.hypernetes.junit;

import io.hypernetes.embedded.World;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

/** A world with what was made for it and dies with it: clients and files. */
final class TestWorld implements AutoCloseable {
    private final World world;
    private final Deque<AutoCloseable> made = new ConcurrentLinkedDeque<>();

    TestWorld(World world) {
        this.world = world;
    }

    World world() {
        return world;
    }

    private <T extends AutoCloseable> T closing(T part) {
        made.push(part);
        return part;
    }

    /** A value of the type for the user that the annotation names. */
    Object value(Class<?> type, String user, String... groups) {
        String kubeconfig = user.isEmpty() ? world.kubeconfig() : world.kubeconfig(user, groups);
        return switch (type.getName()) {
            case Injectable.FABRIC8, Injectable.FABRIC8_CLIENT ->
                    closing(Fabric8.client(kubeconfig));
            case Injectable.OFFICIAL -> Official.client(kubeconfig);
            case Injectable.PATH -> file(kubeconfig);
            case Injectable.STRING -> kubeconfig;
            default -> world;
        };
    }

    private Path file(String text) {
        try {
            Path file =
                    Files.createTempFile(
                            "kubeconfig",
                            ".yaml",
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------")));
            closing(() -> Files.deleteIfExists(file));
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException("a kubeconfig file cannot be written", e);
        }
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable part = made.poll(); part != null; part = made.poll()) {
            part.close();
        }
        world.close();
    }
}
