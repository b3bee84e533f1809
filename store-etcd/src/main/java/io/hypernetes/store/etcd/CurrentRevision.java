package io.hypernetes.store.etcd;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;

/**
 * Asks for the newest revision, linearizably, once for all who want to know it at the same time: an
 * answer serves those who came before its question was asked.
 */
final class CurrentRevision {

    private final LongSupplier question;

    /** Guards the rest. */
    private final Object lock = new Object();

    private @Nullable CompletableFuture<Long> next;
    private boolean asking;

    CurrentRevision(LongSupplier question) {
        this.question = question;
    }

    long get() {
        CompletableFuture<Long> mine;
        boolean ask;
        synchronized (lock) {
            if (next == null) {
                next = new CompletableFuture<>();
            }
            mine = next;
            ask = !asking;
            asking = true;
        }
        if (ask) {
            ask();
        }
        try {
            return mine.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private void ask() {
        CompletableFuture<Long> turn;
        synchronized (lock) {
            turn = next;
            next = null;
            if (turn == null) {
                asking = false;
                return;
            }
        }
        try {
            turn.complete(question.getAsLong());
        } catch (RuntimeException e) {
            turn.completeExceptionally(e);
        }
        // Others have gathered meanwhile; who asked first need not wait for them.
        synchronized (lock) {
            if (next == null) {
                asking = false;
                return;
            }
        }
        Thread.startVirtualThread(this::ask);
    }
}
