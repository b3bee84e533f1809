package io.hypernetes.cli;

import io.hypernetes.api.ApiException;
import io.hypernetes.cli.cri.CriCommand;
import io.hypernetes.cli.schema.SchemaCommand;
import io.hypernetes.node.crictl.CriToolException;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/** {@code ./hypernetes COMMAND}. */
@Command(
        name = "hypernetes",
        description = "A container cloud for tenants who do not trust each other.",
        version = Version.TEXT,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Start with 'hypernetes up'. 'hypernetes test' runs the whole test suite,",
            "'hypernetes bench' measures.",
        })
public final class Main implements Callable<Integer> {

    /** In the order in which the help shows them. */
    private static final List<Class<?>> COMMANDS =
            List.of(
                    UpCommand.class,
                    StatusCommand.class,
                    DownCommand.class,
                    NodeCommand.class,
                    DemoCommand.class,
                    KubeconfigCommand.class,
                    KubectlCommand.class,
                    HelmCommand.class,
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
                    CriCommand.class,
                    RehearsalCommand.class,
                    BackupCommand.class,
                    RestoreCommand.class,
                    ServerCommand.class,
                    SchemaCommand.class);

    /** What is behind these is another program's, also what looks like an option of ours. */
    private static final Set<String> PASSED_ON = Set.of("kubectl", "helm", "whoami", "can-i");

    /** A command was used in a way that does not exist. */
    static final int USAGE = 2;

    @Spec private CommandSpec spec = CommandSpec.create();

    private Main() {}

    public static void main(String[] arguments) {
        CommandLine program = new CommandLine(new Main());
        List<Class<?>> named = named(arguments);
        named.forEach(program::addSubcommand);
        if (named.size() > 1) {
            program.addSubcommand(HelpCommand.class);
        }
        program.setExecutionExceptionHandler(Main::report)
                .setCaseInsensitiveEnumValuesAllowed(true);
        program.getSubcommands()
                .forEach((name, command) -> {
                    if (PASSED_ON.contains(name)) {
                        command.setStopAtPositional(true)
                                .setUnmatchedOptionsArePositionalParams(true);
                    }
                });
        Optional.ofNullable(program.getSubcommands().get("cri"))
                .map(cri -> cri.getSubcommands().get("exec"))
                .ifPresent(exec -> exec.setStopAtPositional(true));
        System.exit(program.execute(arguments));
    }

    /**
     * The command that is named, for to look into all of them takes a fifth of a start; else all.
     */
    private static List<Class<?>> named(String[] arguments) {
        String name = arguments.length == 0 ? "" : arguments[0];
        return COMMANDS.stream()
                .filter(command -> isNamed(command, name))
                .findFirst()
                .<List<Class<?>>>map(List::of)
                .orElse(COMMANDS);
    }

    private static boolean isNamed(Class<?> command, String name) {
        return Arrays.stream(command.getAnnotationsByType(Command.class))
                .anyMatch(annotation -> annotation.name().equals(name));
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
            case CriToolException e -> System.err.println("hypernetes: " + e.getMessage());
            case ApiException e -> System.err.println("hypernetes: " + e.getMessage());
            default -> failure.printStackTrace(System.err);
        }
        return 1;
    }
}
