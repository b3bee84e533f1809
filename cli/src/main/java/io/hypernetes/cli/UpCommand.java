package io.hypernetes.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code hypernetes up}: starts the server in the background and waits until it is ready. */
@Command(
        name = "up",
        description = "Start everything in the background and wait until it is ready.",
        mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {

    @Mixin private Installation installation = new Installation();
    @Mixin private ServerOptions options = new ServerOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Preconditions.check(installation, options.components());
        Background background = new Background(installation);
        if (background.running().isEmpty()) {
            requireFreePort();
        }
        List<String> command = new ArrayList<>(List.of("server"));
        command.addAll(options.arguments());
        background.start(command);
        next();
        return 0;
    }

    private void requireFreePort() {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(
                    new InetSocketAddress(
                            InetAddress.getByName(options.address()), options.port()));
        } catch (IOException e) {
            throw new CommandException(
                    "port %d of %s cannot be used (%s). Choose another with --port, or end what holds it ('ss -ltnp')."
                            .formatted(options.port(), options.address(), e.getMessage()),
                    e);
        }
    }

    private void next() {
        String data =
                installation.data().equals(Path.of("/var/lib/hypernetes"))
                        ? ""
                        : " --data " + installation.data();
        System.out.printf(
                """

                Try next:
                  export KUBECONFIG=$(./hypernetes kubeconfig%1$s)
                  ./hypernetes kubectl%1$s get nodes
                  ./hypernetes demo%1$s
                """,
                data);
    }
}
