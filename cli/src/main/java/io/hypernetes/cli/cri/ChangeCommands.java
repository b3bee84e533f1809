package io.hypernetes.cli.cri;

import io.hypernetes.node.crictl.CriTool;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** The commands that do something to one thing or several. */
final class ChangeCommands {

    private ChangeCommands() {}

    /** Does it to each, and says which. */
    private static void each(List<String> references, String done, Consumer<String> action) {
        for (String reference : references) {
            action.accept(reference);
            System.out.println(done + " " + reference);
        }
    }

    @Command(name = "pull", description = "Pull an image.", mixinStandardHelpOptions = true)
    static final class Pull extends RuntimeCommand {
        @Option(names = "--creds", paramLabel = "USER:PASSWORD", description = "For its registry.")
        private String credentials = "";

        @Parameters(paramLabel = "IMAGE", description = "Its name.")
        private String reference = "";

        @Override
        void run(CriTool tool) {
            System.out.println("Image is up to date for " + tool.pull(reference, credentials));
        }
    }

    @Command(name = "stop", description = "Stop containers.", mixinStandardHelpOptions = true)
    static final class StopContainer extends RuntimeCommand {
        @Option(
                names = {"-t", "--grace"},
                defaultValue = "0",
                paramLabel = "SECONDS",
                description = "To wait before they are killed.")
        private int seconds;

        @Parameters(arity = "1..*", paramLabel = "CONTAINER", description = "Ids.")
        private List<String> ids = List.of();

        @Override
        void run(CriTool tool) {
            Duration grace = Duration.ofSeconds(seconds);
            each(ids, "Stopped", id -> tool.stopContainer(id, grace));
        }
    }

    @Command(name = "rm", description = "Remove containers.", mixinStandardHelpOptions = true)
    static final class RemoveContainer extends RuntimeCommand {
        @Parameters(arity = "1..*", paramLabel = "CONTAINER", description = "Ids.")
        private List<String> ids = List.of();

        @Override
        void run(CriTool tool) {
            each(ids, "Removed", tool::removeContainer);
        }
    }

    @Command(name = "stopp", description = "Stop pods.", mixinStandardHelpOptions = true)
    static final class StopPod extends RuntimeCommand {
        @Parameters(arity = "1..*", paramLabel = "POD", description = "Ids.")
        private List<String> ids = List.of();

        @Override
        void run(CriTool tool) {
            each(ids, "Stopped sandbox", tool::stopPod);
        }
    }

    @Command(name = "rmp", description = "Remove pods.", mixinStandardHelpOptions = true)
    static final class RemovePod extends RuntimeCommand {
        @Parameters(arity = "1..*", paramLabel = "POD", description = "Ids.")
        private List<String> ids = List.of();

        @Override
        void run(CriTool tool) {
            each(ids, "Removed sandbox", tool::removePod);
        }
    }

    @Command(name = "rmi", description = "Remove images.", mixinStandardHelpOptions = true)
    static final class RemoveImage extends RuntimeCommand {
        @Parameters(arity = "1..*", paramLabel = "IMAGE", description = "Names or ids.")
        private List<String> references = List.of();

        @Override
        void run(CriTool tool) {
            each(references, "Deleted:", tool::removeImage);
        }
    }
}
