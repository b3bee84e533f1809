package io.hypernetes.runtime.cri;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A streaming call turned into blocking code on a virtual thread of its own: {@link #next} asks the
 * client for one message at a time and {@link #send} waits while the client does not read, so both
 * directions have back-pressure and neither can block the other (messages never wait in a
 * callback).
 */
final class Duplex<I, O> implements StreamObserver<I> {

    /** The code that serves the call. Returning completes it, throwing fails it. */
    interface Body<I, O> {
        void serve(Duplex<I, O> call) throws Exception;
    }

    private final ServerCallStreamObserver<O> call;

    /** At most one message, as one is asked for at a time, and the end. */
    private final BlockingQueue<Optional<I>> inbound = new LinkedBlockingQueue<>();

    /** Guards sending, which the observer leaves to us. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private volatile boolean ended;

    /** Guarded by {@link #lock}. */
    private Runnable cancel = () -> {};

    private Duplex(ServerCallStreamObserver<O> call) {
        this.call = call;
    }

    /** To be called by a method of a service, which returns what this returns. */
    static <I, O> StreamObserver<I> serve(StreamObserver<O> observer, Body<I, O> body) {
        ServerCallStreamObserver<O> call = (ServerCallStreamObserver<O>) observer;
        Duplex<I, O> duplex = new Duplex<>(call);
        call.disableAutoRequest();
        call.setOnReadyHandler(duplex::wake);
        call.setOnCancelHandler(duplex::cancelled);
        Thread.ofVirtual().name("call").start(() -> duplex.run(body));
        return duplex;
    }

    private void run(Body<I, O> body) {
        try {
            body.serve(this);
            end(call::onCompleted);
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            end(() -> Calls.fail(call, e));
        }
    }

    private void end(Runnable last) {
        lock.lock();
        try {
            ended = true;
            if (!call.isCancelled()) {
                last.run();
            }
        } finally {
            lock.unlock();
        }
        inbound.add(Optional.empty());
    }

    /** The next message; empty when the client has said all or is gone. For one thread. */
    Optional<I> next() throws InterruptedException {
        if (ended) {
            return Optional.empty();
        }
        call.request(1);
        return inbound.take();
    }

    /** Sends, waiting for the client to take what was sent before. For many threads. */
    void send(O message) throws InterruptedException {
        lock.lock();
        try {
            while (!call.isReady() && !call.isCancelled() && !ended) {
                changed.await();
            }
            if (call.isCancelled() || ended) {
                throw Status.CANCELLED.withDescription("the client is gone").asRuntimeException();
            }
            call.onNext(message);
        } finally {
            lock.unlock();
        }
    }

    /** Runs this when the client goes away; at once when it has. */
    void onCancel(Runnable action) {
        lock.lock();
        try {
            cancel = action;
        } finally {
            lock.unlock();
        }
        if (call.isCancelled()) {
            action.run();
        }
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void cancelled() {
        Runnable action;
        lock.lock();
        try {
            action = cancel;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        inbound.add(Optional.empty());
        action.run();
    }

    @Override
    public void onNext(I message) {
        inbound.add(Optional.of(message));
    }

    @Override
    public void onError(Throwable t) {
        inbound.add(Optional.empty());
    }

    @Override
    public void onCompleted() {
        inbound.add(Optional.empty());
    }
}
