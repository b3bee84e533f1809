package io.hypernetes.bench.api;

import io.hypernetes.httpclient.Kubeconfig;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A tenant that does all it can to keep a server busy, until its standard input ends: lists of
 * everything, objects of nearly 3 MiB, watches opened in storms, lists that are read byte by byte,
 * connections that only shake hands. A program of its own, so that what is measured elsewhere does
 * not wait for it.
 */
final class Noise {
    private static final String EVERYTHING = "/api/v1/configmaps";
    private static final int LARGE = 2_900_000;
    private static final int STACK_BYTES = 1 << 18;

    private final Endpoint endpoint;
    private final String large = "x".repeat(LARGE);
    private final Map<String, AtomicLong> done = new TreeMap<>();
    private final AtomicInteger names = new AtomicInteger();

    private Noise(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    private interface Work {
        void once(Connection connection) throws IOException, InterruptedException;
    }

    /** Arguments: a kubeconfig file. */
    public static void main(String[] arguments) throws IOException {
        Noise noise = new Noise(Endpoint.of(Kubeconfig.read(Path.of(arguments[0]))));
        noise.start("lists of everything", 24, connection -> connection.get(EVERYTHING));
        noise.start("3 MiB writes", 16, noise::write);
        noise.start("watches", 32, noise::watch);
        noise.start("slow readers", 16, noise::readSlowly);
        noise.start("connections", 12, _ -> noise.connect());
        // Whoever started this ends it by closing the pipe, also when it dies.
        while (System.in.read() >= 0) {}
        noise.done.forEach((what, count) -> System.out.println(what + ": " + count));
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private void start(String what, int threads, Work work) {
        AtomicLong count = done.computeIfAbsent(what, _ -> new AtomicLong());
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            all.add(new Thread(null, () -> loop(count, work), what, STACK_BYTES));
        }
        all.forEach(thread -> {
            thread.setDaemon(true);
            thread.start();
        });
    }

    private void loop(AtomicLong count, Work work) {
        while (true) {
            try (Connection connection = new Connection(endpoint)) {
                while (true) {
                    work.once(connection);
                    count.incrementAndGet();
                }
            } catch (IOException _) {
                count.incrementAndGet(); // cut off: begins anew
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void write(Connection connection) throws IOException {
        String name = "large-" + names.incrementAndGet() % 64;
        String path = QuietLoad.MAPS + "/" + name;
        String object =
                "{\"metadata\":{\"name\":\"%s\"},\"binaryData\":{},\"data\":{\"a\":\"%s\"}}"
                        .formatted(name, large);
        byte[] body = object.getBytes(StandardCharsets.US_ASCII);
        if (connection.post(QuietLoad.MAPS, body) == 409) {
            connection.call("DELETE", path, new byte[0], "");
        }
    }

    private void watch(Connection connection) throws IOException {
        connection.watch(EVERYTHING + "?watch=true&timeoutSeconds=1");
        while (connection.nextEvent()) {}
        throw new IOException("the next watch has a connection of its own");
    }

    private void readSlowly(Connection connection) throws IOException, InterruptedException {
        connection.ask(EVERYTHING);
        for (int i = 0; i < 20; i++) {
            Thread.sleep(500);
            connection.readABit();
        }
        throw new IOException("enough of this list");
    }

    private void connect() throws IOException {
        try (Socket plain = endpoint.connect()) {
            endpoint.secure(plain).close();
        }
    }
}
