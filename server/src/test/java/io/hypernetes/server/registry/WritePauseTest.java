package io.hypernetes.server.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status;
import io.hypernetes.api.Status.Reason;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class WritePauseTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final WritePause pause = new WritePause();

    @Test
    void whoComesDuringThePauseIsToldWhenToComeAgain() throws InterruptedException {
        pause.during(
                () -> {
                    assertThatThrownBy(pause::enter)
                            .isInstanceOfSatisfying(
                                    ApiException.class, WritePauseTest::assertComesAgain);
                    return true;
                },
                LONG);
        pause.enter().close();
    }

    private static void assertComesAgain(ApiException e) {
        assertThat(e.status().reason()).isEqualTo(Reason.SERVICE_UNAVAILABLE);
        assertThat(e.status().details().map(Status.Details::retryAfterSeconds)).contains(1);
    }

    @Test
    void thePauseBeginsWhenTheWritesThatAreUnderWayHaveEnded() throws InterruptedException {
        WritePause.Pass writing = pause.enter();
        Thread.startVirtualThread(() -> {
            // Refused, that is: the pause is wanted from now on.
            while (true) {
                try {
                    pause.enter().close();
                    Thread.onSpinWait();
                } catch (ApiException e) {
                    writing.close();
                    return;
                }
            }
        });
        assertThat(pause.during(() -> "alone", LONG)).isEqualTo("alone");
    }

    @Test
    void writesThatDoNotEndPreventThePauseAndGoOn() {
        WritePause.Pass writing = pause.enter();
        assertThatThrownBy(() -> pause.during(() -> "alone", Duration.ofMillis(1)))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("nothing was changed");
        pause.enter().close();
        writing.close();
    }
}
