package io.hypernetes.bench.api;

import io.hypernetes.httpclient.Kubeconfig;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code ./hypernetes bench neighbours [SECONDS]}: how long a quiet tenant waits for reads and
 * writes while it is alone, while another makes a hundred times its load, and alone again.
 */
public final class NeighboursBench {

    private static final int SECONDS = 30;
    private static final int OBJECTS = 1_000;
    private static final String QUIET = "quiet";
    private static final String NOISY = "noisy";

    private NeighboursBench() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Duration time =
                Duration.ofSeconds(arguments.length > 0 ? Integer.parseInt(arguments[0]) : SECONDS);
        Path home = Path.of(System.getProperty("hypernetes.home", "."));
        Path target = Files.createDirectories(home.resolve("target")).toAbsolutePath();
        Path scratch = Files.createTempDirectory(target, "bench-neighbours");
        try (StartedServer server = new StartedServer(home, scratch, "api,controllers")) {
            measure(server, scratch, time);
        } finally {
            try (var files = Files.walk(scratch)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void measure(StartedServer server, Path scratch, Duration time)
            throws IOException, InterruptedException {
        Endpoint quiet = Endpoint.of(tenant(server, QUIET));
        Kubeconfig noisy = tenant(server, NOISY);
        new ClosedLoop(Endpoint.of(noisy), server.usage())
                .run(
                        8,
                        OBJECTS,
                        201,
                        (connection, number) ->
                                connection.post(
                                        QuietLoad.MAPS, Manifests.configMap("map-" + number)));
        QuietLoad load = new QuietLoad(quiet);
        load.run(time); // the compiler's time, not counted
        System.out.println(
                "| quiet tenant | reads: p50 ms | p99 | writes: p50 ms | p99 | refused |");
        System.out.println("|---|---|---|---|---|---|");
        QuietLoad.Latencies alone = row("alone", load.run(time));
        Path config = scratch.resolve("noisy.kubeconfig");
        noisy.write(config, NOISY, Optional.empty());
        double cpu = server.usage().cpuSeconds();
        QuietLoad.Latencies beside;
        try (Running noise = new Running(config)) {
            Thread.sleep(5_000);
            beside = row("beside the noise", load.run(time));
            noise.end();
        }
        double busy = (server.usage().cpuSeconds() - cpu) / (time.toSeconds() + 5);
        QuietLoad.Latencies after = row("alone again", load.run(time));
        double reads = Math.max(alone.read(99), after.read(99));
        double writes = Math.max(alone.write(99), after.write(99));
        System.out.printf(
                Locale.ROOT,
                "%n- p99 beside the noise is %.1f times that of reads alone, %.1f times that of"
                        + " writes; the server took %.1f processors for both tenants%n",
                beside.read(99) / reads,
                beside.write(99) / writes,
                busy);
    }

    private static QuietLoad.Latencies row(String what, QuietLoad.Latencies of) {
        System.out.printf(
                Locale.ROOT,
                "| %s | %.1f | %.1f | %.1f | %.1f | %d |%n",
                what,
                of.read(50),
                of.read(99),
                of.write(50),
                of.write(99),
                of.refused());
        return of;
    }

    /** A new tenant's administrator. */
    private static Kubeconfig tenant(StartedServer server, String name)
            throws IOException, InterruptedException {
        String world = "/tenants/" + name;
        byte[] tenant =
                """
                {"apiVersion":"hypernetes.io/v1","kind":"Tenant","metadata":{"name":"%s"},\
                "spec":{"security":{"namespaceLimits":false}}}\
                """
                        .formatted(name)
                        .getBytes(StandardCharsets.UTF_8);
        try (Connection connection = new Connection(Endpoint.of(server.operator()))) {
            if (connection.post(TenantLoad.TENANTS, tenant) != 201) {
                throw new IOException(connection.text());
            }
            while (connection.get(world + "/api/v1/namespaces/default/serviceaccounts/default")
                    != 200) {
                Thread.sleep(20);
            }
        }
        return server.administrator(world);
    }

    /** The noise, as a process of a lower priority; it ends with this one. */
    private static final class Running implements AutoCloseable {
        private final Process process;

        Running(Path config) throws IOException {
            process =
                    new ProcessBuilder(
                                    List.of(
                                            "nice",
                                            "-n",
                                            "5",
                                            Path.of(System.getProperty("java.home"), "bin", "java")
                                                    .toString(),
                                            "-Xmx1g",
                                            "-XX:+UseSerialGC",
                                            "-cp",
                                            System.getProperty("java.class.path"),
                                            Noise.class.getName(),
                                            config.toString()))
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
        }

        /** Prints what it did. */
        void end() throws IOException {
            process.getOutputStream().close();
            String text =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            System.err.println("the noise: " + String.join(", ", text.lines().toList()));
        }

        @Override
        public void close() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }
    }
}
