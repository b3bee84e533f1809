package io.hypernetes.bench.api;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Rounds of all operations until they cost no less than before. The compiler of a server in Java,
 * and of this program, works through the first ten thousands of requests of a kind: what is
 * measured meanwhile is the compiler. A server that needs none of it is through soon.
 */
final class WarmUp {
    private static final long LIMIT_NANOS = 240_000_000_000L;

    /** So many rounds are compared with as many before them. */
    private static final int SPAN = 3;

    /** What differs by less than a twentieth is the same. */
    private static final double SAME = 0.95;

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
        while (!isSteady(costs) && System.nanoTime() < end) {
            costs.add(round(clients, watchers, "warm-" + costs.size() + "-"));
        }
        return String.format(
                Locale.ROOT,
                "warm-up: %d rounds; the first took %.1f s of the server's processor, the last"
                        + " %.1f",
                costs.size(),
                costs.getFirst(),
                costs.getLast());
    }

    /**
     * Whether the last rounds cost as much as each other, and as much as those before them: a round
     * by chance no better than the best does not end it, nor does a slow descent.
     */
    static boolean isSteady(List<Double> costs) {
        int rounds = costs.size();
        if (rounds < 2 * SPAN) {
            return false;
        }
        List<Double> last = costs.subList(rounds - SPAN, rounds);
        List<Double> before = costs.subList(rounds - 2 * SPAN, rounds - SPAN);
        return Collections.min(last) > SAME * Collections.max(last)
                && sum(last) > SAME * sum(before);
    }

    private static double sum(List<Double> costs) {
        return costs.stream().mapToDouble(Double::doubleValue).sum();
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
