package io.hypernetes.runtime.cri;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class DemandTest {

    private final Demand demand = new Demand(2, 5, Duration.ofNanos(100));

    @Test
    void withoutAnyTheLeastStandBy() {
        assertThat(demand.at(0)).isEqualTo(2);
        demand.asked(0);
        assertThat(demand.at(0)).isEqualTo(2);
    }

    @Test
    void asManyAsWereAskedForLatelyStandBy() {
        for (int i = 0; i < 4; i++) {
            demand.asked(i);
        }
        assertThat(demand.at(50)).isEqualTo(4);
        assertThat(demand.at(101)).isEqualTo(3);
        assertThat(demand.at(1_000)).isEqualTo(2);
    }

    @Test
    void neverMoreThanTheMost() {
        for (int i = 0; i < 50; i++) {
            demand.asked(i);
        }
        assertThat(demand.at(60)).isEqualTo(5);
    }

    @Test
    void whoWantsNoneHasNone() {
        Demand none = new Demand(0, 0, Duration.ofNanos(100));
        none.asked(0);
        assertThat(none.at(0)).isZero();
    }
}
