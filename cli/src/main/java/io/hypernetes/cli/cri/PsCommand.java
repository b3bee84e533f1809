package io.hypernetes.cli.cri;

import io.hypernetes.cri.v1.Container;
import io.hypernetes.cri.v1.ContainerFilter;
import io.hypernetes.cri.v1.ContainerState;
import io.hypernetes.cri.v1.ContainerStateValue;
import io.hypernetes.cri.v1.PodSandbox;
import io.hypernetes.cri.v1.PodSandboxFilter;
import io.hypernetes.node.crictl.CriTool;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;

/** {@code cri ps}. */
@Command(
        name = "ps",
        description = "List containers; those that run, unless more is asked for.",
        mixinStandardHelpOptions = true)
final class PsCommand implements Callable<Integer> {

    @Mixin private Endpoint endpoint = new Endpoint();
    @Mixin private Output output = new Output();

    @Option(
            names = {"-a", "--all"},
            description = "In every state.")
    private boolean all;

    @Option(names = "--id", description = "By id, or the start of one.")
    private String id = "";

    @Option(names = "--name", description = "By a regular expression for the container's name.")
    private String name = "";

    @Option(
            names = {"-p", "--pod"},
            description = "By the pod's id.")
    private String pod = "";

    @Option(names = "--image", description = "By a regular expression for the image's name.")
    private String image = "";

    @Option(names = "--label", description = "By label, KEY=VALUE.")
    private Map<String, String> labels = Map.of();

    @Option(
            names = {"-s", "--state"},
            description = "created, running, exited or unknown.")
    private String state = "";

    @Option(
            names = {"-l", "--latest"},
            description = "The newest alone, in whatever state.")
    private boolean latest;

    @Option(
            names = {"-n", "--last"},
            description = "The newest so many, in whatever state.")
    private int last;

    @Override
    public Integer call() {
        ContainerFilter.Builder filter =
                ContainerFilter.newBuilder()
                        .setId(id)
                        .setPodSandboxId(pod)
                        .putAllLabelSelector(labels);
        String wanted = state.isEmpty() && !all && !latest && last == 0 ? "running" : state;
        if (!wanted.isEmpty()) {
            filter.setState(
                    ContainerStateValue.newBuilder()
                            .setState(
                                    ContainerState.valueOf(
                                            "CONTAINER_" + wanted.toUpperCase(Locale.ROOT))));
        }
        try (CriTool tool = endpoint.open()) {
            List<Container> containers =
                    tool.containers(filter.build()).stream()
                            .filter(one -> Matching.matches(name, one.getMetadata().getName()))
                            .filter(one -> Matching.matches(image, imageOf(one)))
                            .limit(Matching.limit(latest, last))
                            .toList();
            Map<String, PodSandbox> pods =
                    tool.pods(PodSandboxFilter.getDefaultInstance()).stream()
                            .collect(Collectors.toMap(PodSandbox::getId, Function.identity()));
            output.print(containers, "containers", Container::getId, list -> table(list, pods));
        }
        return 0;
    }

    private static String imageOf(Container container) {
        String written = container.getImage().getUserSpecifiedImage();
        return written.isEmpty() ? container.getImage().getImage() : written;
    }

    private Table table(List<Container> containers, Map<String, PodSandbox> pods) {
        Table table =
                new Table(
                        "CONTAINER",
                        "IMAGE",
                        "CREATED",
                        "STATE",
                        "NAME",
                        "ATTEMPT",
                        "POD ID",
                        "POD",
                        "NAMESPACE");
        Instant now = Instant.now();
        for (Container one : containers) {
            PodSandbox in =
                    pods.getOrDefault(one.getPodSandboxId(), PodSandbox.getDefaultInstance());
            table.row(
                    Words.shortId(one.getId(), output.whole()),
                    Words.shortId(imageOf(one), output.whole()),
                    Words.ago(one.getCreatedAt(), now),
                    word(one.getState()),
                    one.getMetadata().getName(),
                    Integer.toString(one.getMetadata().getAttempt()),
                    Words.shortId(one.getPodSandboxId(), output.whole()),
                    in.getMetadata().getName(),
                    in.getMetadata().getNamespace());
        }
        return table;
    }

    private static String word(ContainerState state) {
        return switch (state) {
            case CONTAINER_CREATED -> "Created";
            case CONTAINER_RUNNING -> "Running";
            case CONTAINER_EXITED -> "Exited";
            case CONTAINER_UNKNOWN, UNRECOGNIZED -> "Unknown";
        };
    }
}
