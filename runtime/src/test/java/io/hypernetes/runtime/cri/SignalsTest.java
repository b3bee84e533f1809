package io.hypernetes.runtime.cri;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.cri.v1.Signal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignalsTest {

    @ParameterizedTest
    @CsvSource({
        "SIGTERM, 15",
        "TERM, 15",
        "sigint, 2",
        "SIGQUIT, 3",
        "9, 9",
        "SIGSYS, 31",
        "SIGRTMIN, 34",
        "SIGRTMIN+3, 37",
        "SIGRTMAX-1, 63",
        "SIGRTMAX, 64",
        "SIGIOT, 6",
        "'', 15",
        "nonsense, 15",
        "99, 15"
    })
    void namesAndNumbersOfImagesAreUnderstood(String text, int number) {
        assertThat(Signals.number(text)).isEqualTo(number);
    }

    @Test
    void everySignalOfCriHasALinuxNumber() {
        for (Signal signal : Signal.values()) {
            if (signal != Signal.UNRECOGNIZED) {
                assertThat(Signals.stopSignal(signal, "")).as(signal.name()).isBetween(1, 64);
            }
        }
        assertThat(Signals.stopSignal(Signal.SIGNAL_SIGUSR1, "SIGINT")).isEqualTo(10);
        assertThat(Signals.stopSignal(Signal.SIGNAL_SIGRTMAXMINUS14, "")).isEqualTo(50);
        assertThat(Signals.stopSignal(Signal.SIGNAL_RUNTIME_DEFAULT, "SIGINT")).isEqualTo(2);
    }
}
