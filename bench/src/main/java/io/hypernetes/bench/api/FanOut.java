package io.hypernetes.bench.api;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Many watchers of one collection; each must see every object that is then created, once. */
final class FanOut {

    private static final int WRITERS = 32;
    private static final long PATIENCE_SECONDS = 120;
    private static final int STACK_BYTES = 1 << 18;

    private final Endpoint endpoint;
    private final ServerUsage server;

    FanOut(Endpoint endpoint, ServerUsage server) {
        this.endpoint = endpoint;
        this.server = server;
    }

    /** Its figures count delivered events; there are no latencies. */
    Figures run(int watchers, int events) throws IOException, InterruptedException {
        String from = revision();
        CountDownLatch watching = new CountDownLatch(watchers);
        CountDownLatch done = new CountDownLatch(watchers);
        AtomicLong bytes = new AtomicLong();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < watchers; i++) {
            Runnable work =
                    () -> {
                        try {
                            bytes.addAndGet(watch(from, events, watching));
                        } catch (IOException | RuntimeException e) {
                            failure.compareAndSet(null, e);
                            watching.countDown();
                        } finally {
                            done.countDown();
                        }
                    };
            Thread thread = new Thread(null, work, "watcher-" + i, STACK_BYTES);
            thread.setDaemon(true);
            threads.add(thread);
        }
        threads.forEach(Thread::start);
        watching.await();
        ServerUsage.Processor before = server.processor();
        long start = System.nanoTime();
        String mark = "w" + Long.toString(System.nanoTime(), 36) + "-";
        new ClosedLoop(endpoint, server)
                .run(
                        WRITERS,
                        events,
                        201,
                        (connection, number) ->
                                connection.post(Manifests.PODS, Manifests.pod(mark + number)));
        if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS) || failure.get() != null) {
            throw new IOException("not every watcher saw every event", failure.get());
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Figures(
                (long) watchers * events,
                seconds,
                new long[0],
                bytes.get(),
                server.processor().since(before),
                server.residentMebibytes());
    }

    private String revision() throws IOException {
        try (Connection connection = new Connection(endpoint)) {
            connection.get(Manifests.PODS + "?limit=1");
            String text = connection.text();
            String key = "\"resourceVersion\":\"";
            int start = text.indexOf(key) + key.length();
            return text.substring(start, text.indexOf('"', start));
        }
    }

    private long watch(String from, int events, CountDownLatch watching) throws IOException {
        byte[] added = "{\"type\":\"ADDED\"".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        long bytes = 0;
        try (Connection connection = new Connection(endpoint)) {
            connection.watch(
                    Manifests.PODS + "?watch=true&resourceVersion=" + from + "&timeoutSeconds=300");
            watching.countDown();
            for (int seen = 0; seen < events; ) {
                if (!connection.nextEvent()) {
                    throw new IOException("a watch ended after " + seen + " events");
                }
                bytes += connection.length();
                if (Arrays.mismatch(connection.body(), 0, added.length, added, 0, added.length)
                        < 0) {
                    seen++;
                }
            }
        }
        return bytes;
    }
}
