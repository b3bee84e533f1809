package io.hypernetes.cli;

import io.hypernetes.api.ApiException;
import io.hypernetes.cli.assembly.Component;
import io.hypernetes.cli.assembly.Joining;
import io.hypernetes.cli.assembly.NodeFolder;
import io.hypernetes.cli.assembly.PinnedAuthority;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * {@code hypernetes node join}: makes this machine a node of an installation, or starts it again.
 */
@Command(
        name = "join",
        description =
                "Make this machine a node of an installation and run it in the background; the same"
                        + " command, without a token, starts it again.",
        mixinStandardHelpOptions = true)
final class NodeJoinCommand implements Callable<Integer> {

    @Mixin private Installation installation = new Installation();
    @Mixin private NodeOptions options = new NodeOptions();

    @Parameters(paramLabel = "URL", description = "Of the API, as 'hypernetes node token' says it.")
    private URI server = URI.create("");

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "What 'hypernetes node token' printed; for the first time only.")
    private Optional<Path> tokenFile = Optional.empty();

    @Option(
            names = "--ca-hash",
            paramLabel = "sha256:HEX",
            description = "Of the installation's authority; for the first time only.")
    private String hash = "";

    @Override
    public Integer call() throws IOException, InterruptedException {
        Preconditions.check(installation, Set.of(Component.NODE));
        options.underlay(); // a mistake is told before anything is done
        Background background = new Background(installation);
        NodeFolder folder = NodeFolder.of(installation.data());
        if (!folder.hasJoined()) {
            join(folder);
            background.say("joined " + server + " as node " + options.name());
        }
        List<String> command = new ArrayList<>(List.of("node", "run", server.toString()));
        command.addAll(options.arguments());
        background.start(command);
        return 0;
    }

    private void join(NodeFolder folder) throws IOException, InterruptedException {
        if (tokenFile.isEmpty() || hash.isEmpty()) {
            throw new CommandException(
                    "the first time --token-file and --ca-hash are needed: 'hypernetes node token'"
                            + " on a machine of the installation says how");
        }
        String token = Files.readString(tokenFile.get()).strip();
        try {
            String authority = PinnedAuthority.find(server, hash);
            new Joining(folder, options.name(), Clock.systemUTC())
                    .join(server.toString(), authority, token);
        } catch (IOException | ApiException e) {
            throw new CommandException("cannot join " + server + ": " + e.getMessage(), e);
        }
    }
}
