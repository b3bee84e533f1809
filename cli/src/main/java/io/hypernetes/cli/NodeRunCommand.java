package io.hypernetes.cli;

import io.hypernetes.cli.assembly.Component;
import io.hypernetes.cli.assembly.HeapGrowth;
import io.hypernetes.cli.assembly.JoinedNode;
import io.hypernetes.cli.assembly.Joining;
import io.hypernetes.cli.assembly.MachineConfig;
import io.hypernetes.cli.assembly.NodeFolder;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.Callable;

/** {@code hypernetes node run}: the same as {@code node join}, in the foreground, once joined. */
@Command(
        name = "run",
        description = "Run a node that has joined in the foreground, until Ctrl-C.",
        mixinStandardHelpOptions = true)
final class NodeRunCommand implements Callable<Integer> {

    @Mixin private Installation installation = new Installation();
    @Mixin private NodeOptions options = new NodeOptions();

    @Parameters(paramLabel = "URL", description = "Of the API.")
    private URI server = URI.create("");

    @Option(names = "--background", hidden = true, description = "Started by join.")
    private boolean background;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Preconditions.check(installation, Set.of(Component.NODE));
        NodeFolder folder = NodeFolder.of(installation.data());
        if (!folder.hasJoined()) {
            throw new CommandException(
                    "this machine is no node yet: 'hypernetes node join' makes it one");
        }
        return new Foreground(installation, background)
                .run(progress -> {
                    new Joining(folder, options.name(), Clock.systemUTC()).renew();
                    JoinedNode node =
                            new JoinedNode(
                                    machine(),
                                    folder,
                                    options.address(server),
                                    options.underlay(),
                                    progress);
                    try {
                        node.start();
                    } catch (IOException | InterruptedException | RuntimeException e) {
                        node.close();
                        throw e;
                    }
                    progress.ready("ready: node " + options.name() + " of " + server);
                    HeapGrowth.bound();
                    return node;
                });
    }

    private MachineConfig machine() throws IOException {
        return new MachineConfig(
                installation.data(),
                Path.of(System.getProperty("hypernetes.guest", "guest/target")),
                options.runtimes(),
                options.name(),
                "v" + Version.NUMBER);
    }
}
