package io.hypernetes.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What the time of an answer tells. Two questions are asked in turn and their times ranked against
 * each other (Mann and Whitney): no limit of time, so that a busy machine changes nothing.
 */
class TimingIT {
    private static final int ROUNDS = 100;
    private static final int TRIES = 3;

    /** Standard deviations: were both the same, once in 15,000 tries, and three times in a row. */
    private static final double MOST = 4;

    /** How far two series are from being one, in standard deviations. */
    private static double distance(Installation it, String token, String first, String second) {
        record Time(long nanos, boolean ofFirst) {}
        List<Time> times = new ArrayList<>();
        for (int i = 0; i < 2 * ROUNDS; i++) {
            boolean ofFirst = i % 2 == 0;
            long begin = System.nanoTime();
            it.ask(token, ofFirst ? first : second);
            times.add(new Time(System.nanoTime() - begin, ofFirst));
        }
        Collections.sort(times, (a, b) -> Long.compare(a.nanos(), b.nanos()));
        double ranks = 0;
        for (int i = 0; i < times.size(); i++) {
            ranks += times.get(i).ofFirst() ? i + 1 : 0;
        }
        double mean = ROUNDS * (2 * ROUNDS + 1) / 2.0;
        double deviation = Math.sqrt(ROUNDS * (double) ROUNDS * (2 * ROUNDS + 1) / 12.0);
        return Math.abs(ranks - mean) / deviation;
    }

    private static void indistinguishable(
            Installation it, String token, String first, String second) {
        assertThat(it.get(token, first).status()).isEqualTo(it.get(token, second).status());
        double least = Double.MAX_VALUE;
        for (int i = 0; i < TRIES && least > MOST; i++) {
            least = Math.min(least, distance(it, token, first, second));
        }
        assertThat(least).as(first + " and " + second).isLessThanOrEqualTo(MOST);
    }

    @Attempt(
            id = "TIMING-1",
            tries = "how long 403 takes for a tenant that exists, and for one that does not",
            result =
                    "the same words, and times that a rank test cannot tell apart: membership is"
                            + " asked first, then nothing is looked up")
    void tenantsThatExist(Installation it) {
        String rest = "/api/v1/namespaces/default/secrets/gold";
        indistinguishable(it, it.boss, "/tenants/globex" + rest, "/tenants/nobody" + rest);
    }

    @Attempt(
            id = "TIMING-2",
            tries = "how long 404 takes for a name that globex has, and for one that nobody has",
            result = "the same: the look-up is in acme's range alone")
    void namesThatOthersHave(Installation it) {
        String maps = "/api/v1/namespaces/vault/configmaps/";
        assertThat(it.get(it.boss, maps + "only-of-globex").status()).isEqualTo(404);
        indistinguishable(it, it.boss, maps + "only-of-globex", maps + "only-of-nobody");
    }

    @Attempt(
            id = "TIMING-3",
            tries =
                    "how long 403 takes for an object that exists in the own world, and for one"
                            + " that does not, without rights",
            result = "the same: rights are asked before anything is looked up")
    void objectsWithoutRights(Installation it) {
        String secrets = "/api/v1/namespaces/default/secrets/";
        indistinguishable(it, it.clerk, secrets + "gold", secrets + "none");
    }
}
