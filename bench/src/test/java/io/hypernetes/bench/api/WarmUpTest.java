package io.hypernetes.bench.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.bench.api.ServerUsage.Processor;
import io.hypernetes.bench.api.WarmUp.Round;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;

final class WarmUpTest {

    private static List<Round> rounds(double... compilers) {
        return Arrays.stream(compilers)
                .mapToObj(compiler -> new Round(2, new Processor(2, compiler, 0.1), 0))
                .toList();
    }

    @Test
    void endsWhenHardlyAnythingIsCompiled() {
        assertThat(WarmUp.isWarm(rounds(1.5, 1, 0.5, 0.05, 0.02, 0.04))).isTrue();
    }

    @Test
    void tooFewRoundsSayNothing() {
        assertThat(WarmUp.isWarm(rounds(0, 0, 0, 0, 0))).isFalse();
    }

    @Test
    void theCompilerComesAgain() {
        assertThat(WarmUp.isWarm(rounds(1.5, 1, 0.05, 0.05, 0.5, 0.05, 0.05))).isFalse();
    }

    @Test
    void soDoesThatOfTheLoad() {
        assertThat(new Round(2, new Processor(2, 0, 0.1), 0.3).isWarm()).isFalse();
    }

    @Test
    void ofAServerElsewhereOnlyTheLoadIsKnown() {
        Processor unknown = new Processor(Double.NaN, Double.NaN, Double.NaN);
        assertThat(new Round(2, unknown, 0).isWarm()).isTrue();
        assertThat(new Round(2, unknown, 1).isWarm()).isFalse();
    }
}
