package io.hypernetes.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.scheduler.SchedulingQueue.Taken;
import io.hypernetes.scheduler.plugin.Trigger;

import org.junit.jupiter.api.Test;

import java.util.Set;

class SchedulingQueueTest {

    private final SchedulingQueue queue = new SchedulingQueue();

    private static ObjectKey pod(String name) {
        return new ObjectKey(new Tenant("acme"), "default", name);
    }

    /** Not after a backoff: a claim is bound a moment after its pod was found to need it. */
    @Test
    void aClaimThatIsBoundBringsItsPodBackAtOnce() throws InterruptedException {
        queue.add(pod("often-refused"), 10);
        Taken refused = queue.take();
        for (int tries = 0; tries < 5; tries++) {
            queue.park(refused, Set.of(Trigger.NODE_CHANGED));
        }
        queue.add(pod("with-claim"), 0);
        queue.park(queue.take(), Set.of(Trigger.NODE_CHANGED, Trigger.CLAIM_CHANGED));

        queue.happened(Trigger.NODE_CHANGED);
        queue.happened(Trigger.CLAIM_CHANGED);

        assertThat(queue.take().key()).isEqualTo(pod("with-claim"));
    }
}
