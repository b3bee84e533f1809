package io.hypernetes.bench.api;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * Somebody who asks for little: one connection, a read and a write by turns, so many a second. What
 * counts is how long each takes.
 */
final class QuietLoad {
    static final String MAPS = "/api/v1/namespaces/default/configmaps";

    private static final long PAUSE_NANOS = 10_000_000;
    private static final byte[] NOTHING = {};

    private final Endpoint endpoint;
    private final Bystander bystander;

    /** Names are never used twice. */
    private int next;

    QuietLoad(Endpoint endpoint, Bystander bystander) {
        this.endpoint = endpoint;
        this.bystander = bystander;
    }

    /**
     * Latencies in milliseconds.
     *
     * @param bystander what it waited meanwhile
     * @param refused answers that were not what they should be
     */
    record Latencies(double[] reads, double[] writes, double[] bystander, int refused) {
        double read(int p) {
            return percentile(reads, p);
        }

        double write(int p) {
            return percentile(writes, p);
        }

        double bystander(int p) {
            return percentile(bystander, p);
        }

        /** Of several runs together. */
        static Latencies of(List<Latencies> runs) {
            return new Latencies(
                    runs.stream().flatMapToDouble(run -> Arrays.stream(run.reads)).toArray(),
                    runs.stream().flatMapToDouble(run -> Arrays.stream(run.writes)).toArray(),
                    runs.stream().flatMapToDouble(run -> Arrays.stream(run.bystander)).toArray(),
                    runs.stream().mapToInt(Latencies::refused).sum());
        }

        private static double percentile(double[] millis, int p) {
            double[] sorted = millis.clone();
            Arrays.sort(sorted);
            int index = (int) Math.ceil(p / 100.0 * sorted.length) - 1;
            return sorted.length == 0 ? Double.NaN : sorted[Math.max(index, 0)];
        }
    }

    /**
     * Without a pause, so that there is soon nothing left to compile, here and in the server; takes
     * away what it makes.
     */
    void warmUp(Duration time) throws IOException, InterruptedException {
        try (Connection connection = new Connection(endpoint)) {
            long end = System.nanoTime() + time.toNanos();
            while (System.nanoTime() < end) {
                String name = "quiet-" + next++;
                connection.post(MAPS, Manifests.configMap(name));
                connection.get(MAPS + "/" + name);
                connection.call("DELETE", MAPS + "/" + name, NOTHING, "");
            }
        }
    }

    Latencies run(Duration time) throws IOException, InterruptedException {
        double[] reads = new double[1 << 16];
        double[] writes = new double[1 << 16];
        int count = 0;
        int refused = 0;
        Bystander.Watch watch = bystander.begin();
        try (Connection connection = new Connection(endpoint)) {
            long end = System.nanoTime() + time.toNanos();
            while (System.nanoTime() < end && count < reads.length) {
                String name = "quiet-" + next++;
                long start = System.nanoTime();
                int written = connection.post(MAPS, Manifests.configMap(name));
                writes[count] = (System.nanoTime() - start) / 1e6;
                Thread.sleep(Duration.ofNanos(PAUSE_NANOS));
                start = System.nanoTime();
                int read = connection.get(MAPS + "/" + name);
                reads[count++] = (System.nanoTime() - start) / 1e6;
                refused += (written == 201 ? 0 : 1) + (read == 200 ? 0 : 1);
                Thread.sleep(Duration.ofNanos(PAUSE_NANOS));
            }
        }
        double[] waited = watch.end().stream().mapToDouble(millis -> millis).toArray();
        return new Latencies(
                Arrays.copyOf(reads, count), Arrays.copyOf(writes, count), waited, refused);
    }
}
