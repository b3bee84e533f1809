package io.hypernetes.bench.api;

import java.io.IOException;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Rounds of all operations until there is hardly anything left to compile, in the server and in
 * this program. The compiler of a program in Java works through the first ten thousands of requests
 * of a kind: what is measured meanwhile is the compiler. So its own processor time tells when it is
 * over; what a round costs does not, for one has a collection more than another.
 */
final class WarmUp {
    private static final long LIMIT_NANOS = 300_000_000_000L;

    /** So many rounds in a row must be nearly without compilation. */
    private static final int SPAN = 3;

    private static final int LEAST = 6;

    /** Of the server's processor time, and of the time. */
    private static final double HARDLY = 0.05;

    private static final int OBJECTS = 1_000;
    private static final int EVENTS = 50;
    private static final byte[] NOTHING = {};
    private static final CompilationMXBean COMPILER = ManagementFactory.getCompilationMXBean();

    private final Endpoint endpoint;
    private final ServerUsage server;
    private final ClosedLoop load;

    WarmUp(Endpoint endpoint, ServerUsage server) {
        this.endpoint = endpoint;
        this.server = server;
        this.load = new ClosedLoop(endpoint, server);
    }

    /**
     * What a round cost.
     *
     * @param server NaN where that is unknown
     * @param ownCompiler seconds
     */
    record Round(double seconds, ServerUsage.Processor server, double ownCompiler) {
        boolean isWarm() {
            // Of a server that is not known nothing is: NaN is not more than anything.
            return !(server.compiler() > HARDLY * server.seconds())
                    && ownCompiler <= HARDLY * seconds;
        }
    }

    /** Returns a sentence about it. */
    String run(int clients, int watchers) throws IOException, InterruptedException {
        long end = System.nanoTime() + LIMIT_NANOS;
        List<Round> rounds = new ArrayList<>();
        while (!isWarm(rounds) && System.nanoTime() < end) {
            rounds.add(round(clients, watchers, "warm-" + rounds.size() + "-"));
        }
        return String.format(
                Locale.ROOT,
                "warm-up: %d rounds%s; the first took %.1f s of the server's processor, %.1f of"
                        + " them its compiler's, the last %.2f and %.2f",
                rounds.size(),
                isWarm(rounds) ? "" : ", **ended at the time limit**",
                rounds.getFirst().server.seconds(),
                rounds.getFirst().server.compiler(),
                rounds.getLast().server.seconds(),
                rounds.getLast().server.compiler());
    }

    static boolean isWarm(List<Round> rounds) {
        return rounds.size() >= LEAST
                && rounds.subList(rounds.size() - SPAN, rounds.size()).stream()
                        .allMatch(Round::isWarm);
    }

    private Round round(int clients, int watchers, String name)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        ServerUsage.Processor before = server.processor();
        long compiled = COMPILER.getTotalCompilationTime();
        load.run(clients, OBJECTS, 201, (c, i) -> c.post(Manifests.PODS, Manifests.pod(name + i)));
        load.run(clients, 3 * OBJECTS, 200, (c, i) -> c.get(pod(name + i % OBJECTS)));
        load.run(clients, OBJECTS / 20, 200, (c, _) -> c.get(Manifests.PODS));
        load.run(
                clients,
                OBJECTS,
                200,
                (c, i) ->
                        c.call("PATCH", pod(name + i), Manifests.note(i), Connection.MERGE_PATCH));
        load.run(
                clients,
                OBJECTS,
                200,
                (c, i) -> c.call("DELETE", pod(name + i) + "?gracePeriodSeconds=0", NOTHING, ""));
        load.run(
                clients,
                OBJECTS / 2,
                201,
                (c, i) -> c.post(Manifests.CONFIG_MAPS, Manifests.configMap(name + i)));
        load.run(clients, OBJECTS / 20, 200, (c, _) -> c.get(Manifests.CONFIG_MAPS));
        new FanOut(endpoint, server).run(watchers, EVENTS);
        try (Connection connection = new Connection(endpoint)) {
            connection.call("DELETE", Manifests.CONFIG_MAPS, NOTHING, "");
            connection.call("DELETE", Manifests.PODS + "?gracePeriodSeconds=0", NOTHING, "");
        }
        return new Round(
                (System.nanoTime() - start) / 1e9,
                server.processor().since(before),
                (COMPILER.getTotalCompilationTime() - compiled) / 1e3);
    }

    private static String pod(String name) {
        return Manifests.PODS + "/" + name;
    }
}
