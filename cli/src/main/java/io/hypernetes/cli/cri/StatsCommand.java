package io.hypernetes.cli.cri;

import io.hypernetes.cri.v1.ContainerStats;
import io.hypernetes.cri.v1.ContainerStatsFilter;
import io.hypernetes.node.crictl.CriTool;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;

/** {@code cri stats}. */
@Command(name = "stats", description = "List what containers use.", mixinStandardHelpOptions = true)
final class StatsCommand implements Callable<Integer> {

    @Mixin private Endpoint endpoint = new Endpoint();
    @Mixin private Output output = new Output();

    @Option(
            names = {"-p", "--pod"},
            description = "By the pod's id.")
    private String pod = "";

    @Option(names = "--label", description = "By label, KEY=VALUE.")
    private Map<String, String> labels = Map.of();

    @Option(
            names = {"-s", "--seconds"},
            defaultValue = "1",
            description = "Over which the processors' use is measured.")
    private int seconds = 1;

    @Parameters(arity = "0..1", paramLabel = "CONTAINER", description = "Only this one.")
    private String id = "";

    @Override
    public Integer call() throws InterruptedException {
        ContainerStatsFilter filter =
                ContainerStatsFilter.newBuilder()
                        .setId(id)
                        .setPodSandboxId(pod)
                        .putAllLabelSelector(labels)
                        .build();
        try (CriTool tool = endpoint.open()) {
            Map<String, ContainerStats> before =
                    tool.stats(filter).stream()
                            .collect(
                                    Collectors.toMap(
                                            one -> one.getAttributes().getId(),
                                            Function.identity()));
            Thread.sleep(seconds * 1000L);
            output.print(
                    tool.stats(filter),
                    "stats",
                    one -> one.getAttributes().getId(),
                    list -> table(list, before));
        }
        return 0;
    }

    private Table table(List<ContainerStats> list, Map<String, ContainerStats> before) {
        Table table = new Table("CONTAINER", "NAME", "CPU %", "MEM", "DISK", "INODES");
        for (ContainerStats one : list) {
            String container = one.getAttributes().getId();
            table.row(
                    Words.shortId(container, output.whole()),
                    one.getAttributes().getMetadata().getName(),
                    String.format(
                            Locale.ROOT, "%.2f", percent(before.getOrDefault(container, one), one)),
                    Words.size(one.getMemory().getWorkingSetBytes().getValue()),
                    Words.size(one.getWritableLayer().getUsedBytes().getValue()),
                    Long.toString(one.getWritableLayer().getInodesUsed().getValue()));
        }
        return table;
    }

    private static double percent(ContainerStats before, ContainerStats now) {
        long span = now.getCpu().getTimestamp() - before.getCpu().getTimestamp();
        long used =
                now.getCpu().getUsageCoreNanoSeconds().getValue()
                        - before.getCpu().getUsageCoreNanoSeconds().getValue();
        return span <= 0 ? 0 : 100.0 * used / span;
    }
}
