package io.hypernetes.runtime.agent;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;

/**
 * Hands the ends of containers to the listener, each once and in order, on a thread of its own. The
 * queue is bounded: a guest that reports more than it can have containers breaks the protocol.
 */
final class ContainerExits implements AutoCloseable {

    private static final int MAX_WAITING = 1024;

    private final BlockingQueue<Optional<ContainerStatus>> waiting =
            new ArrayBlockingQueue<>(MAX_WAITING + 1);
    private final String name;

    /** Guarded by this. */
    private final Set<String> told = new HashSet<>();

    /** Guarded by this. */
    private Optional<Consumer<ContainerStatus>> listener = Optional.empty();

    /** Guarded by this. */
    private boolean running;

    ContainerExits(String name) {
        this.name = name;
    }

    /** On the channel's reader. Without a listener, the list of containers will tell. */
    void received(byte[] payload) {
        ended(ContainerFields.status(new FieldReader(payload)));
    }

    synchronized void ended(ContainerStatus status) {
        if (listener.isEmpty() || told.contains(status.id())) {
            return;
        }
        if (waiting.size() >= MAX_WAITING) {
            throw new BreachException("too many ends of containers");
        }
        told.add(status.id());
        waiting.add(Optional.of(status));
    }

    synchronized void forget(String containerId) {
        told.remove(containerId);
    }

    synchronized void listen(Consumer<ContainerStatus> next) {
        listener = Optional.of(next);
        if (!running) {
            running = true;
            Thread.ofVirtual().name("container ends of " + name).start(this::tell);
        }
    }

    @Override
    public synchronized void close() {
        waiting.clear();
        waiting.add(Optional.empty());
    }

    private void tell() {
        try {
            for (var next = waiting.take(); next.isPresent(); next = waiting.take()) {
                current().accept(next.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized Consumer<ContainerStatus> current() {
        return listener.orElseThrow();
    }
}
