package io.hypernetes.server.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Tenant;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** What controllers spend on the webhooks of one tenant. */
class ControllersCallsTest {
    private static final Tenant SLOW = new Tenant("slow");
    private static final Tenant OTHER = new Tenant("other");

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5); // clocks wrap round
    private final ControllersCalls calls = new ControllersCalls(now::get);

    private String taking(Tenant tenant, Duration time) throws WebhookException {
        return calls.within(
                tenant,
                "hook",
                () -> {
                    now.addAndGet(time.toNanos());
                    return "answer";
                });
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void quickWebhooksAreAskedAsOftenAsOneLikes() throws WebhookException {
        for (int i = 0; i < 100; i++) {
            assertThat(taking(SLOW, Duration.ofMillis(900))).isEqualTo("answer");
        }
        assertThat(calls.remembered()).isZero();
    }

    @Test
    void aSlowOneGetsATenthOfTheTime() throws WebhookException {
        assertThat(taking(SLOW, Duration.ofSeconds(10))).isEqualTo("answer");
        pass(Duration.ofSeconds(99));
        assertThatThrownBy(() -> taking(SLOW, Duration.ZERO))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("webhook \"hook\" of tenant \"slow\" is slow");
        assertThat(taking(OTHER, Duration.ZERO)).as("another's writes go on").isEqualTo("answer");
        pass(Duration.ofSeconds(2));
        assertThat(taking(SLOW, Duration.ZERO)).isEqualTo("answer");
        assertThat(calls.remembered()).isZero();
    }

    @Test
    void theThirdDoesNotWaitBesideTwo() throws WebhookException {
        String answer =
                calls.within(
                        SLOW,
                        "a",
                        () ->
                                calls.within(
                                        SLOW,
                                        "b",
                                        () -> {
                                            assertThatThrownBy(() -> taking(SLOW, Duration.ZERO))
                                                    .isInstanceOf(ApiException.class);
                                            return taking(OTHER, Duration.ZERO);
                                        }));
        assertThat(answer).isEqualTo("answer");
        assertThat(taking(SLOW, Duration.ZERO)).isEqualTo("answer");
        assertThat(calls.remembered()).isZero();
    }

    @Test
    void aFailureIsTimeAsWell() {
        assertThatThrownBy(() ->
                        calls.within(
                                SLOW,
                                "hook",
                                () -> {
                                    pass(Duration.ofSeconds(30));
                                    throw new WebhookException("late");
                                }))
                .isInstanceOf(WebhookException.class);
        assertThatThrownBy(() -> taking(SLOW, Duration.ZERO)).isInstanceOf(ApiException.class);
    }
}
