package io.hypernetes.bench.api;

import io.hypernetes.bench.Scratch;
import io.hypernetes.store.EtcdCluster;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * {@code ./hypernetes bench soak [MINUTES] [etcd]}: a server with its controllers under constant
 * churn at the highest rate that it gives. Prints what is kept (history, disk, heap, resident set)
 * as time goes by, and fails when any of it still grows.
 */
public final class SoakBench {

    private static final int CLIENTS = 16;
    private static final int WATCHERS = 20;
    private static final int SAMPLES = 15;

    /** So many samples belong to the filling of what is bounded: they are not compared. */
    private static final int FILLING = 5;

    private static final String COMPONENTS = "api,controllers";

    /** etcd's history is cut by time: short, so that a soak passes it many times. */
    private static final String COMPACTION_SECONDS = "20";

    private static final double MEBIBYTE = 1024.0 * 1024;

    private record Sample(
            double minute, long writes, long window, double disk, double heap, double resident) {}

    private final StartedServer server;
    private final Endpoint endpoint;
    private final Path disk;
    private final SoakLoad load;
    private final Duration length;

    private SoakBench(StartedServer server, Path disk, Duration length) throws IOException {
        this.server = server;
        this.endpoint = Endpoint.of(server.administrator());
        this.disk = disk;
        this.length = length;
        this.load = new SoakLoad(endpoint, server.usage(), length);
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        double minutes = arguments.length > 0 ? Double.parseDouble(arguments[0]) : 5;
        Duration length = Duration.ofMillis(Math.round(minutes * 60_000));
        Path home = Path.of(System.getProperty("hypernetes.home", "."));
        Path scratch = Scratch.folder(home, "bench-soak");
        boolean flat =
                arguments.length > 1 && arguments[1].equals("etcd")
                        ? overEtcd(home, scratch, length)
                        : overSqlite(home, scratch, length);
        System.exit(flat ? 0 : 1);
    }

    private static boolean overSqlite(Path home, Path scratch, Duration length)
            throws IOException, InterruptedException {
        try (StartedServer server = new StartedServer(home, scratch, COMPONENTS)) {
            return new SoakBench(server, server.data(), length).measure();
        }
    }

    private static boolean overEtcd(Path home, Path scratch, Duration length)
            throws IOException, InterruptedException {
        Path members = Files.createDirectories(scratch.resolve("etcd"));
        try (EtcdCluster cluster = EtcdCluster.start(members, 1);
                StartedServer server =
                        new StartedServer(
                                home,
                                scratch,
                                COMPONENTS,
                                "--store",
                                "etcd://" + String.join(",", cluster.members()),
                                "--etcd-compaction-interval",
                                COMPACTION_SECONDS)) {
            return new SoakBench(server, members, length).measure();
        }
    }

    private boolean measure() throws IOException, InterruptedException {
        prepare();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Thread churn =
                new Thread(() -> {
                    try {
                        load.run(CLIENTS, WATCHERS);
                    } catch (IOException | InterruptedException | RuntimeException e) {
                        failure.set(e);
                    }
                });
        churn.start();
        System.out.println(
                "| minute | writes | events seen | states kept | store, MiB | live heap, MiB | RSS,"
                        + " MiB |");
        System.out.println("|---|---|---|---|---|---|---|");
        List<Sample> samples = new ArrayList<>();
        long start = System.nanoTime();
        while (samples.size() < SAMPLES && failure.get() == null) {
            long due = start + length.toNanos() * (samples.size() + 1) / SAMPLES;
            Thread.sleep(Math.max(0, (due - System.nanoTime()) / 1_000_000));
            samples.add(sample((System.nanoTime() - start) / 60e9));
        }
        churn.join();
        if (failure.get() != null) {
            throw new IOException("the churn broke off", failure.get());
        }
        return isFlat(samples);
    }

    private void prepare() throws IOException {
        try (Connection connection = new Connection(endpoint)) {
            connection.post("/api/v1/namespaces", Manifests.namespace(Manifests.NAMESPACE));
            // The controllers may have been faster.
            connection.post(
                    "/api/v1/namespaces/" + Manifests.NAMESPACE + "/serviceaccounts",
                    Manifests.serviceAccount());
        }
    }

    private Sample sample(double minute) throws IOException, InterruptedException {
        Sample sample =
                new Sample(
                        minute,
                        load.writes(),
                        window(),
                        size() / MEBIBYTE,
                        Memory.live(server.usage(), 0) / MEBIBYTE,
                        server.usage().residentMebibytes());
        System.out.printf(
                Locale.ROOT,
                "| %.1f | %,d | %,d | %,d | %.1f | %.1f | %.0f |%n",
                sample.minute(),
                sample.writes(),
                load.events(),
                sample.window(),
                sample.disk(),
                sample.heap(),
                sample.resident());
        return sample;
    }

    /** How many revisions back a list is still answered. */
    private long window() throws IOException {
        try (Connection connection = new Connection(endpoint)) {
            connection.get(Manifests.PODS + "?limit=1");
            String key = "\"resourceVersion\":\"";
            int at = connection.text().indexOf(key) + key.length();
            long newest =
                    Long.parseLong(
                            connection.text().substring(at, connection.text().indexOf('"', at)));
            long kept = newest;
            long gone = 0;
            while (kept - gone > 1) {
                long middle = (kept + gone) / 2;
                int status =
                        connection.get(
                                Manifests.PODS
                                        + "?limit=1&resourceVersionMatch=Exact&resourceVersion="
                                        + middle);
                if (status == 200) {
                    kept = middle;
                } else {
                    gone = middle;
                }
            }
            return newest - kept;
        }
    }

    /** SQLite's file and its log, or the file of etcd's only member. */
    private long size() throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.walk(disk)) {
            for (Path file : files.toList()) {
                String name = String.valueOf(file.getFileName());
                if (name.equals("db") || name.startsWith("state.db")) {
                    bytes += Files.size(file);
                }
            }
        }
        return bytes;
    }

    private static boolean isFlat(List<Sample> samples) {
        System.out.println();
        boolean flat = settles("store", samples, Sample::disk, 64);
        flat &= settles("live heap", samples, Sample::heap, 16);
        flat &= settles("resident set", samples, Sample::resident, 64);
        return flat & settles("states kept", samples, Sample::window, 2_000);
    }

    /** Whether the most of the last samples is no more than that of those before them. */
    private static boolean settles(
            String what, List<Sample> samples, ToDoubleFunction<Sample> figure, double slack) {
        int half = FILLING + (samples.size() - FILLING) / 2;
        double before = most(samples.subList(FILLING, half), figure);
        double after = most(samples.subList(half, samples.size()), figure);
        boolean flat = after <= before * 1.05 + slack;
        System.out.printf(
                Locale.ROOT,
                "- %s: at most %,.0f in the last third, %,.0f before: %s%n",
                what,
                after,
                before,
                flat ? "does not grow" : "GROWS");
        return flat;
    }

    private static double most(List<Sample> samples, ToDoubleFunction<Sample> figure) {
        return samples.stream().mapToDouble(figure).max().orElse(Double.NaN);
    }
}
