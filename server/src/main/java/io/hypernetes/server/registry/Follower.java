package io.hypernetes.server.registry;

import io.hypernetes.api.ApiException;
import io.hypernetes.store.StoreException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Follows the objects of an extent for somebody who keeps something in step with them: on one
 * virtual thread, from the beginning again whenever the watch is lost, until it is closed. What may
 * take long is done {@link #apart}. When {@link #close} has returned nothing is at work any more.
 */
public final class Follower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
    private static final Duration RETRY = Duration.ofMillis(500);

    /** Who does not heed its interruption is left behind. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** What is done about them; called by the follower's thread alone. */
    public interface Duty {
        /** Following begins, not only the first time; these are there. */
        default void begin(List<Served> all) {}

        default void see(ServedEvent event) {}

        /** Called at the beginning, after events, and after the time it answered last. */
        Duration work();
    }

    private final Reads reads;
    private final Extent extent;
    private final Duty duty;
    private final Thread thread;
    private final Set<Thread> apart = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    public Follower(String name, Reads reads, Extent extent, Duty duty) {
        this.reads = reads;
        this.extent = extent;
        this.duty = duty;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** Whether what is still under way should be left as it is. */
    public boolean isClosed() {
        return closed;
    }

    /** Does something on a virtual thread of its own; failures are told of. */
    public void apart(String name, Runnable action) {
        Thread own = Thread.ofVirtual().name(name).unstarted(() -> alone(name, action));
        apart.add(own);
        own.start();
        if (closed) {
            own.interrupt();
        }
    }

    private void alone(String name, Runnable action) {
        try {
            action.run();
        } catch (ApiException | StoreException e) {
            tell(name, e);
        } finally {
            apart.remove(Thread.currentThread());
        }
    }

    private void tell(String what, RuntimeException e) {
        if (closed) {
            LOG.debug("{} ends: {}", what, e.getMessage());
        } else {
            LOG.warn("{}: {}", what, e.getMessage());
        }
    }

    private void run() {
        try {
            while (!closed) {
                try {
                    follow();
                } catch (ApiException | StoreException e) {
                    tell(thread.getName() + " begins again", e);
                    Thread.sleep(RETRY);
                }
            }
        } catch (InterruptedException _) {
            LOG.debug("{} ends", thread.getName());
        }
    }

    private void follow() throws InterruptedException {
        try (ServedWatch watch = reads.watch(extent, reads.revision())) {
            duty.begin(reads.listCurrent(extent));
            while (!closed) {
                Optional<ServedWatch.Batch> batch = watch.poll(duty.work());
                if (batch.isEmpty()) {
                    closed = true; // the registry ends
                    return;
                }
                batch.get().events().forEach(duty::see);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        apart.forEach(Thread::interrupt);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            await(thread, deadline);
            for (Thread own : apart) {
                await(own, deadline);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await(Thread thread, long deadline) throws InterruptedException {
        Duration left = Duration.ofNanos(deadline - System.nanoTime());
        if (left.isPositive() && thread.getState() != Thread.State.NEW) {
            thread.join(left);
        }
    }
}
