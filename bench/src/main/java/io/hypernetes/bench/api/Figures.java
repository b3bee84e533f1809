package io.hypernetes.bench.api;

/**
 * What a phase came to.
 *
 * @param operations how many answers, or events, there were
 * @param p50 and {@code p99}: latencies in milliseconds
 * @param bytes of all answers
 * @param serverCpu processor seconds of the server in the phase; NaN where they are unknown
 * @param serverMemory the server's resident mebibytes at the end; NaN where they are unknown
 */
record Figures(
        long operations,
        double seconds,
        double p50,
        double p99,
        long bytes,
        double serverCpu,
        double serverMemory) {

    double rate() {
        return operations / seconds;
    }

    /** Processor microseconds of the server for one operation. */
    double cpuEach() {
        return serverCpu * 1e6 / operations;
    }
}
