package io.hypernetes.cli.cri;

import io.hypernetes.cri.v1.PodSandbox;
import io.hypernetes.cri.v1.PodSandboxFilter;
import io.hypernetes.cri.v1.PodSandboxState;
import io.hypernetes.cri.v1.PodSandboxStateValue;
import io.hypernetes.node.crictl.CriTool;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code cri pods}. */
@Command(name = "pods", description = "List pods.", mixinStandardHelpOptions = true)
final class PodsCommand implements Callable<Integer> {

    @Mixin private Endpoint endpoint = new Endpoint();
    @Mixin private Output output = new Output();

    @Option(names = "--id", description = "By id, or the start of one.")
    private String id = "";

    @Option(names = "--name", description = "By a regular expression for the pod's name.")
    private String name = "";

    @Option(names = "--namespace", description = "By a regular expression for the namespace.")
    private String namespace = "";

    @Option(names = "--label", description = "By label, KEY=VALUE.")
    private Map<String, String> labels = Map.of();

    @Option(
            names = {"-s", "--state"},
            description = "ready or notready.")
    private String state = "";

    @Option(
            names = {"-l", "--latest"},
            description = "The newest alone.")
    private boolean latest;

    @Option(
            names = {"-n", "--last"},
            description = "The newest so many.")
    private int last;

    @Override
    public Integer call() {
        PodSandboxFilter.Builder filter =
                PodSandboxFilter.newBuilder().setId(id).putAllLabelSelector(labels);
        if (!state.isEmpty()) {
            filter.setState(
                    PodSandboxStateValue.newBuilder()
                            .setState(
                                    state.equalsIgnoreCase("ready")
                                            ? PodSandboxState.SANDBOX_READY
                                            : PodSandboxState.SANDBOX_NOTREADY));
        }
        try (CriTool tool = endpoint.open()) {
            List<PodSandbox> pods =
                    tool.pods(filter.build()).stream()
                            .filter(pod -> Matching.matches(name, pod.getMetadata().getName()))
                            .filter(pod ->
                                    Matching.matches(namespace, pod.getMetadata().getNamespace()))
                            .limit(Matching.limit(latest, last))
                            .toList();
            output.print(pods, "items", PodSandbox::getId, this::table);
        }
        return 0;
    }

    private Table table(List<PodSandbox> pods) {
        Table table =
                new Table("POD ID", "CREATED", "STATE", "NAME", "NAMESPACE", "ATTEMPT", "RUNTIME");
        Instant now = Instant.now();
        for (PodSandbox pod : pods) {
            table.row(
                    Words.shortId(pod.getId(), output.whole()),
                    Words.ago(pod.getCreatedAt(), now),
                    pod.getState() == PodSandboxState.SANDBOX_READY ? "Ready" : "NotReady",
                    pod.getMetadata().getName(),
                    pod.getMetadata().getNamespace(),
                    Integer.toString(pod.getMetadata().getAttempt()),
                    pod.getRuntimeHandler().isEmpty() ? "(default)" : pod.getRuntimeHandler());
        }
        return table;
    }
}
