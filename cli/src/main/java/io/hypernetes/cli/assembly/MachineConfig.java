package io.hypernetes.cli.assembly;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What runs pods on a machine.
 *
 * @param data all state of the installation on this machine
 * @param guest the guest's kernel and initrd, and the first image, as {@code guest/build} made them
 * @param runtimes that run pods
 * @param nodeName this machine's name in the API
 * @param version shown by the node
 */
public record MachineConfig(
        Path data, Path guest, PodRuntimes runtimes, String nodeName, String version) {

    /** Upstream's default of {@code evictionPressureTransitionPeriod}. */
    private static final String PRESSURE_SECONDS = "300";

    /**
     * {@code HYPERNETES_PRESSURE_SECONDS}; a program that runs this in itself sets the property.
     */
    static Duration pressureLasts() {
        String environment =
                System.getenv().getOrDefault("HYPERNETES_PRESSURE_SECONDS", PRESSURE_SECONDS);
        return Duration.ofSeconds(
                Long.parseLong(System.getProperty("hypernetes.pressure.seconds", environment)));
    }

    Path volumes() {
        return data.resolve("volumes");
    }

    Path podLogs() {
        return data.resolve("log").resolve("pods");
    }

    /** Of pods that are no virtual machines. */
    Path podFiles() {
        return data.resolve("pods");
    }

    /** What containerd is told of networks. */
    Path containerdNetworks() {
        return data.resolve("cni");
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
