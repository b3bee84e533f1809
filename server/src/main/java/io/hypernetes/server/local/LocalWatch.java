package io.hypernetes.server.local;

import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.client.Watch;
import io.hypernetes.api.client.WatchEvent;
import io.hypernetes.server.registry.ServedEvent;
import io.hypernetes.server.registry.ServedWatch;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/** A watch that hands out one event at a time; each reader's tree is its own. */
final class LocalWatch implements Watch {
    private final ServedWatch watch;

    /** The reading thread's. */
    private final Queue<ServedEvent> ready = new ArrayDeque<>();

    LocalWatch(ServedWatch watch) {
        this.watch = watch;
    }

    @Override
    public Optional<WatchEvent> next(Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        while (ready.isEmpty()) {
            long left = Math.max(0, end - System.nanoTime());
            ready.addAll(
                    watch.poll(Duration.ofNanos(left))
                            .orElseThrow(() -> new IllegalStateException("the watch is closed"))
                            .events());
            // Events outside the selection wake us too: go on for what is left of the time.
            if (ready.isEmpty() && left == 0) {
                return Optional.empty();
            }
        }
        ServedEvent event = ready.remove();
        return Optional.of(new WatchEvent(event.type(), new TenantObject(event.object())));
    }

    @Override
    public void close() {
        watch.close();
    }
}
