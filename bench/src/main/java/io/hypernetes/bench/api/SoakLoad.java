package io.hypernetes.bench.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The churn of a soak: objects come, change three times and go, so many clients at once, while
 * others watch, list in pages and come again. The number of objects at any moment is the same all
 * the time.
 */
final class SoakLoad {

    /** Objects that are there at any moment, half of them pods, half config maps. */
    static final int ALIVE = 2_000;

    private static final int CHANGES = 3;
    private static final int PAGE = 250;
    private static final int WATCH_SECONDS = 20;
    private static final byte[] NOTHING = {};

    private final Endpoint endpoint;
    private final ServerUsage server;
    private final Duration length;
    private final AtomicLong writes = new AtomicLong();
    private final AtomicLong events = new AtomicLong();
    private final List<Throwable> failures = new ArrayList<>();
    private volatile boolean over;

    SoakLoad(Endpoint endpoint, ServerUsage server, Duration length) {
        this.endpoint = endpoint;
        this.server = server;
        this.length = length;
    }

    long writes() {
        return writes.get();
    }

    long events() {
        return events.get();
    }

    /** Returns after the soak's length; throws what any client met. */
    void run(int clients, int watchers) throws IOException, InterruptedException {
        List<Thread> readers = new ArrayList<>();
        for (int i = 0; i < watchers; i++) {
            String path = i % 2 == 0 ? Manifests.PODS : Manifests.CONFIG_MAPS;
            readers.add(Thread.ofVirtual().start(() -> untilOver(c -> watch(c, path))));
        }
        readers.add(Thread.ofVirtual().start(() -> untilOver(this::list)));
        try {
            new ClosedLoop(endpoint, server, length)
                    .run(clients, Integer.MAX_VALUE, 200, this::life);
        } finally {
            over = true;
        }
        for (Thread reader : readers) {
            reader.join();
        }
        synchronized (failures) {
            if (!failures.isEmpty()) {
                throw new IOException("a reader of the soak failed", failures.getFirst());
            }
        }
    }

    /** One object comes and changes; the one that came so many before it goes. */
    private int life(Connection connection, int number) throws IOException {
        boolean pod = number % 2 == 0;
        String collection = pod ? Manifests.PODS : Manifests.CONFIG_MAPS;
        byte[] object = pod ? Manifests.pod(name(number)) : Manifests.configMap(name(number));
        wrote(connection, 201, connection.post(collection, object));
        for (int i = 0; i < CHANGES; i++) {
            wrote(
                    connection,
                    200,
                    connection.call(
                            "PATCH",
                            collection + "/" + name(number),
                            Manifests.note(i + number),
                            Connection.MERGE_PATCH));
        }
        if (number < ALIVE) {
            return connection.get(collection + "/" + name(number));
        }
        int gone = connection.call("DELETE", collection + "/" + name(number - ALIVE), NOTHING, "");
        wrote(connection, 200, gone);
        return gone;
    }

    private void wrote(Connection connection, int expected, int status) throws IOException {
        if (status != expected) {
            throw new IOException(status + " instead of " + expected + ": " + connection.text());
        }
        writes.incrementAndGet();
    }

    private static String name(int number) {
        return String.format(Locale.ROOT, "soak-%d", number);
    }

    private interface Reading {
        void read(Connection connection) throws IOException;
    }

    private void untilOver(Reading reading) {
        while (!over) {
            try (Connection connection = new Connection(endpoint)) {
                reading.read(connection);
            } catch (IOException | RuntimeException e) {
                synchronized (failures) {
                    failures.add(e);
                }
                return;
            }
        }
    }

    /** From now on, for a while. */
    private void watch(Connection connection, String collection) throws IOException {
        connection.watch(
                collection
                        + "?watch=true&allowWatchBookmarks=true&timeoutSeconds="
                        + WATCH_SECONDS);
        while (connection.nextEvent()) {
            events.incrementAndGet();
        }
    }

    /** All pods, page by page: each holds on to the state of the first. */
    private void list(Connection connection) throws IOException {
        String next = "";
        do {
            int status = connection.get(Manifests.PODS + "?limit=" + PAGE + next);
            if (status == 410) {
                return; // the churn was faster than the pages
            }
            if (status != 200) {
                throw new IOException(status + ": " + connection.text());
            }
            next = continuation(connection);
        } while (!next.isEmpty() && !over);
    }

    private static String continuation(Connection connection) {
        String head =
                new String(
                        connection.body(),
                        0,
                        Math.min(connection.length(), 1_000),
                        StandardCharsets.UTF_8);
        String key = "\"continue\":\"";
        int start = head.indexOf(key);
        if (start < 0) {
            return "";
        }
        int from = start + key.length();
        return "&continue=" + head.substring(from, head.indexOf('"', from));
    }
}
