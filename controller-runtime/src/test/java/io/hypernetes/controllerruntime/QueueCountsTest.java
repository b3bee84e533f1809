package io.hypernetes.controllerruntime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

class QueueCountsTest {

    @Test
    void whatAControllersQueueHadIsCounted() throws InterruptedException {
        AtomicBoolean failed = new AtomicBoolean();
        CountDownLatch worked = new CountDownLatch(1);
        Reconciler<String> reconciler =
                key -> {
                    if (failed.compareAndSet(false, true)) {
                        throw new IllegalStateException("the first time it fails");
                    }
                    worked.countDown();
                    return new Reconciler.Result.Again(Duration.ofHours(1));
                };
        QueueCounts counts = QueueCounts.of("counted");
        try (Controller<String> controller = new Controller<>("counted", 1, reconciler).start()) {
            controller.enqueue("key");
            worked.await();
            assertThat(QueueCounts.all()).containsEntry("counted", counts);
            for (int i = 0; i < 6000 && counts.depth() == 0; i++) {
                Thread.sleep(10);
            }
            assertThat(counts.depth()).as("it waits for its hour").isEqualTo(1);
            assertThat(counts.adds()).as("asked for, failed, again").isEqualTo(3);
            assertThat(counts.retries()).isEqualTo(1);
        }
        assertThat(counts.depth()).as("of a controller that has ended").isZero();
    }
}
