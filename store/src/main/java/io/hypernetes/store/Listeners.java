package io.hypernetes.store;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;

/**
 * The running watches of a store of this process. One that throws is dropped, so that it can
 * neither fail a commit nor hold up the others. Used by one thread, or under its owner's lock.
 */
public final class Listeners {

    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final List<StoreWatch.Listener> listeners = new ArrayList<>();

    public void add(StoreWatch.Listener listener) {
        listeners.add(listener);
    }

    public void remove(StoreWatch.Listener listener) {
        listeners.remove(listener);
    }

    public void deliver(StoreWatch.Batch batch) {
        listeners.removeIf(listener -> {
            try {
                listener.changed(batch);
                return false;
            } catch (RuntimeException e) {
                String message = "a watch failed at revision " + batch.revision();
                LOG.error("{} and is ended", message, e);
                listener.failed(new StoreException(message + ": " + e.getMessage(), e));
                return true;
            }
        });
    }

    /** Ends all of them. */
    public void fail(StoreException cause) {
        listeners.forEach(listener -> listener.failed(cause));
        listeners.clear();
    }
}
