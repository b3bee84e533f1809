package io.hypernetes.bench.api;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a process uses of this machine (proc(5)); a process of another machine uses NaN. */
record ServerUsage(long pid) {

    static final ServerUsage ELSEWHERE = new ServerUsage(0);
    private static final double TICKS_PER_SECOND = 100;

    /**
     * Processor seconds, user and system.
     *
     * @param compiler those of a JVM's compiler among them
     * @param collector those of its garbage collector among them, if that is the serial one
     */
    record Processor(double seconds, double compiler, double collector) {
        static final Processor NONE = new Processor(0, 0, 0);

        Processor plus(Processor other) {
            return new Processor(
                    seconds + other.seconds,
                    compiler + other.compiler,
                    collector + other.collector);
        }

        Processor since(Processor start) {
            return new Processor(
                    seconds - start.seconds,
                    compiler - start.compiler,
                    collector - start.collector);
        }
    }

    /** Since its start. */
    Processor processor() throws IOException {
        if (pid == 0) {
            return new Processor(Double.NaN, Double.NaN, Double.NaN);
        }
        double compiler = 0;
        double collector = 0;
        Path process = Path.of("/proc/" + pid);
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(process.resolve("task"))) {
            for (Path thread : threads) {
                try {
                    String stat = Files.readString(thread.resolve("stat"));
                    if (stat.contains(" (C1 Compiler") || stat.contains(" (C2 Compiler")) {
                        compiler += seconds(stat);
                    } else if (stat.contains(" (VM Thread)")) {
                        collector += seconds(stat);
                    }
                } catch (IOException _) {
                    // It has ended meanwhile; the threads that are meant stay.
                }
            }
        }
        double all = seconds(Files.readString(process.resolve("stat")));
        return new Processor(all, compiler, collector);
    }

    private static double seconds(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    double cpuSeconds() throws IOException {
        return processor().seconds();
    }

    double residentMebibytes() throws IOException {
        return mebibytes("status", "VmRSS:");
    }

    /** Its own memory, and its share of what it shares with others. */
    double proportionalMebibytes() throws IOException {
        return mebibytes("smaps_rollup", "Pss:");
    }

    private double mebibytes(String file, String field) throws IOException {
        if (pid == 0) {
            return Double.NaN;
        }
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/" + file))) {
            if (line.startsWith(field)) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
            }
        }
        throw new IOException("no " + field + " of process " + pid);
    }
}
