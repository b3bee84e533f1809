package io.hypernetes.cli.cri;

import io.hypernetes.api.client.PodAccess.LogOptions;
import io.hypernetes.api.client.PodAccess.LogSource;
import io.hypernetes.node.crictl.CriTool;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;
import java.util.concurrent.Callable;

/** {@code cri logs}: read from the log file that the runtime names, as crictl does. */
@Command(name = "logs", description = "Show a container's log.", mixinStandardHelpOptions = true)
final class LogsCommand implements Callable<Integer> {

    @Mixin private Endpoint endpoint = new Endpoint();

    @Option(
            names = {"-f", "--follow"},
            description = "Go on as it grows.")
    private boolean follow;

    @Option(
            names = {"-t", "--timestamps"},
            description = "With the time of each line.")
    private boolean timestamps;

    @Option(names = "--tail", paramLabel = "LINES", description = "The last so many lines.")
    private @Nullable Long tail;

    @Option(names = "--limit-bytes", paramLabel = "BYTES", description = "No more than this.")
    private @Nullable Long limit;

    @Option(names = "--since", paramLabel = "SECONDS", description = "No older than this.")
    private @Nullable Long since;

    @Parameters(paramLabel = "CONTAINER", description = "Its id.")
    private String id = "";

    @Override
    public Integer call() throws IOException {
        LogOptions options =
                new LogOptions(
                        "",
                        follow,
                        false,
                        timestamps,
                        optional(tail),
                        optional(limit),
                        optional(since),
                        "",
                        LogSource.ALL);
        try (CriTool tool = endpoint.open();
                InputStream log = tool.logs(id, options)) {
            long unused = log.transferTo(System.out);
            System.out.flush();
        }
        return 0;
    }

    private static OptionalLong optional(@Nullable Long value) {
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
