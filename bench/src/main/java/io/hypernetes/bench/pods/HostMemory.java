package io.hypernetes.bench.pods;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * What an installation takes of this machine's memory: the proportional set sizes of its processes,
 * by which a page that many have counts once.
 *
 * @param machines of the virtual machines of pods
 * @param rest the server and the network's daemons, in KiB
 */
record HostMemory(List<Usage> machines, long rest) {

    /**
     * Of one process, in KiB.
     *
     * @param own the part that it shares with nobody
     * @param template the part of the guest's memory that it has in common with the others
     */
    record Usage(long all, long own, long template) {}

    static HostMemory of(Path data) throws IOException {
        List<Usage> machines = new ArrayList<>();
        long rest = 0;
        for (Path process : processes()) {
            String line = commandLine(process);
            if (line.contains("\0-pidfile\0" + data)) {
                if (isOfPod(data, line)) {
                    machines.add(usage(process));
                }
            } else if (line.contains(data.toString())) {
                rest += usage(process).all();
            }
        }
        return new HostMemory(List.copyOf(machines), rest);
    }

    /** Machines that stand by have no sandbox. */
    private static boolean isOfPod(Path data, String line) {
        String file = line.substring(line.indexOf("\0-pidfile\0") + 10);
        Path folder = Path.of(file.substring(0, file.indexOf('\0'))).getParent();
        return folder != null
                && Files.exists(data.resolve("hyper/sandboxes").resolve(folder.getFileName()));
    }

    static long available() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
            if (line.startsWith("MemAvailable:")) {
                return number(line);
            }
        }
        throw new IOException("no MemAvailable in /proc/meminfo");
    }

    String machine() {
        return String.format(
                Locale.ROOT,
                "%.1f MiB (%.1f of its own, %.1f of %d parts of the template)",
                mean(Usage::all),
                mean(Usage::own),
                mean(Usage::template),
                machines.size());
    }

    private double mean(ToLongFunction<Usage> part) {
        return machines.stream().mapToLong(part).average().orElse(0) / 1024;
    }

    private static Usage usage(Path process) throws IOException {
        long all = 0;
        long own = 0;
        long template = 0;
        for (String line : Files.readAllLines(process.resolve("smaps_rollup"))) {
            switch (line.substring(0, Math.max(0, line.indexOf(':')))) {
                case "Pss" -> all = number(line);
                case "Pss_Anon" -> own = number(line);
                case "Pss_Shmem" -> template = number(line);
                default -> {
                    // the other figures are sums of parts of these
                }
            }
        }
        return new Usage(all, own, template);
    }

    private static long number(String line) {
        return Long.parseLong(line.replaceAll("\\D", ""));
    }

    private static List<Path> processes() throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            return entries.filter(path -> path.getFileName().toString().matches("\\d+")).toList();
        }
    }

    private static String commandLine(Path process) {
        try {
            byte[] line = Files.readAllBytes(process.resolve("cmdline"));
            return new String(line, StandardCharsets.UTF_8);
        } catch (IOException _) {
            return ""; // it has ended
        }
    }
}
