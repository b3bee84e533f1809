package io.hypernetes.runtime.qemu;

import io.hypernetes.runtime.vm.VmException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where a machine stands when processors are short: in the background it gets about a tenth of what
 * others get. Each thread has a niceness of its own, and new ones that of the thread that makes
 * them (sched(7)).
 */
final class Niceness {

    private static final int BACKGROUND = 10;

    /** Of the fields of proc(5)'s stat, counted from the state. */
    private static final int FIELD = 16;

    private Niceness() {}

    static List<String> inBackground(List<String> command) {
        List<String> line = new ArrayList<>(List.of("nice", "-n", Integer.toString(BACKGROUND)));
        line.addAll(command);
        return line;
    }

    /** Gives a process, all its threads, our own. */
    static void asOurs(long pid) throws InterruptedException {
        Path tasks = Path.of("/proc", Long.toString(pid), "task");
        try {
            int ours = of(Path.of("/proc/self"));
            Set<String> done = new TreeSet<>();
            for (Set<String> all = names(tasks); !done.containsAll(all); all = names(tasks)) {
                renice(ours, all);
                done.addAll(all);
            }
        } catch (IOException e) {
            throw new VmException("the priority of process " + pid + " stays low", e);
        }
    }

    /** Of a process' first thread, or of a thread. */
    static int of(Path task) throws IOException {
        String stat = Files.readString(task.resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Integer.parseInt(fields[FIELD]);
    }

    private static Set<String> names(Path tasks) throws IOException {
        try (Stream<Path> files = Files.list(tasks)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static void renice(int value, Collection<String> threads)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("renice", "-n", Integer.toString(value)));
        command.add("-p");
        command.addAll(threads);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(said.strip());
        }
    }
}
