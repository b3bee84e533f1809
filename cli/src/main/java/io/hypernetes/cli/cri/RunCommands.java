package io.hypernetes.cli.cri;

import io.hypernetes.cri.v1.ContainerConfig;
import io.hypernetes.cri.v1.PodSandboxConfig;
import io.hypernetes.node.crictl.CriTool;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.List;

/** The commands that make something run without the API, from files in CRI's own words. */
final class RunCommands {

    private RunCommands() {}

    private static PodSandboxConfig pod(Path file) {
        return MessageReader.read(file, PodSandboxConfig.newBuilder()).build();
    }

    @Command(name = "runp", description = "Run a new pod.", mixinStandardHelpOptions = true)
    static final class RunPod extends RuntimeCommand {
        @Option(names = "--runtime", paramLabel = "HANDLER", description = "That is to run it.")
        private String handler = "";

        @Parameters(paramLabel = "POD-FILE", description = "A PodSandboxConfig, JSON or YAML.")
        private Path file = Path.of("");

        @Override
        void run(CriTool tool) {
            System.out.println(tool.runPod(pod(file), handler));
        }
    }

    @Command(
            name = "create",
            description = "Make a container in a pod.",
            mixinStandardHelpOptions = true)
    static final class Create extends RuntimeCommand {
        @Parameters(index = "0", paramLabel = "POD", description = "Its id.")
        private String id = "";

        @Parameters(
                index = "1",
                paramLabel = "CONTAINER-FILE",
                description = "A ContainerConfig, JSON or YAML.")
        private Path container = Path.of("");

        @Parameters(index = "2", paramLabel = "POD-FILE", description = "What the pod was made of.")
        private Path pod = Path.of("");

        @Override
        void run(CriTool tool) {
            ContainerConfig config =
                    MessageReader.read(container, ContainerConfig.newBuilder()).build();
            System.out.println(tool.createContainer(id, config, pod(pod)));
        }
    }

    @Command(name = "start", description = "Start containers.", mixinStandardHelpOptions = true)
    static final class Start extends RuntimeCommand {
        @Parameters(arity = "1..*", paramLabel = "CONTAINER", description = "Ids.")
        private List<String> ids = List.of();

        @Override
        void run(CriTool tool) {
            for (String id : ids) {
                tool.startContainer(id);
                System.out.println(id);
            }
        }
    }
}
