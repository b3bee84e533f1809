package io.hypernetes.runtime.cri;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.Callable;

/** Answers calls with one result. */
final class Calls {

    private static final Logger LOG = LoggerFactory.getLogger(Calls.class);

    private Calls() {}

    /** Answers with what the action returns, or with the status of what it throws. */
    static <T> void answer(StreamObserver<T> observer, Callable<T> action) {
        T result;
        try {
            result = action.call();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(observer, e);
            return;
        } catch (Exception e) {
            fail(observer, e);
            return;
        }
        observer.onNext(result);
        observer.onCompleted();
    }

    /** Ends a call with the status of this failure. */
    static void fail(StreamObserver<?> observer, Throwable failure) {
        Status status = Failures.status(failure);
        if (status.getCode() == Status.Code.INTERNAL) {
            // The caller gets a sentence; what a developer needs stays here.
            LOG.warn("a call failed", failure);
        }
        observer.onError(status.asRuntimeException());
    }
}
