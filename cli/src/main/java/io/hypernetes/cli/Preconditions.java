package io.hypernetes.cli;

import io.hypernetes.cli.assembly.Component;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** What must hold before anything is started, each with a sentence that says what to do. */
final class Preconditions {

    private static final long NEEDED_MIB = 512;
    private static final int LONGEST_PATH = 55;

    private Preconditions() {}

    static void check(Installation installation, Set<Component> components) {
        if (!System.getProperty("os.name", "").equals("Linux")) {
            throw new CommandException(
                    "Hypernetes runs on Linux (Debian 12 or newer), not on "
                            + System.getProperty("os.name")
                            + ". Try it in a Linux virtual machine.");
        }
        requireSpace(installation.data());
        if (components.contains(Component.NODE)) {
            checkMachine(installation);
        }
    }

    private static void checkMachine(Installation installation) {
        if (!isRoot()) {
            throw new CommandException(
                    "root is needed for virtual networks and machines. Try again with sudo.");
        }
        requireShortPath(installation.data());
        if (!Files.exists(Path.of("/dev/net/tun"))) {
            throw new CommandException(
                    "/dev/net/tun is missing, so there can be no virtual networks. Try 'modprobe"
                            + " tun'; in a container, give it the device.");
        }
    }

    /** A UNIX socket's path has at most 107 bytes, and those of machines lie deep. */
    private static void requireShortPath(Path data) {
        if (data.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH) {
            throw new CommandException(
                    "the path of the data folder is longer than %d bytes, so the sockets in it could not be opened: %s. Choose a shorter one with --data."
                            .formatted(LONGEST_PATH, data));
        }
    }

    static boolean isRoot() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("Uid:")) {
                    return line.split("\\s+")[2].equals("0");
                }
            }
            return false;
        } catch (IOException e) {
            throw new CommandException("/proc is not mounted; mount it and try again", e);
        }
    }

    private static void requireSpace(Path data) {
        try {
            Files.createDirectories(data);
            FileStore store = Files.getFileStore(data);
            long free = store.getUsableSpace() >> 20;
            if (free < NEEDED_MIB) {
                throw new CommandException(
                        "only %d MiB are free for %s; at least %d MiB are needed. Free some space or choose another folder with --data."
                                .formatted(free, data, NEEDED_MIB));
            }
        } catch (IOException e) {
            throw new CommandException(
                    "the folder "
                            + data
                            + " cannot be made: "
                            + e
                            + ". Choose another with --data.",
                    e);
        }
    }
}
