package io.hypernetes.bench.api;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Rounds of all operations until they cost no less than before. The compiler of a server in Java,
 * and of this program, works through the first ten thousands of requests of a kind: what is
 * measured meanwhile is the compiler. A server that needs none of it is through at once.
 */
final class WarmUp {
    private static final int FEWEST = 6;
    private static final int MOST = 40;
    private static final long LIMIT_NANOS = 240_000_000_000L;

    /** So many rounds without a better one end it; better is by a twentieth. */
    private static final int FLAT = 4;

    private static final double BETTER = 0.95;
    private static final int OBJECTS = 1_000;
    private static final int EVENTS = 50;
    private static final byte[] NOTHING = {};

    private final Endpoint endpoint;
    private final ServerUsage server;
    private final ClosedLoop load;

    WarmUp(Endpoint endpoint, ServerUsage server) {
        this.endpoint = endpoint;
        this.server = server;
        this.load = new ClosedLoop(endpoint, server);
    }

    /** Returns a sentence about it. */
    String run(int clients, int watchers) throws IOException, InterruptedException {
        long end = System.nanoTime() + LIMIT_NANOS;
        List<Double> costs = new ArrayList<>();
        int best = 0;
        while (costs.size() < FEWEST
                || (costs.size() < MOST
                        && costs.size() - 1 - best < FLAT
                        && System.nanoTime() < end)) {
            costs.add(round(clients, watchers, "warm-" + costs.size() + "-"));
            if (costs.getLast() < BETTER * costs.get(best)) {
                best = costs.size() - 1;
            }
        }
        return String.format(
                Locale.ROOT,
                "warm-up: %d rounds; the first took %.1f s of the server's processor, the last"
                        + " %.1f",
                costs.size(),
                costs.getFirst(),
                costs.getLast());
    }

    /** What it cost: processor time of the server, or time where that is unknown. */
    private double round(int clients, int watchers, String name)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        double cpu = server.cpuSeconds();
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
        return server == ServerUsage.ELSEWHERE
                ? (System.nanoTime() - start) / 1e9
                : server.cpuSeconds() - cpu;
    }

    private static String pod(String name) {
        return Manifests.PODS + "/" + name;
    }
}
