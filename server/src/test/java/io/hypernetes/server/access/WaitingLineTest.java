package io.hypernetes.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.server.flow.Flow;
import io.hypernetes.server.flow.PriorityLevel;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

class WaitingLineTest {
    private final WaitingLine<String> line = new WaitingLine<>();

    private static Flow flow(String level, int shares, String distinguisher) {
        return new Flow(
                "uid",
                new PriorityLevel(level, level, level.equals("exempt"), shares, false, 100),
                distinguisher);
    }

    private List<String> all() {
        List<String> order = new ArrayList<>();
        for (String next = line.poll(); next != null; next = line.poll()) {
            order.add(next);
        }
        return order;
    }

    @Test
    void flowsOfALevelTakeTurns() {
        for (int i = 0; i < 3; i++) {
            line.add(flow("low", 10, "alice"), "a" + i);
        }
        line.add(flow("low", 10, "bob"), "b0");
        assertThat(line.size(flow("low", 10, "alice"))).isEqualTo(3);
        assertThat(all()).containsExactly("a0", "b0", "a1", "a2");
        assertThat(line.isEmpty()).isTrue();
    }

    @Test
    void theExemptGoFirst() {
        line.add(flow("low", 10, "alice"), "a");
        line.add(flow("exempt", 1, ""), "e");
        line.sit(flow("exempt", 1, ""));
        assertThat(all()).containsExactly("e", "a");
    }

    @Test
    void whoGivesUpLeavesNothing() {
        Flow alice = flow("low", 10, "alice");
        line.add(alice, "a");
        line.remove(alice, "a");
        assertThat(line.size()).isZero();
        assertThat(line.size(alice)).isZero();
        line.add(alice, "b");
        assertThat(all()).containsExactly("b");
    }

    /**
     * As long as all want more, each level has seats by its shares: for up to five levels the
     * method of Sainte-Laguë is never off by two.
     */
    @Property(tries = 2_000)
    void seatsGoByShares(
            @ForAll @Size(min = 1, max = 5) List<@IntRange(min = 1, max = 40) Integer> shares,
            @ForAll @IntRange(min = 1, max = 128) int seats) {
        WaitingLine<Flow> waiting = new WaitingLine<>();
        List<Flow> flows = new ArrayList<>();
        for (int i = 0; i < shares.size(); i++) {
            flows.add(flow("level" + i, shares.get(i), "f"));
            for (int k = 0; k < seats; k++) {
                waiting.add(flows.get(i), flows.get(i));
            }
        }
        int[] seated = new int[flows.size()];
        for (int i = 0; i < seats; i++) {
            Flow next = Objects.requireNonNull(waiting.poll());
            waiting.sit(next);
            seated[flows.indexOf(next)]++;
        }
        int sum = shares.stream().mapToInt(Integer::intValue).sum();
        for (int i = 0; i < seated.length; i++) {
            double due = (double) seats * shares.get(i) / sum;
            assertThat(seated[i]).isBetween((int) Math.floor(due) - 1, (int) Math.ceil(due) + 1);
        }
    }
}
