package io.hypernetes.cli.assembly;

import java.nio.file.Path;

/**
 * What runs pods on a machine.
 *
 * @param data all state of the installation on this machine
 * @param guest the guest's kernel and initrd, and the first image, as {@code guest/build} made them
 * @param accelerator {@code auto}, {@code kvm} or {@code tcg}
 * @param nodeName this machine's name in the API
 * @param version shown by the node
 */
public record MachineConfig(
        Path data, Path guest, String accelerator, String nodeName, String version) {

    Path volumes() {
        return data.resolve("volumes");
    }

    Path podLogs() {
        return data.resolve("log").resolve("pods");
    }

    /** Short, since UNIX sockets under it have at most 107 bytes. */
    Path runtime() {
        return data.resolve("hyper");
    }

    Path network() {
        return data.resolve("ovn");
    }

    Path runtimeSocket() {
        return data.resolve("run").resolve("hyper.sock");
    }
}
