package io.hypernetes.bench.api;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * So many clients, each sending its next request when it has the answer to the last. A phase ends
 * when all its requests are answered, or at its time limit.
 */
final class ClosedLoop {

    /** The request with this number, on a client's connection; returns the answer's status. */
    interface Request {
        int send(Connection connection, int number) throws IOException;
    }

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int STACK_BYTES = 1 << 18;

    private final Endpoint endpoint;
    private final ServerUsage server;
    private final Duration limit;

    ClosedLoop(Endpoint endpoint, ServerUsage server) {
        this(endpoint, server, LIMIT);
    }

    ClosedLoop(Endpoint endpoint, ServerUsage server, Duration limit) {
        this.endpoint = endpoint;
        this.server = server;
        this.limit = limit;
    }

    /** Throws IOException when any answer is not {@code expected}. */
    Figures run(int clients, int requests, int expected, Request request)
            throws IOException, InterruptedException {
        AtomicInteger next = new AtomicInteger();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        CountDownLatch connected = new CountDownLatch(clients);
        CountDownLatch go = new CountDownLatch(1);
        List<Client> all = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            Client client = new Client(next, requests, expected, request);
            all.add(client);
            Runnable work = () -> client.work(connected, go, failure);
            threads.add(new Thread(null, work, "client-" + i, STACK_BYTES));
        }
        threads.forEach(Thread::start);
        connected.await();
        ServerUsage.Processor before = server.processor();
        long start = System.nanoTime();
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        if (failure.get() != null) {
            throw new IOException("a client of the load failed", failure.get());
        }
        return figures(all, seconds, server.processor().since(before));
    }

    private Figures figures(List<Client> clients, double seconds, ServerUsage.Processor used)
            throws IOException {
        long[] nanos = clients.stream().flatMapToLong(Client::latencies).sorted().toArray();
        long bytes = clients.stream().mapToLong(client -> client.bytes).sum();
        return new Figures(nanos.length, seconds, nanos, bytes, used, server.residentMebibytes());
    }

    /** Used by its own thread, and read when that has ended. */
    private final class Client {
        private final AtomicInteger next;
        private final int requests;
        private final int expected;
        private final Request request;
        private long[] nanos = new long[1024];
        private int count;
        private long bytes;

        Client(AtomicInteger next, int requests, int expected, Request request) {
            this.next = next;
            this.requests = requests;
            this.expected = expected;
            this.request = request;
        }

        java.util.stream.LongStream latencies() {
            return Arrays.stream(nanos, 0, count);
        }

        void work(
                CountDownLatch connected,
                CountDownLatch go,
                AtomicReference<@Nullable Throwable> failure) {
            try (Connection connection = new Connection(endpoint)) {
                connected.countDown();
                go.await();
                loop(connection);
            } catch (IOException | InterruptedException | RuntimeException e) {
                failure.compareAndSet(null, e);
                connected.countDown();
            }
        }

        private void loop(Connection connection) throws IOException {
            long end = System.nanoTime() + limit.toNanos();
            for (int i = next.getAndIncrement(); i < requests; i = next.getAndIncrement()) {
                long start = System.nanoTime();
                if (start > end) {
                    return;
                }
                int status = request.send(connection, i);
                if (status != expected) {
                    throw new IOException(
                            status + " instead of " + expected + ": " + text(connection));
                }
                if (count == nanos.length) {
                    nanos = Arrays.copyOf(nanos, count * 2);
                }
                nanos[count++] = System.nanoTime() - start;
                bytes += connection.length();
            }
        }

        private static String text(Connection connection) {
            String text = connection.text();
            return text.substring(0, Math.min(text.length(), 300));
        }
    }
}
