package io.hypernetes.bench.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

final class WarmUpTest {

    @Test
    void endsWhenRoundsCostTheSame() {
        assertThat(WarmUp.isSteady(List.of(14.0, 6.0, 4.1, 4.0, 4.1, 4.0, 4.1, 4.0))).isTrue();
    }

    @Test
    void tooFewRoundsSayNothing() {
        assertThat(WarmUp.isSteady(List.of(4.0, 4.0, 4.0, 4.0, 4.0))).isFalse();
    }

    @Test
    void aSlowDescentGoesOn() {
        assertThat(WarmUp.isSteady(List.of(4.60, 4.50, 4.40, 4.30, 4.25, 4.20))).isFalse();
    }

    @Test
    void aRoundThatCostMoreByChanceDoesNotEndIt() {
        assertThat(WarmUp.isSteady(List.of(5.0, 4.0, 4.0, 4.0, 4.0, 6.0))).isFalse();
    }
}
