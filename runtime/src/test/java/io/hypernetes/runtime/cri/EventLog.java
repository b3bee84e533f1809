package io.hypernetes.runtime.cri;

import io.grpc.Context;
import io.hypernetes.cri.v1.ContainerEventResponse;
import io.hypernetes.cri.v1.ContainerEventType;
import io.hypernetes.cri.v1.GetEventsRequest;
import io.hypernetes.cri.v1.RuntimeServiceGrpc;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The runtime's events since it was opened. */
final class EventLog implements AutoCloseable {

    private final Context.CancellableContext context = Context.current().withCancellation();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private final List<ContainerEventResponse> events = new ArrayList<>();

    EventLog(RuntimeServiceGrpc.RuntimeServiceBlockingStub runtime) {
        Thread.ofVirtual()
                .start(
                        context.wrap(() -> {
                            Iterator<ContainerEventResponse> stream =
                                    runtime.getContainerEvents(
                                            GetEventsRequest.getDefaultInstance());
                            try {
                                while (stream.hasNext()) {
                                    add(stream.next());
                                }
                            } catch (io.grpc.StatusRuntimeException e) {
                                add(ContainerEventResponse.getDefaultInstance());
                            }
                        }));
    }

    private void add(ContainerEventResponse event) {
        lock.lock();
        try {
            events.add(event);
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void await(String id, ContainerEventType type) throws InterruptedException {
        lock.lock();
        try {
            long left = TimeUnit.SECONDS.toNanos(30);
            while (events.stream()
                    .noneMatch(event ->
                            event.getContainerId().equals(id)
                                    && event.getContainerEventType() == type)) {
                if (left <= 0) {
                    throw new AssertionError("no " + type + " of " + id + " among " + events);
                }
                left = more.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        context.cancel(null);
    }
}
