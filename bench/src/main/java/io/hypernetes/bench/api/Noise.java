package io.hypernetes.bench.api;

import io.hypernetes.httpclient.Kubeconfig;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A tenant that does all it can to keep a server busy. A program of its own, so that what is
 * measured elsewhere does not wait for it, and from addresses of its own, as other machines have: a
 * flood of connections must not keep its own other clients out.
 *
 * <p>A line on its standard input names the kinds that are to go on from now, the next one ends
 * them; then it tells how much was done and how much refused. It ends with its input.
 */
final class Noise {
    private static final String EVERYTHING = "/api/v1/configmaps";
    private static final String TEMPLATES = "/api/v1/namespaces/default/podtemplates";
    private static final int VARIABLES = 1_000;
    private static final int VARIABLE = 2_800;
    private static final int LARGE_NAMES = 64;
    private static final int STACK_BYTES = 1 << 18;

    /** Of the first kind's clients; the others have those after it, as other machines would. */
    private static final int FIRST_ADDRESS = 2;

    private static final int OK = 200;
    private static final int REFUSED = 400;
    private static final int CONFLICT = 409;

    private final Endpoint endpoint;
    private final String large = template();
    private final AtomicInteger names = new AtomicInteger();

    private Noise(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    private interface Work {
        /** The status of the answer. */
        int once(Connection connection) throws IOException, InterruptedException;
    }

    /** Arguments: a kubeconfig file. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Endpoint endpoint = Endpoint.of(Kubeconfig.read(Path.of(arguments[0])));
        Noise noise = new Noise(endpoint);
        BufferedReader commands =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            List<Clients> clients = new ArrayList<>();
            for (String kind : line.split(" ", -1)) {
                clients.add(noise.start(NoiseKind.valueOf(kind)));
            }
            if (commands.readLine() == null) {
                break;
            }
            for (Clients kind : clients) {
                kind.end();
            }
            long done = clients.stream().mapToLong(kind -> kind.done.get()).sum();
            long refused = clients.stream().mapToLong(kind -> kind.refused.get()).sum();
            System.out.println(done + " " + refused);
        }
        Runtime.getRuntime().halt(0);
    }

    private Clients start(NoiseKind kind) {
        return new Clients(
                kind,
                switch (kind) {
                    case LISTS -> connection -> connection.get(EVERYTHING);
                    case WRITES -> this::write;
                    case WATCHES -> Noise::watch;
                    case READERS -> Noise::readSlowly;
                    case CONNECTIONS -> _ -> OK;
                });
    }

    private int write(Connection connection) throws IOException {
        String name = "large-" + names.incrementAndGet() % LARGE_NAMES;
        byte[] body = large.replace("NAME", name).getBytes(StandardCharsets.US_ASCII);
        int status = connection.post(TEMPLATES, body);
        return status == CONFLICT
                ? connection.call("DELETE", TEMPLATES + "/" + name, new byte[0], "")
                : status;
    }

    /** Of all kinds without a controller the one that may be the largest. */
    private static String template() {
        String value = "x".repeat(VARIABLE);
        String variables =
                IntStream.range(0, VARIABLES)
                        .mapToObj(i -> "{\"name\":\"V%d\",\"value\":\"%s\"}".formatted(i, value))
                        .collect(Collectors.joining(","));
        return """
        {"metadata":{"name":"NAME"},"template":{"spec":{"containers":[{"name":"c",\
        "image":"registry.example/pause:1","env":[%s]}]}}}\
        """
                .formatted(variables);
    }

    private static int watch(Connection connection) throws IOException {
        connection.watch(EVERYTHING + "?watch=true&timeoutSeconds=1");
        while (connection.nextEvent()) {}
        return OK;
    }

    private static int readSlowly(Connection connection) throws IOException, InterruptedException {
        connection.ask(EVERYTHING);
        for (int i = 0; i < 20; i++) {
            Thread.sleep(500);
            connection.readABit();
        }
        return OK;
    }

    /** Those of one kind. */
    private final class Clients {
        private final NoiseKind kind;
        private final Work work;
        private final AtomicLong done = new AtomicLong();

        /** Or cut off. */
        private final AtomicLong refused = new AtomicLong();

        private final Set<Connection> open = ConcurrentHashMap.newKeySet();
        private final List<Thread> threads = new ArrayList<>();
        private final Endpoint from;
        private volatile boolean ended;

        Clients(NoiseKind kind, Work work) {
            this.kind = kind;
            this.work = work;
            this.from = endpoint.from(address(kind));
            for (int i = 0; i < kind.clients(); i++) {
                Thread thread = new Thread(null, this::loop, kind.toString(), STACK_BYTES);
                thread.setDaemon(true);
                threads.add(thread);
            }
            threads.forEach(Thread::start);
        }

        private void loop() {
            while (!ended) {
                try {
                    try {
                        converse();
                    } catch (IOException _) {
                        refused.incrementAndGet(); // begins anew
                    }
                    Thread.sleep(kind.pause());
                } catch (InterruptedException _) {
                    return;
                }
            }
        }

        private void converse() throws IOException, InterruptedException {
            try (Connection connection = new Connection(from)) {
                open.add(connection);
                try {
                    do {
                        boolean taken = work.once(connection) < REFUSED;
                        (taken ? done : refused).incrementAndGet();
                    } while (!ended && !kind.connectsAnew());
                } finally {
                    open.remove(connection);
                }
            }
        }

        /** Returns when all of them are gone. */
        void end() throws InterruptedException {
            ended = true;
            for (Thread thread : threads) {
                while (thread.isAlive()) {
                    thread.interrupt();
                    open.forEach(Clients::cut);
                    thread.join(100);
                }
            }
        }

        private static InetAddress address(NoiseKind kind) {
            byte[] bytes = {127, 0, 0, (byte) (FIRST_ADDRESS + kind.ordinal())};
            try {
                return InetAddress.getByAddress(bytes);
            } catch (UnknownHostException e) {
                throw new IllegalStateException("four bytes are an address", e);
            }
        }

        private static void cut(Connection connection) {
            try {
                connection.close();
            } catch (IOException _) {
                // It is gone as well.
            }
        }
    }
}
