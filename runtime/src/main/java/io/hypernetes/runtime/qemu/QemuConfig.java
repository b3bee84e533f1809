package io.hypernetes.runtime.qemu;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the hypervisor finds and keeps things.
 *
 * @param guestDirectory holds {@code vmlinux} and {@code initrd}, as made by {@code guest/build}
 * @param dataDirectory run directories and templates; this installation's alone. At most 30 bytes
 *     long when machine ids may be 64 characters, as the path of a UNIX socket has 107
 * @param memoryDirectory a tmpfs for the templates' memory (80 MiB each, shared by all clones);
 *     folders of several installations do not collide. When it can not be used, the data directory
 *     is
 * @param accelerator what to use, or how to find out
 * @param networkNamespace the file of the network namespace that the machines' TAPs are in; empty
 *     for this process' own
 */
public record QemuConfig(
        Path guestDirectory,
        Path dataDirectory,
        Path memoryDirectory,
        Choice accelerator,
        Optional<Path> networkNamespace) {

    /** The operator's wish. */
    public enum Choice {
        /** KVM when a canary proves that it works, else TCG. */
        AUTO,
        KVM,
        TCG
    }

    public QemuConfig(Path guestDirectory, Path dataDirectory) {
        this(guestDirectory, dataDirectory, Path.of("/dev/shm"), Choice.AUTO, Optional.empty());
    }

    /** A machine's command, run where its TAPs are. */
    List<String> inNetwork(List<String> command) {
        List<String> line = new ArrayList<>();
        networkNamespace.ifPresent(file -> line.addAll(List.of("nsenter", "--net=" + file)));
        line.addAll(command);
        return line;
    }

    Path kernel() {
        return guestDirectory.resolve("vmlinux");
    }

    Path initrd() {
        return guestDirectory.resolve("initrd");
    }

    Path machines() {
        return dataDirectory.resolve("vm");
    }

    Path templates() {
        return dataDirectory.resolve("templates");
    }
}
