package io.hypernetes.node;

import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A call with streams in both directions and back-pressure in both: the next message is asked for
 * when the last has been taken, and a sender waits while the transport is full.
 *
 * <p>{@code lock} guards the sending side.
 *
 * @param <I> what is sent
 * @param <O> what comes back
 */
final class GuestCall<I, O> implements ClientResponseObserver<I, O> {

    /** Takes a message; a failure ends the call. */
    @FunctionalInterface
    interface Receiver<O> {
        void received(O message) throws IOException;
    }

    private final Receiver<O> receiver;
    private final Consumer<Status> ended;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final AtomicReference<@Nullable ClientCallStreamObserver<I>> stream =
            new AtomicReference<>();
    private boolean over;

    GuestCall(Receiver<O> receiver, Consumer<Status> ended) {
        this.receiver = receiver;
        this.ended = ended;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<I> requests) {
        stream.set(requests);
        requests.disableAutoRequestWithInitial(1);
        requests.setOnReadyHandler(this::wake);
    }

    @Override
    public void onNext(O message) {
        try {
            receiver.received(message);
            open().request(1);
        } catch (IOException e) {
            open().cancel("the reader has gone", e);
        }
    }

    @Override
    public void onError(Throwable failure) {
        finish(Status.fromThrowable(failure));
    }

    @Override
    public void onCompleted() {
        finish(Status.OK);
    }

    private void finish(Status status) {
        lock.lock();
        try {
            over = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        ended.accept(status);
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Sends at once; for small messages. Nothing when the call is over. */
    void send(I message) {
        lock.lock();
        try {
            if (!over) {
                open().onNext(message);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the transport has room. */
    void sendWhenReady(I message) throws IOException {
        lock.lock();
        try {
            while (!over && !open().isReady()) {
                changed.await();
            }
            if (over) {
                throw new IOException("the other side has ended");
            }
            open().onNext(message);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while sending", e);
        } finally {
            lock.unlock();
        }
    }

    /** No more will be sent. */
    void endOfInput() {
        lock.lock();
        try {
            if (!over) {
                open().onCompleted();
            }
        } finally {
            lock.unlock();
        }
    }

    void cancel() {
        open().cancel("closed", null);
    }

    private ClientCallStreamObserver<I> open() {
        ClientCallStreamObserver<I> requests = stream.get();
        if (requests == null) {
            throw new IllegalStateException("the call has not been started");
        }
        return requests;
    }
}
