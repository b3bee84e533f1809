package io.hypernetes.cli.cri;

import io.hypernetes.cri.v1.ContainerStatusResponse;
import io.hypernetes.cri.v1.ImageStatusResponse;
import io.hypernetes.cri.v1.PodSandboxStatusResponse;
import io.hypernetes.cri.v1.StatusResponse;
import io.hypernetes.cri.v1.VersionResponse;
import io.hypernetes.node.crictl.CriTool;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

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
    static final class Pod implements Callable<Integer> {
        @Mixin private Endpoint endpoint = new Endpoint();

        @Parameters(arity = "1..*", paramLabel = "POD", description = "Ids.")
        private List<String> ids = List.of();

        @Override
        public Integer call() {
            try (CriTool tool = endpoint.open()) {
                for (String id : ids) {
                    PodSandboxStatusResponse pod = tool.inspectPod(id);
                    print(MessageJson.of(pod.getStatus(), true), pod.getInfoMap());
                }
            }
            return 0;
        }
    }

    @Command(
            name = "inspect",
            description = "Show all of containers.",
            mixinStandardHelpOptions = true)
    static final class Container implements Callable<Integer> {
        @Mixin private Endpoint endpoint = new Endpoint();

        @Parameters(arity = "1..*", paramLabel = "CONTAINER", description = "Ids.")
        private List<String> ids = List.of();

        @Override
        public Integer call() {
            try (CriTool tool = endpoint.open()) {
                for (String id : ids) {
                    ContainerStatusResponse container = tool.inspectContainer(id);
                    print(MessageJson.of(container.getStatus(), true), container.getInfoMap());
                }
            }
            return 0;
        }
    }

    @Command(
            name = "inspecti",
            description = "Show all of images.",
            mixinStandardHelpOptions = true)
    static final class Image implements Callable<Integer> {
        @Mixin private Endpoint endpoint = new Endpoint();

        @Parameters(arity = "1..*", paramLabel = "IMAGE", description = "Names or ids.")
        private List<String> references = List.of();

        @Override
        public Integer call() {
            try (CriTool tool = endpoint.open()) {
                for (String reference : references) {
                    ImageStatusResponse image = tool.inspectImage(reference);
                    print(MessageJson.of(image.getImage(), false), image.getInfoMap());
                }
            }
            return 0;
        }
    }

    @Command(
            name = "info",
            description = "Show the state of the runtime.",
            mixinStandardHelpOptions = true)
    static final class Info implements Callable<Integer> {
        @Mixin private Endpoint endpoint = new Endpoint();

        @Override
        public Integer call() {
            try (CriTool tool = endpoint.open()) {
                StatusResponse status = tool.status();
                print(MessageJson.of(status.getStatus(), false), status.getInfoMap());
            }
            return 0;
        }
    }

    @Command(
            name = "version",
            description = "Show the version of the runtime.",
            mixinStandardHelpOptions = true)
    static final class Version implements Callable<Integer> {
        @Mixin private Endpoint endpoint = new Endpoint();

        @Override
        public Integer call() {
            try (CriTool tool = endpoint.open()) {
                VersionResponse version = tool.version();
                System.out.println("Version:  " + version.getVersion());
                System.out.println("RuntimeName:  " + version.getRuntimeName());
                System.out.println("RuntimeVersion:  " + version.getRuntimeVersion());
                System.out.println("RuntimeApiVersion:  " + version.getRuntimeApiVersion());
            }
            return 0;
        }
    }

    @Command(
            name = "imagefsinfo",
            description = "Show what images take of the disk.",
            mixinStandardHelpOptions = true)
    static final class ImageFileSystem implements Callable<Integer> {
        @Mixin private Endpoint endpoint = new Endpoint();

        @Override
        public Integer call() {
            try (CriTool tool = endpoint.open()) {
                print(MessageJson.of(tool.imageFsInfo(), false), Map.of());
            }
            return 0;
        }
    }
}
