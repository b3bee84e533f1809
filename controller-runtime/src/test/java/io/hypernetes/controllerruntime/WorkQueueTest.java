package io.hypernetes.controllerruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class WorkQueueTest {

    private final WorkQueue<String> queue = new WorkQueue<>();

    @Test
    void aKeyAddedTwiceIsWorkedOnOnce() throws InterruptedException {
        queue.add("a");
        queue.add("a");
        assertThat(queue.take()).isEqualTo("a");
        queue.done("a");
        assertThat(queue.size()).isZero();
    }

    @Test
    void aKeyAddedDuringItsWorkComesAgainAfterwards() throws InterruptedException {
        queue.add("a");
        queue.take();
        queue.add("a");
        assertThat(queue.size()).isZero();
        queue.done("a");
        assertThat(queue.take()).isEqualTo("a");
    }

    @Test
    void theEarlierOfTwoDueTimesCounts() throws InterruptedException {
        queue.add("late", Duration.ofDays(1));
        queue.add("late", Duration.ZERO);
        assertThat(queue.take()).isEqualTo("late");
        queue.done("late");
        assertThat(queue.size()).isZero();
    }

    @Test
    void aDueKeyPassesOneThatWaits() throws InterruptedException {
        queue.add("later", Duration.ofDays(1));
        queue.add("now");
        assertThat(queue.take()).isEqualTo("now");
    }

    @Test
    void closingEndsATake() {
        queue.close();
        assertThatThrownBy(queue::take).isInstanceOf(InterruptedException.class);
    }
}
