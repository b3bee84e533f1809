package io.hypernetes.cli;

import io.hypernetes.httpclient.Kubeconfig;
import io.hypernetes.httpclient.RemoteClient;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which installation a command is about: everything of it is under one folder. */
final class Installation {

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder of all state (default: ${DEFAULT-VALUE}).",
            defaultValue = "/var/lib/hypernetes")
    private Path data = Path.of("/var/lib/hypernetes");

    Path data() {
        return data.toAbsolutePath().normalize();
    }

    Path operatorKubeconfig() {
        return data().resolve("operator.kubeconfig");
    }

    Path runFolder() {
        return data().resolve("run");
    }

    Path logFile() {
        return data().resolve("log").resolve("hypernetes.log");
    }

    Kubeconfig operator() {
        if (!Files.exists(operatorKubeconfig())) {
            throw new CommandException(
                    "there is no Hypernetes under "
                            + data()
                            + ". Start one with 'hypernetes up', or name its folder with --data.");
        }
        try {
            return Kubeconfig.read(operatorKubeconfig());
        } catch (IOException e) {
            throw new CommandException(operatorKubeconfig() + " cannot be read: " + e, e);
        }
    }

    RemoteClient client() {
        return new RemoteClient(operator());
    }
}
