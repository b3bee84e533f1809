package io.hypernetes.cli.cri;

import io.hypernetes.cri.v1.ExecSyncResponse;
import io.hypernetes.node.crictl.CriTool;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The commands that join streams of a container to those of this program. */
final class StreamCommands {

    private StreamCommands() {}

    private static Optional<InputStream> input(boolean wanted) {
        return wanted ? Optional.of(System.in) : Optional.empty();
    }

    /** Without a terminal, which kubectl exec has. */
    @Command(
            name = "exec",
            description = "Run a command in a container; its exit code becomes this one's.",
            mixinStandardHelpOptions = true)
    static final class Exec implements Callable<Integer> {
        @Mixin private Endpoint endpoint = new Endpoint();

        @Option(
                names = {"-i", "--interactive"},
                description = "With this program's input.")
        private boolean interactive;

        @Option(
                names = {"-s", "--sync"},
                description = "By CRI's ExecSync: all output at the end.")
        private boolean sync;

        @Option(
                names = "--exec-timeout",
                defaultValue = "0",
                paramLabel = "SECONDS",
                description = "With --sync: after which it is ended (0: never).")
        private int seconds;

        @Parameters(index = "0", paramLabel = "CONTAINER", description = "Its id.")
        private String id = "";

        @Parameters(index = "1..*", arity = "1..*", paramLabel = "COMMAND")
        private List<String> command = List.of();

        @Override
        public Integer call() throws IOException {
            try (CriTool tool = endpoint.open()) {
                if (!sync) {
                    return tool.exec(id, command, input(interactive), System.out, System.err);
                }
                ExecSyncResponse end = tool.exec(id, command, Duration.ofSeconds(seconds));
                end.getStdout().writeTo(System.out);
                end.getStderr().writeTo(System.err);
                return end.getExitCode();
            }
        }
    }

    @Command(
            name = "attach",
            description = "See what a container writes from now on.",
            mixinStandardHelpOptions = true)
    static final class Attach implements Callable<Integer> {
        @Mixin private Endpoint endpoint = new Endpoint();

        @Option(
                names = {"-i", "--stdin"},
                description = "And give it this program's input.")
        private boolean stdin;

        @Parameters(paramLabel = "CONTAINER", description = "Its id.")
        private String id = "";

        @Override
        public Integer call() throws IOException {
            try (CriTool tool = endpoint.open()) {
                return tool.attach(id, input(stdin), System.out, System.err);
            }
        }
    }

    @Command(
            name = "port-forward",
            description = "Lead a port of this machine to one of a pod, until Ctrl-C.",
            mixinStandardHelpOptions = true)
    static final class Forward implements Callable<Integer> {
        private static final Pattern PORTS = Pattern.compile("(?:(\\d{0,5}):)?(\\d{1,5})");

        @Mixin private Endpoint endpoint = new Endpoint();

        @Spec private CommandSpec spec = CommandSpec.create();

        @Parameters(index = "0", paramLabel = "POD", description = "Its id.")
        private String id = "";

        @Parameters(
                index = "1",
                paramLabel = "[LOCAL:]PORT",
                description = "':PORT' takes any local port that is free.")
        private String ports = "";

        @Override
        public Integer call() throws IOException {
            Matcher matcher = PORTS.matcher(ports);
            if (!matcher.matches()) {
                throw new ParameterException(
                        spec.commandLine(), "ports are PORT, LOCAL:PORT or :PORT, not " + ports);
            }
            int port = Integer.parseInt(matcher.group(2));
            String word = matcher.group(1);
            int local = word == null ? port : word.isEmpty() ? 0 : Integer.parseInt(word);
            try (CriTool tool = endpoint.open()) {
                tool.portForward(
                        id,
                        local,
                        port,
                        open ->
                                System.out.println(
                                        "Forwarding from 127.0.0.1:" + open + " -> " + port),
                        System.err::println);
            }
            return 0;
        }
    }
}
