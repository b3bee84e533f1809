package io.hypernetes.cli.cri;

import io.hypernetes.node.crictl.CriTool;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;

/** The commands that do something to one thing or several. */
final class ChangeCommands {

    private ChangeCommands() {}

    /** Does it to each, and says which. */
    private static int each(
            Endpoint endpoint,
            List<String> references,
            String done,
            BiConsumer<CriTool, String> action) {
        try (CriTool tool = endpoint.open()) {
            for (String reference : references) {
                action.accept(tool, reference);
                System.out.println(done + " " + reference);
            }
        }
        return 0;
    }

    @Command(name = "pull", description = "Pull an image.", mixinStandardHelpOptions = true)
    static final class Pull implements Callable<Integer> {
        @Mixin private Endpoint endpoint = new Endpoint();

        @Option(names = "--creds", paramLabel = "USER:PASSWORD", description = "For its registry.")
        private String credentials = "";

        @Parameters(paramLabel = "IMAGE", description = "Its name.")
        private String reference = "";

        @Override
        public Integer call() {
            try (CriTool tool = endpoint.open()) {
                System.out.println("Image is up to date for " + tool.pull(reference, credentials));
            }
            return 0;
        }
    }

    @Command(name = "stop", description = "Stop containers.", mixinStandardHelpOptions = true)
    static final class StopContainer implements Callable<Integer> {
        @Mixin private Endpoint endpoint = new Endpoint();

        @Option(
                names = {"-t", "--grace"},
                defaultValue = "0",
                paramLabel = "SECONDS",
                description = "To wait before they are killed.")
        private int seconds;

        @Parameters(arity = "1..*", paramLabel = "CONTAINER", description = "Ids.")
        private List<String> ids = List.of();

        @Override
        public Integer call() {
            Duration grace = Duration.ofSeconds(seconds);
            return each(endpoint, ids, "Stopped", (tool, id) -> tool.stopContainer(id, grace));
        }
    }

    @Command(name = "rm", description = "Remove containers.", mixinStandardHelpOptions = true)
    static final class RemoveContainer implements Callable<Integer> {
        @Mixin private Endpoint endpoint = new Endpoint();

        @Parameters(arity = "1..*", paramLabel = "CONTAINER", description = "Ids.")
        private List<String> ids = List.of();

        @Override
        public Integer call() {
            return each(endpoint, ids, "Removed", CriTool::removeContainer);
        }
    }

    @Command(name = "stopp", description = "Stop pods.", mixinStandardHelpOptions = true)
    static final class StopPod implements Callable<Integer> {
        @Mixin private Endpoint endpoint = new Endpoint();

        @Parameters(arity = "1..*", paramLabel = "POD", description = "Ids.")
        private List<String> ids = List.of();

        @Override
        public Integer call() {
            return each(endpoint, ids, "Stopped sandbox", CriTool::stopPod);
        }
    }

    @Command(name = "rmp", description = "Remove pods.", mixinStandardHelpOptions = true)
    static final class RemovePod implements Callable<Integer> {
        @Mixin private Endpoint endpoint = new Endpoint();

        @Parameters(arity = "1..*", paramLabel = "POD", description = "Ids.")
        private List<String> ids = List.of();

        @Override
        public Integer call() {
            return each(endpoint, ids, "Removed sandbox", CriTool::removePod);
        }
    }

    @Command(name = "rmi", description = "Remove images.", mixinStandardHelpOptions = true)
    static final class RemoveImage implements Callable<Integer> {
        @Mixin private Endpoint endpoint = new Endpoint();

        @Parameters(arity = "1..*", paramLabel = "IMAGE", description = "Names or ids.")
        private List<String> references = List.of();

        @Override
        public Integer call() {
            return each(endpoint, references, "Deleted:", CriTool::removeImage);
        }
    }
}
