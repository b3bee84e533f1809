package io.hypernetes.cli.schema;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/** {@code hypernetes schema …}: for developers. */
@Command(
        name = "schema",
        description = "Compare the API's schemas with Kubernetes' own (for developers).",
        mixinStandardHelpOptions = true,
        subcommands = {SchemaDiffCommand.class})
public final class SchemaCommand implements Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        spec.commandLine().usage(System.out);
        return 2;
    }

    @Command(
            name = "differences",
            description = "Print docs/schema-differences.md from the list of known differences.")
    int differences() {
        System.out.print(KnownDifferences.shipped().markdown());
        return 0;
    }
}
