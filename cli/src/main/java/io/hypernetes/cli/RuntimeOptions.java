package io.hypernetes.cli;

import io.hypernetes.cli.assembly.PodRuntimes;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What runs pods on a machine. */
final class RuntimeOptions {

    @Option(
            names = "--accelerator",
            paramLabel = "auto|kvm|tcg",
            description =
                    "How guests are executed: by the processor or by QEMU's translator (default:"
                            + " ${DEFAULT-VALUE}, found out by a canary machine).",
            defaultValue = "auto")
    private String accelerator = "auto";

    @Option(
            names = "--containerd-endpoint",
            paramLabel = "SOCKET",
            description =
                    "The socket of a containerd on this machine, usually"
                            + " /run/containerd/containerd.sock: pods of the operator's own world"
                            + " with runtimeClassName containerd are run by it, without a virtual"
                            + " machine (default: none; tenants' pods never are).")
    private @Nullable Path containerd;

    PodRuntimes runtimes() {
        return new PodRuntimes(
                accelerator, Optional.ofNullable(containerd).map(Path::toAbsolutePath));
    }

    List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of("--accelerator", accelerator));
        runtimes()
                .containerd()
                .ifPresent(socket ->
                        arguments.addAll(List.of("--containerd-endpoint", socket.toString())));
        return arguments;
    }
}
