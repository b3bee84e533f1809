package io.hypernetes.bench.api;

import java.util.Arrays;
import java.util.List;

/**
 * What a phase came to.
 *
 * @param operations how many answers, or events, there were
 * @param nanos how long each answer took, sorted; none where it was not taken
 * @param bytes of all answers
 * @param server what the server used in the phase
 * @param serverMemory the server's resident mebibytes at the end; NaN where they are unknown
 */
record Figures(
        long operations,
        double seconds,
        long[] nanos,
        long bytes,
        ServerUsage.Processor server,
        double serverMemory) {

    /** Of several phases of the same operation: one is over before a collection of its server. */
    static Figures together(List<Figures> phases) {
        return new Figures(
                phases.stream().mapToLong(Figures::operations).sum(),
                phases.stream().mapToDouble(Figures::seconds).sum(),
                phases.stream().flatMapToLong(f -> Arrays.stream(f.nanos)).sorted().toArray(),
                phases.stream().mapToLong(Figures::bytes).sum(),
                phases.stream()
                        .map(Figures::server)
                        .reduce(ServerUsage.Processor.NONE, ServerUsage.Processor::plus),
                phases.getLast().serverMemory);
    }

    double rate() {
        return operations / seconds;
    }

    /** Half of the answers took no longer than so many milliseconds. */
    double p50() {
        return percentile(nanos, 50);
    }

    double p99() {
        return percentile(nanos, 99);
    }

    static double percentile(long[] sorted, int p) {
        int index = (int) Math.ceil(p / 100.0 * sorted.length) - 1;
        return sorted.length == 0 ? Double.NaN : sorted[Math.max(index, 0)] / 1e6;
    }

    /** Processor microseconds of the server for one operation. */
    double cpuEach() {
        return server.seconds() * 1e6 / operations;
    }

    /** How much of that was its compiler's, in hundredths. */
    double compilerShare() {
        return 100 * server.compiler() / server.seconds();
    }

    /** How much of that was its garbage collector's, in hundredths. */
    double collectorShare() {
        return 100 * server.collector() / server.seconds();
    }
}
