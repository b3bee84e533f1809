package io.hypernetes.bench.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a process uses of this machine (proc(5)); a process of another machine uses NaN. */
record ServerUsage(long pid) {

    static final ServerUsage ELSEWHERE = new ServerUsage(0);
    private static final double TICKS_PER_SECOND = 100;

    /** Processor seconds since its start, user and system. */
    double cpuSeconds() throws IOException {
        if (pid == 0) {
            return Double.NaN;
        }
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
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
