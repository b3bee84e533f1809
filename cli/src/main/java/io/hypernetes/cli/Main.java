package io.hypernetes.cli;

import io.hypernetes.api.ApiException;
import io.hypernetes.cli.schema.SchemaCommand;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

/** {@code ./hypernetes COMMAND}. */
@Command(
        name = "hypernetes",
        description = "A container cloud for tenants who do not trust each other.",
        version = Version.TEXT,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        subcommands = {
            UpCommand.class,
            StatusCommand.class,
            DownCommand.class,
            DemoCommand.class,
            KubeconfigCommand.class,
            KubectlCommand.class,
            TenantCommand.class,
            UserCommand.class,
            WhoamiCommand.class,
            CanICommand.class,
            LoginCommand.class,
            CredentialCommand.class,
            TokenWebhookCommand.class,
            AdmissionWebhookCommand.class,
            AuthControllerCommand.class,
            ImageCommand.class,
            RehearsalCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            ServerCommand.class,
            SchemaCommand.class,
            HelpCommand.class
        },
        footer = {
            "",
            "Start with 'hypernetes up'. 'hypernetes test' runs the whole test suite,",
            "'hypernetes bench' measures.",
        })
public final class Main implements Callable<Integer> {

    /** A command was used in a way that does not exist. */
    static final int USAGE = 2;

    @Spec private CommandSpec spec = CommandSpec.create();

    private Main() {}

    public static void main(String[] arguments) {
        CommandLine program =
                new CommandLine(new Main())
                        .setExecutionExceptionHandler(Main::report)
                        .setCaseInsensitiveEnumValuesAllowed(true);
        // What is behind these is kubectl's, also what looks like an option of ours.
        for (String name : List.of("kubectl", "whoami", "can-i")) {
            Objects.requireNonNull(program.getSubcommands().get(name))
                    .setStopAtPositional(true)
                    .setUnmatchedOptionsArePositionalParams(true);
        }
        System.exit(program.execute(arguments));
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(System.out);
        return USAGE;
    }

    /** One sentence for what the user can mend, the stack for what is our own mistake. */
    private static int report(Exception failure, CommandLine command, ParseResult result) {
        switch (failure) {
            case CommandException e -> System.err.println("hypernetes: " + e.getMessage());
            case ApiException e -> System.err.println("hypernetes: " + e.getMessage());
            default -> failure.printStackTrace(System.err);
        }
        return 1;
    }
}
