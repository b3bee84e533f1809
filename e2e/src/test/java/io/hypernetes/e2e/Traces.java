package io.hypernetes.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What pods leave behind them if somebody forgets to clear up.
 *
 * @param machines folders of virtual machines, running or not
 * @param namespaces network namespaces of this installation
 * @param taps network devices of machines
 * @param disks image files of volumes
 * @param logs folders of the logs of pods
 * @param rows of the northbound database of OVN, by table and name
 */
record Traces(
        Set<String> machines,
        Set<String> namespaces,
        Set<String> taps,
        Set<String> disks,
        Set<String> logs,
        Set<String> rows) {

    private static final List<String> TABLES =
            List.of(
                    "Logical_Switch",
                    "Logical_Switch_Port",
                    "Logical_Router",
                    "Load_Balancer",
                    "Port_Group");

    static Traces of(Path data) {
        Set<String> namespaces = Leftovers.namespaces(data);
        return new Traces(
                children(data.resolve("hyper/vm")),
                namespaces,
                Leftovers.taps(data),
                new TreeSet<>(Leftovers.disks(data)),
                children(data.resolve("log/pods")),
                rows(data));
    }

    /** What is here and was not there. */
    Traces beyond(Traces before) {
        return new Traces(
                minus(machines, before.machines),
                minus(namespaces, before.namespaces),
                minus(taps, before.taps),
                minus(disks, before.disks),
                minus(logs, before.logs),
                minus(rows, before.rows));
    }

    boolean isNothing() {
        return Stream.of(machines, namespaces, taps, disks, logs, rows).allMatch(Set::isEmpty);
    }

    private static Set<String> minus(Set<String> all, Set<String> some) {
        Set<String> rest = new TreeSet<>(all);
        rest.removeAll(some);
        return rest;
    }

    /** None where no pod has been yet. */
    private static Set<String> children(Path folder) {
        if (!Files.isDirectory(folder)) {
            return Set.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            Set<String> names = new TreeSet<>();
            files.forEach(file -> names.add(file.getFileName().toString()));
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> rows(Path data) {
        Set<String> rows = new TreeSet<>();
        for (String table : TABLES) {
            List<String> command = new ArrayList<>(List.of("ovn-nbctl"));
            command.add("--db=unix:" + data.resolve("ovn/run/ovn-nb.sock"));
            command.addAll(
                    List.of("--bare", "--no-headings", "--columns=_uuid,name", "find", table));
            Outcome found = Cloud.run(command, Map.of(), "").succeeded();
            Stream.of(found.text().split("\n\n"))
                    .filter(row -> !row.isBlank())
                    .forEach(row -> rows.add(table + " " + row.replace('\n', ' ')));
        }
        return rows;
    }
}
