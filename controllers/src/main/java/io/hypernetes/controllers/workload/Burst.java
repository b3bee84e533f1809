package io.hypernetes.controllers.workload;

import io.hypernetes.api.ApiException;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The same call many times at once, slowly at first: one, two, four, … A call that fails for a
 * reason that holds for all of them (a quota, an admission policy) is so made once, not hundreds of
 * times.
 */
final class Burst {
    /** The most calls of one look; the next look makes the rest. */
    static final int MOST = 500;

    /**
     * @param done how many succeeded
     * @param failure why it was not all of them
     */
    record Outcome(int done, Optional<ApiException> failure) {}

    private Burst() {}

    static Outcome slowly(List<? extends Callable<?>> calls) throws InterruptedException {
        int done = 0;
        int size = 1;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            while (done < calls.size()) {
                int end = Math.min(calls.size(), done + size);
                Outcome batch = together(threads, calls.subList(done, end));
                done += batch.done();
                if (batch.failure().isPresent()) {
                    return new Outcome(done, batch.failure());
                }
                size *= 2;
            }
        }
        return new Outcome(done, Optional.empty());
    }

    private static Outcome together(ExecutorService threads, List<? extends Callable<?>> calls)
            throws InterruptedException {
        List<Future<?>> running = new ArrayList<>(calls.size());
        for (Callable<?> call : calls) {
            running.add(threads.submit(call));
        }
        int done = 0;
        Optional<ApiException> failure = Optional.empty();
        for (Future<?> one : running) {
            try {
                one.get();
                done++;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof ApiException refused)) {
                    throw new IllegalStateException("a call of a burst failed", e.getCause());
                }
                failure = failure.or(() -> Optional.of(refused));
            }
        }
        return new Outcome(done, failure);
    }
}
