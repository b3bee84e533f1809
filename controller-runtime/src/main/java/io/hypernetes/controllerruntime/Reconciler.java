package io.hypernetes.controllerruntime;

import java.time.Duration;

/**
 * Brings the world to what one key's object asks for.
 *
 * @param <K> what is reconciled, as a rule an {@code ObjectKey}
 */
@FunctionalInterface
public interface Reconciler<K> {

    /** What to do with the key next. */
    sealed interface Result {
        /** Nothing, until something it watches changes. */
        record Done() implements Result {}

        /** Look again after this time. */
        record Again(Duration after) implements Result {}
    }

    Result DONE = new Result.Done();

    static Result again(Duration after) {
        return new Result.Again(after);
    }

    /** Of two, what is to be done first; nothing only if neither has anything to do. */
    static Result sooner(Result one, Result other) {
        if (one instanceof Result.Again(Duration first)
                && other instanceof Result.Again(Duration second)) {
            return first.compareTo(second) <= 0 ? one : other;
        }
        return one instanceof Result.Done ? other : one;
    }

    /**
     * Looks at the state and does the next steps. It may be called at any time, any number of
     * times, and must come to the same end. An exception means: try again, later each time.
     */
    Result reconcile(K key) throws InterruptedException;
}
