package io.hypernetes.bench.api;

import io.hypernetes.bench.Scratch;
import io.hypernetes.httpclient.Kubeconfig;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code ./hypernetes bench neighbours [SECONDS [ROUNDS [KIND]]]}: how long a quiet tenant waits
 * for reads and writes while it is alone, and while another does one kind of what a loud one can
 * do, and all of it. Alone and beside it take turns, so many rounds of so many seconds each: what
 * else this machine does meanwhile is in both, and what it does to a {@link Bystander}. With the
 * usual six rounds of four seconds it takes twelve minutes.
 */
public final class NeighboursBench {

    private static final int SECONDS = 4;
    private static final int ROUNDS = 6;
    private static final Duration WARM_UP_ROUND = Duration.ofSeconds(2);
    private static final long WARM_UP_LIMIT_NANOS = Duration.ofMinutes(1).toNanos();

    /** Until a noise is as loud as it gets, and until what it left behind is gone. */
    private static final Duration SETTLE = Duration.ofSeconds(1);

    private static final String ALL = "ALL";
    private static final int OBJECTS = 1_000;
    private static final String QUIET = "quiet";
    private static final String NOISY = "noisy";

    private final StartedServer server;
    private final QuietLoad quiet;
    private final NoiseProcess noise;
    private final Duration time;
    private final int rounds;

    private NeighboursBench(
            StartedServer server, QuietLoad quiet, NoiseProcess noise, Duration time, int rounds) {
        this.server = server;
        this.quiet = quiet;
        this.noise = noise;
        this.time = time;
        this.rounds = rounds;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : SECONDS;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : ROUNDS;
        List<EnumSet<NoiseKind>> noises = noises(arguments.length > 2 ? arguments[2] : "");
        if (noises.isEmpty()) {
            System.err.println(
                    "no kind of noise: "
                            + arguments[2]
                            + ". There are "
                            + EnumSet.allOf(NoiseKind.class).stream().map(Enum::name).toList()
                            + " and "
                            + ALL);
            System.exit(2);
        }
        Path home = Path.of(System.getProperty("hypernetes.home", "."));
        Path scratch = Scratch.folder(home, "bench-neighbours");
        try (StartedServer server = StartedServer.guarded(home, scratch, "api,controllers")) {
            Endpoint quiet = Endpoint.of(tenant(server, QUIET));
            Kubeconfig noisy = tenant(server, NOISY);
            fill(server, Endpoint.of(noisy));
            Path config = scratch.resolve("noisy.kubeconfig");
            noisy.write(config, NOISY, Optional.empty());
            try (NoiseProcess noise = new NoiseProcess(config);
                    Bystander bystander = new Bystander()) {
                QuietLoad load = new QuietLoad(quiet, bystander);
                new NeighboursBench(server, load, noise, Duration.ofSeconds(seconds), rounds)
                        .measure(noises);
            }
        }
    }

    /**
     * What is measured one after the other: each kind, then all of them at once; or what is asked
     * for.
     */
    private static List<EnumSet<NoiseKind>> noises(String asked) {
        EnumSet<NoiseKind> all = EnumSet.allOf(NoiseKind.class);
        if (asked.equals(ALL)) {
            return List.of(all);
        }
        if (asked.isEmpty()) {
            return Stream.concat(all.stream().map(EnumSet::of), Stream.of(all)).toList();
        }
        return all.stream()
                .filter(kind -> kind.name().equals(asked))
                .findFirst()
                .map(kind -> List.of(EnumSet.of(kind)))
                .orElseGet(List::of);
    }

    private static void fill(StartedServer server, Endpoint endpoint)
            throws IOException, InterruptedException {
        new ClosedLoop(endpoint, server.usage())
                .run(
                        8,
                        OBJECTS,
                        201,
                        (connection, number) ->
                                connection.post(
                                        QuietLoad.MAPS, Manifests.configMap("map-" + number)));
    }

    private void measure(List<EnumSet<NoiseKind>> noises) throws IOException, InterruptedException {
        warmUp();
        for (EnumSet<NoiseKind> kinds : noises) {
            noise.begin(kinds);
            warmUp();
            noise.end();
        }
        System.out.println(
                "| beside | its rate | reads alone: p50, p99 ms | beside it | p99 | writes alone |"
                        + " beside it | p99 | a bystander's p99 | processors | refused |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|---|");
        for (EnumSet<NoiseKind> kinds : noises) {
            compare(kinds.size() == 1 ? kinds.iterator().next().toString() : "all of it", kinds);
        }
    }

    /**
     * The compiler's time is not counted: what is measured goes on by itself before, until there is
     * hardly anything left to compile.
     */
    private void warmUp() throws IOException, InterruptedException {
        long end = System.nanoTime() + WARM_UP_LIMIT_NANOS;
        List<WarmUp.Round> rounds = new ArrayList<>();
        while (!WarmUp.isWarm(rounds) && System.nanoTime() < end) {
            ServerUsage.Processor before = server.usage().processor();
            quiet.warmUp(WARM_UP_ROUND);
            rounds.add(
                    new WarmUp.Round(
                            WARM_UP_ROUND.toMillis() / 1e3,
                            server.usage().processor().since(before),
                            0));
        }
    }

    private void compare(String what, EnumSet<NoiseKind> kinds)
            throws IOException, InterruptedException {
        List<QuietLoad.Latencies> alone = new ArrayList<>();
        List<QuietLoad.Latencies> beside = new ArrayList<>();
        long done = 0;
        long refused = 0;
        double cpu = 0;
        for (int i = 0; i < rounds; i++) {
            Thread.sleep(SETTLE);
            alone.add(quiet.run(time));
            noise.begin(kinds);
            Thread.sleep(SETTLE);
            double before = server.usage().cpuSeconds();
            beside.add(quiet.run(time));
            cpu += server.usage().cpuSeconds() - before;
            NoiseProcess.Done count = noise.end();
            done += count.done();
            refused += count.refused();
        }
        double loud = (time.plus(SETTLE).toMillis() * rounds) / 1e3;
        print(
                what,
                String.format(Locale.ROOT, "%.0f/s, %.0f refused", done / loud, refused / loud),
                QuietLoad.Latencies.of(alone),
                QuietLoad.Latencies.of(beside),
                cpu / (time.toMillis() * rounds / 1e3));
    }

    private static void print(
            String what,
            String rate,
            QuietLoad.Latencies alone,
            QuietLoad.Latencies beside,
            double processors) {
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %.1f, %.1f | %.1f, %.1f | **%.1f x** | %.1f, %.1f | %.1f, %.1f |"
                        + " **%.1f x** | %.1f, %.1f | %.1f | %d |%n",
                what,
                rate,
                alone.read(50),
                alone.read(99),
                beside.read(50),
                beside.read(99),
                beside.read(99) / alone.read(99),
                alone.write(50),
                alone.write(99),
                beside.write(50),
                beside.write(99),
                beside.write(99) / alone.write(99),
                alone.bystander(99),
                beside.bystander(99),
                processors,
                alone.refused() + beside.refused());
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
}
