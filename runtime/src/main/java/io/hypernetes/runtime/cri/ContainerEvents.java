package io.hypernetes.runtime.cri;

import io.hypernetes.cri.v1.ContainerEventResponse;
import io.hypernetes.cri.v1.ContainerEventType;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Tells listeners of changes. Who falls behind is cut off and has to list again, rather than miss
 * something unknowingly.
 */
final class ContainerEvents {

    private static final int MAX_QUEUED = 1000;

    private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
    private final Messages messages;

    ContainerEvents(Messages messages) {
        this.messages = messages;
    }

    /** One listener. */
    static final class Subscriber {
        private final BlockingQueue<Optional<ContainerEventResponse>> queue =
                new ArrayBlockingQueue<>(MAX_QUEUED + 1);

        /** The next event; empty when there will be no more. */
        Optional<ContainerEventResponse> next() throws InterruptedException {
            return queue.take();
        }
    }

    Subscriber subscribe() {
        Subscriber subscriber = new Subscriber();
        subscribers.add(subscriber);
        return subscriber;
    }

    void unsubscribe(Subscriber subscriber) {
        subscribers.remove(subscriber);
        boolean unused = subscriber.queue.offer(Optional.empty());
    }

    void publish(ContainerEventType type, String id, Sandbox sandbox) {
        if (subscribers.isEmpty()) {
            return;
        }
        ContainerEventResponse event =
                ContainerEventResponse.newBuilder()
                        .setContainerId(id)
                        .setContainerEventType(type)
                        .setCreatedAt(Times.now())
                        .setPodSandboxStatus(messages.status(sandbox))
                        .addAllContainersStatuses(messages.containerStatuses(sandbox))
                        .build();
        for (Subscriber subscriber : subscribers) {
            if (subscriber.queue.size() >= MAX_QUEUED
                    || !subscriber.queue.offer(Optional.of(event))) {
                unsubscribe(subscriber);
            }
        }
    }

    /** Ends all subscriptions. */
    void close() {
        subscribers.forEach(this::unsubscribe);
    }
}
