package io.hypernetes.store;

import java.util.List;

/** A running watch over a whole store. */
public interface StoreWatch extends AutoCloseable {

    /**
     * All changes of one transaction, in the order of its operations. Without events it says only
     * that nothing changed between the batch before and this revision.
     *
     * @param more another one follows at once: they became durable together
     */
    record Batch(long revision, List<StoreEvent> events, boolean more) {
        public Batch(long revision, List<StoreEvent> events) {
            this(revision, events, false);
        }

        public Batch followed() {
            return new Batch(revision, events, true);
        }
    }

    /**
     * Gets the changes: called by one thread at a time, in the order of revisions, without gaps. It
     * runs on the store's own thread and must be quick and not block; it must not call the store.
     */
    interface Listener {

        void changed(Batch batch);

        /** Nothing more will come. */
        void failed(StoreException cause);
    }

    /** Ends it; at most one more batch, one being delivered right now, is still seen. */
    @Override
    void close();
}
