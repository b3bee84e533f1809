package io.hypernetes.cli.cri;

import io.hypernetes.cri.v1.ContainerStatusResponse;
import io.hypernetes.cri.v1.ImageStatusResponse;
import io.hypernetes.cri.v1.PodSandboxStatusResponse;
import io.hypernetes.cri.v1.StatusResponse;
import io.hypernetes.cri.v1.VersionResponse;
import io.hypernetes.node.crictl.CriTool;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;

/** The commands that show all of one thing, in JSON. */
final class InspectCommands {

    private InspectCommands() {}

    private static void print(ObjectNode status, Map<String, String> info) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.set("status", status);
        ObjectNode more = tree.putObject("info");
        info.forEach(more::put);
        System.out.println(MessageJson.text(tree));
    }

    @Command(name = "inspectp", description = "Show all of pods.", mixinStandardHelpOptions = true)
    static final class Pod extends RuntimeCommand {
        @Parameters(arity = "1..*", paramLabel = "POD", description = "Ids.")
        private List<String> ids = List.of();

        @Override
        void run(CriTool tool) {
            for (String id : ids) {
                PodSandboxStatusResponse pod = tool.inspectPod(id);
                print(MessageJson.of(pod.getStatus(), true), pod.getInfoMap());
            }
        }
    }

    @Command(
            name = "inspect",
            description = "Show all of containers.",
            mixinStandardHelpOptions = true)
    static final class Container extends RuntimeCommand {
        @Parameters(arity = "1..*", paramLabel = "CONTAINER", description = "Ids.")
        private List<String> ids = List.of();

        @Override
        void run(CriTool tool) {
            for (String id : ids) {
                ContainerStatusResponse container = tool.inspectContainer(id);
                print(MessageJson.of(container.getStatus(), true), container.getInfoMap());
            }
        }
    }

    @Command(
            name = "inspecti",
            description = "Show all of images.",
            mixinStandardHelpOptions = true)
    static final class Image extends RuntimeCommand {
        @Parameters(arity = "1..*", paramLabel = "IMAGE", description = "Names or ids.")
        private List<String> references = List.of();

        @Override
        void run(CriTool tool) {
            for (String reference : references) {
                ImageStatusResponse image = tool.inspectImage(reference);
                print(MessageJson.of(image.getImage(), false), image.getInfoMap());
            }
        }
    }

    @Command(
            name = "info",
            description = "Show the state of the runtime.",
            mixinStandardHelpOptions = true)
    static final class Info extends RuntimeCommand {
        @Override
        void run(CriTool tool) {
            StatusResponse status = tool.status();
            print(MessageJson.of(status.getStatus(), false), status.getInfoMap());
        }
    }

    @Command(
            name = "version",
            description = "Show the version of the runtime.",
            mixinStandardHelpOptions = true)
    static final class Version extends RuntimeCommand {
        @Override
        void run(CriTool tool) {
            VersionResponse version = tool.version();
            System.out.println("Version:  " + version.getVersion());
            System.out.println("RuntimeName:  " + version.getRuntimeName());
            System.out.println("RuntimeVersion:  " + version.getRuntimeVersion());
            System.out.println("RuntimeApiVersion:  " + version.getRuntimeApiVersion());
        }
    }

    @Command(
            name = "imagefsinfo",
            description = "Show what images take of the disk.",
            mixinStandardHelpOptions = true)
    static final class ImageFileSystem extends RuntimeCommand {
        @Override
        void run(CriTool tool) {
            print(MessageJson.of(tool.imageFsInfo(), false), Map.of());
        }
    }
}
