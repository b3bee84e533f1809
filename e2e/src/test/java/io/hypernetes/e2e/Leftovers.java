package io.hypernetes.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What an installation has on this machine beside its files: processes, devices, namespaces. */
record Leftovers(
        Set<String> processes, Set<String> links, Set<String> namespaces, Set<String> mounts) {

    /** Everything of this machine, to compare before and after. */
    static Leftovers now(Path data) {
        return new Leftovers(
                processes(data),
                lines("ip", "-o", "link"),
                lines("ip", "netns", "list"),
                mountPoints());
    }

    /** Processes whose command line names the data folder. */
    static Set<String> processes(Path data) {
        Set<String> found = new TreeSet<>();
        ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .forEach(process -> {
                    String line = commandLine(process.pid());
                    if (line.contains(data.toString())) {
                        found.add(process.pid() + " " + line);
                    }
                });
        return found;
    }

    static List<String> machines(Path data) {
        List<String> machines = new ArrayList<>();
        for (String process : processes(data)) {
            if (process.contains("qemu-system")) {
                machines.add(process);
            }
        }
        return machines;
    }

    /** The TAPs of all installations, by network namespace. */
    static Set<String> taps() {
        Set<String> taps = new TreeSet<>();
        for (String namespace : lines("ip", "netns", "list")) {
            lines("ip", "-n", namespace, "-o", "link", "show", "type", "tun").stream()
                    .filter(link -> link.startsWith("hn"))
                    .forEach(link -> taps.add(namespace + " " + link));
        }
        return taps;
    }

    /** The image files of volumes. */
    static List<String> disks(Path data) {
        try (Stream<Path> files = Files.walk(data.resolve("volumes"))) {
            return files.filter(Files::isRegularFile)
                    .map(Path::toString)
                    .filter(name -> name.endsWith(".raw") || name.endsWith(".img"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String commandLine(long pid) {
        try {
            byte[] line = Files.readAllBytes(Path.of("/proc/" + pid + "/cmdline"));
            return new String(line, StandardCharsets.UTF_8).replace('\0', ' ');
        } catch (IOException _) {
            return "";
        }
    }

    private static Set<String> lines(String... command) {
        Set<String> names = new TreeSet<>();
        Outcome outcome = Cloud.run(List.of(command), Map.of(), "");
        outcome.output()
                .lines()
                .map(line -> line.split("\\s+"))
                .forEach(words -> {
                    names.add(words.length > 1 && words[0].endsWith(":") ? words[1] : words[0]);
                });
        return names;
    }

    private static Set<String> mountPoints() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/mounts"))) {
            Set<String> points = new TreeSet<>();
            lines.map(line -> line.split(" ")[1]).forEach(points::add);
            return points;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
