package io.hypernetes.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What an installation has on this machine beside its files: processes, devices, namespaces. Only
 * its own: others may run beside it and come and go.
 *
 * @param processes whose command line names the data folder, or that are in it
 * @param namespaces of its switch and of what answers in its networks
 * @param devices in those namespaces, and outside of them those that are named alike
 * @param mounts in its folder, or of its namespaces
 */
record Leftovers(
        Set<String> processes, Set<String> namespaces, Set<String> devices, Set<String> mounts) {

    static Leftovers of(Path data) {
        Set<String> namespaces = namespaces(data);
        Set<String> devices = new TreeSet<>();
        namespaces.forEach(namespace -> devices.addAll(devices(namespace)));
        return new Leftovers(processes(data), namespaces, devices, mounts(data));
    }

    /** What is still there of what an installation had: nothing, after it was purged. */
    Leftovers stillThere(Path data) {
        Leftovers now = of(data);
        Set<String> left = lines("ip", "-o", "link");
        left.removeIf(link -> !link.matches("h[nl].*") || !devices.contains(link));
        left.addAll(now.devices);
        return new Leftovers(now.processes, now.namespaces, left, now.mounts);
    }

    boolean isNothing() {
        return Stream.of(processes, namespaces, devices, mounts).allMatch(Set::isEmpty);
    }

    /**
     * What installations of one machine are told apart by: the digest of their networks' folder.
     */
    private static String name(Path data) {
        String folder = data.resolve("ovn").toAbsolutePath().normalize().toString();
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(folder.getBytes(StandardCharsets.UTF_8));
            return "hypernetes-" + HexFormat.of().formatHex(digest, 0, 5);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has SHA-256
        }
    }

    /** The namespace of the switch, which all TAPs are in. */
    static String switches(Path data) {
        String name = name(data);
        if (!namespaces(data).contains(name)) {
            throw new AssertionError("there is no network namespace " + name);
        }
        return name;
    }

    static Set<String> namespaces(Path data) {
        Set<String> namespaces = lines("ip", "netns", "list");
        namespaces.removeIf(name -> !name.equals(name(data)) && !name.startsWith(name(data) + "-"));
        return namespaces;
    }

    /** All but those that every namespace has of itself. */
    private static Set<String> devices(String namespace) {
        Set<String> devices = lines("ip", "-n", namespace, "-o", "link");
        devices.removeIf(device -> device.equals("lo") || device.startsWith("eth0"));
        return devices;
    }

    /** Processes of this installation. */
    static Set<String> processes(Path data) {
        Set<String> found = new TreeSet<>();
        ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .forEach(process -> {
                    String line = commandLine(process.pid());
                    if (line.contains(data.toString()) || isIn(process.pid(), data)) {
                        found.add(process.pid() + " " + line);
                    }
                });
        return found;
    }

    private static boolean isIn(long pid, Path data) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + pid + "/cwd")).startsWith(data);
        } catch (IOException _) {
            return false; // it has ended
        }
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

    /** The TAPs of its machines. */
    static Set<String> taps(Path data) {
        Set<String> taps = new TreeSet<>();
        for (String namespace : namespaces(data)) {
            lines("ip", "-n", namespace, "-o", "link", "show", "type", "tun").stream()
                    .filter(link -> link.startsWith("hn"))
                    .forEach(taps::add);
        }
        return taps;
    }

    /** The image files of volumes. */
    static List<String> disks(Path data) {
        Path volumes = data.resolve("volumes");
        if (!Files.isDirectory(volumes)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(volumes)) {
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

    /** The names in what {@code ip} lists, without the other end of a pair. */
    private static Set<String> lines(String... command) {
        Set<String> names = new TreeSet<>();
        Outcome outcome = Cloud.run(List.of(command), Map.of(), "");
        outcome.output()
                .lines()
                .map(line -> line.split("\\s+"))
                .map(words -> words.length > 1 && words[0].endsWith(":") ? words[1] : words[0])
                .forEach(name -> names.add(name.replaceAll("[@:].*", "")));
        return names;
    }

    private static Set<String> mounts(Path data) {
        String name = name(data);
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/mounts"))) {
            Set<String> points = new TreeSet<>();
            lines.map(line -> line.split(" ")[1])
                    .filter(point -> point.contains(data.toString()) || point.contains(name))
                    .forEach(points::add);
            return points;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
