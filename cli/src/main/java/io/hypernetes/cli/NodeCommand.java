package io.hypernetes.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/** {@code hypernetes node}: more machines. */
@Command(
        name = "node",
        description = "More machines: let them join, join, drain them.",
        mixinStandardHelpOptions = true,
        subcommands = {
            NodeTokenCommand.class,
            NodeJoinCommand.class,
            NodeRunCommand.class,
            NodeDrainCommand.class
        })
final class NodeCommand implements Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        spec.commandLine().usage(System.out);
        return Main.USAGE;
    }
}
