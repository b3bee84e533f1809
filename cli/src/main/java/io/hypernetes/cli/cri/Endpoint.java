package io.hypernetes.cli.cri;

import io.hypernetes.node.crictl.CriTool;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.time.Duration;

/** Whom to ask. */
final class Endpoint {

    @Option(
            names = {"-r", "--runtime-endpoint"},
            paramLabel = "SOCKET",
            defaultValue = "${env:CONTAINER_RUNTIME_ENDPOINT:-}",
            description =
                    "A CRI v1 socket, a path or unix://PATH (default: hyper's of this machine;"
                            + " also by CONTAINER_RUNTIME_ENDPOINT).")
    private String socket = "";

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long to wait for an answer.")
    private int seconds = 30;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "/var/lib/hypernetes",
            description = "The installation whose runtime is asked when no socket is named.")
    private Path data = Path.of("/var/lib/hypernetes");

    CriTool open() {
        Path path =
                socket.isEmpty()
                        ? data.resolve("run").resolve("hyper.sock")
                        : Path.of(socket.replaceFirst("^unix://", ""));
        return CriTool.open(path, Duration.ofSeconds(seconds));
    }
}
