package io.hypernetes.cli;

import io.hypernetes.cli.assembly.Removal;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;

/** {@code hypernetes down}: stops the server, the virtual machines and the network. */
@Command(
        name = "down",
        description = "Stop everything that was started; the state stays.",
        mixinStandardHelpOptions = true)
final class DownCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Mixin private Installation installation = new Installation();

    @Option(names = "--purge", description = "Remove all state as well: objects, volumes, images.")
    private boolean purge;

    private final long start = System.nanoTime();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path data = installation.data();
        if (!Files.isDirectory(data)) {
            say("there is nothing under " + data);
            return 0;
        }
        if (!Preconditions.isRoot()) {
            throw new CommandException("root is needed to stop virtual machines. Try with sudo.");
        }
        requireOurs(data);
        ServerProcess server = new ServerProcess(installation);
        if (server.running().isPresent()) {
            if (!server.terminate(PATIENCE)) {
                server.kill();
            }
            say("the server has ended");
        }
        Removal removal =
                new Removal(data, Path.of(System.getProperty("hypernetes.guest", "guest/target")));
        removal.stopMachines();
        say("the virtual machines have ended");
        removal.stopNetwork(purge);
        say("the network has ended");
        if (purge) {
            removal.deleteState();
            say("all state under " + data + " is removed");
        }
        return 0;
    }

    /** A mistyped --data must not delete a folder that was never ours. */
    private static void requireOurs(Path data) {
        if (!Files.isDirectory(data.resolve("run"))) {
            throw new CommandException(
                    data
                            + " is no data folder of Hypernetes (it has no 'run'): nothing is"
                            + " touched");
        }
    }

    private void say(String text) {
        System.err.printf(Locale.ROOT, "[%6.1fs] %s%n", (System.nanoTime() - start) / 1e9, text);
    }
}
