package io.hypernetes.cli.assembly;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What runs pods on a machine.
 *
 * @param accelerator of virtual machines: {@code auto}, {@code kvm} or {@code tcg}
 * @param containerd the CRI socket of a containerd, for those of the operator's pods that are no
 *     virtual machines; empty: all are
 */
public record PodRuntimes(String accelerator, Optional<Path> containerd) {

    public static PodRuntimes machines(String accelerator) {
        return new PodRuntimes(accelerator, Optional.empty());
    }
}
