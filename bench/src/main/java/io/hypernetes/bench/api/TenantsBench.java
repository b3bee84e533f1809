package io.hypernetes.bench.api;

import io.hypernetes.bench.Scratch;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/**
 * {@code ./hypernetes bench tenants [N]}: a server with its controllers; N tenants are made and
 * each gets two namespaces, twenty objects and a definition that has the same name in all of them.
 * How fast they come, what each costs in memory when nobody asks for it, and how long a start with
 * all of them takes.
 */
public final class TenantsBench {

    private static final int TENANTS = 1_000;
    private static final int CLIENTS = 32;

    /** On the same state: one start alone says little. */
    private static final int STARTS = 3;

    /** Of each phase; the command fails when it takes longer. */
    private static final Duration LIMIT = Duration.ofMinutes(15);

    private static final String COMPONENTS = "api,controllers";
    private static final double KIBIBYTE = 1024;

    private final Path home;
    private final Path scratch;
    private final int tenants;

    private TenantsBench(Path home, Path scratch, int tenants) {
        this.home = home;
        this.scratch = scratch;
        this.tenants = tenants;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int tenants = arguments.length > 0 ? Integer.parseInt(arguments[0]) : TENANTS;
        Path home = Path.of(System.getProperty("hypernetes.home", "."));
        Path scratch = Scratch.folder(home, "bench-tenants");
        new TenantsBench(home, scratch, tenants).measure();
    }

    private void measure() throws IOException, InterruptedException {
        System.out.println("| what | figure |");
        System.out.println("|---|---|");
        long before;
        try (StartedServer server = new StartedServer(home, scratch, COMPONENTS)) {
            row("start without tenants", "%.2f s", server.readySeconds());
            Thread.sleep(3_000);
            before = Memory.live(server.usage());
            make(server);
            long empty = settled(server);
            fill(server);
            long full = settled(server);
            row("memory of an empty tenant", "%.1f KiB", (empty - before) / KIBIBYTE / tenants);
            row("memory of an idle tenant", "%.1f KiB", (full - before) / KIBIBYTE / tenants);
            row(
                    "live in the heap: without tenants, with all",
                    "%.0f MiB, %.0f MiB",
                    before / KIBIBYTE / KIBIBYTE,
                    full / KIBIBYTE / KIBIBYTE);
            row("resident set", "%.0f MiB", server.usage().residentMebibytes());
            idle(server);
        }
        for (int i = 1; i < STARTS; i++) {
            try (StartedServer server = new StartedServer(home, scratch, COMPONENTS)) {
                started(server);
                Thread.sleep(5_000); // what goes on after it is no part of the next
            }
        }
        try (StartedServer server = new StartedServer(home, scratch, COMPONENTS)) {
            started(server);
            long start = System.nanoTime();
            try (Connection connection = new Connection(Endpoint.of(server.operator()))) {
                expect(200, connection.get(TenantLoad.widgets(tenants - 1)), connection);
                row("the first answer from the last one's world", "%.2f s", since(start));
                expect(
                        201,
                        connection.post(TenantLoad.TENANTS, TenantLoad.tenant(tenants)),
                        connection);
            }
            ready(server, tenants + 1, () -> {});
            row("until the controllers have made one more", "%.2f s", since(start));
            row(
                    "memory of an idle tenant then, without past versions",
                    "%.1f KiB",
                    (settled(server) - before) / KIBIBYTE / tenants);
        }
    }

    private static void started(StartedServer server) throws IOException {
        row(
                "start with all of them",
                "%.2f s, %.1f s of processor",
                server.readySeconds(),
                server.usage().cpuSeconds());
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static void expect(int wanted, int status, Connection connection) throws IOException {
        if (status != wanted) {
            throw new IOException(status + " instead of " + wanted + ": " + connection.text());
        }
    }

    private static void row(String what, String format, Object... figures) {
        System.out.printf(
                Locale.ROOT, "| %s | %s |%n", what, String.format(Locale.ROOT, format, figures));
    }

    private void make(StartedServer server) throws IOException, InterruptedException {
        Endpoint endpoint = Endpoint.of(server.operator());
        double cpu = server.usage().cpuSeconds();
        long start = System.nanoTime();
        ready(
                server,
                tenants,
                () ->
                        new ClosedLoop(endpoint, server.usage(), LIMIT)
                                .run(
                                        CLIENTS,
                                        tenants,
                                        201,
                                        (connection, number) ->
                                                connection.post(
                                                        TenantLoad.TENANTS,
                                                        TenantLoad.tenant(number))));
        double seconds = since(start);
        row(
                "tenants made, from the request to Active",
                "%,d in %.1f s: %.0f/s, %.1f ms of the server's processor each",
                tenants,
                seconds,
                tenants / seconds,
                (server.usage().cpuSeconds() - cpu) * 1e3 / tenants);
    }

    private void fill(StartedServer server) throws IOException, InterruptedException {
        Figures figures =
                new ClosedLoop(Endpoint.of(server.operator()), server.usage(), LIMIT)
                        .run(CLIENTS, tenants, 201, TenantLoad::fill);
        row(
                "each filled: 2 namespaces, a definition, 20 objects",
                "%.0f tenants/s, %.1f ms of the server's processor each",
                figures.rate(),
                figures.cpuEach() / 1e3);
    }

    /** The heap's live bytes when the controllers have nothing left to do. */
    private static long settled(StartedServer server) throws IOException, InterruptedException {
        double busy = 1;
        long end = System.nanoTime() + LIMIT.toNanos();
        while (busy > 0.1 && System.nanoTime() < end) {
            double cpu = server.usage().cpuSeconds();
            Thread.sleep(3_000);
            busy = (server.usage().cpuSeconds() - cpu) / 3;
        }
        return Memory.live(server.usage());
    }

    private static void idle(StartedServer server) throws IOException, InterruptedException {
        double cpu = server.usage().cpuSeconds();
        Thread.sleep(20_000);
        row(
                "processor of the idle server",
                "%.1f %%",
                (server.usage().cpuSeconds() - cpu) / 20 * 100);
    }

    /**
     * Does the work, and waits until so many tenants say that they are Active. Throws IOException
     * when they do not within the limit.
     */
    private static void ready(StartedServer server, int count, Work work)
            throws IOException, InterruptedException {
        CountDownLatch watching = new CountDownLatch(1);
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Thread watcher =
                new Thread(() -> {
                    try (Connection connection = new Connection(Endpoint.of(server.operator()))) {
                        connection.watch(
                                TenantLoad.TENANTS
                                        + "?watch=true&timeoutSeconds="
                                        + LIMIT.toSeconds());
                        watching.countDown();
                        new ActiveTenants(count + 1).follow(connection);
                    } catch (IOException | RuntimeException e) {
                        failure.set(e);
                        watching.countDown();
                    }
                });
        watcher.start();
        watching.await();
        work.run();
        watcher.join();
        if (failure.get() != null) {
            throw new IOException("the watch of the tenants failed", failure.get());
        }
    }

    @FunctionalInterface
    private interface Work {
        void run() throws IOException, InterruptedException;
    }
}
