package io.hypernetes.api.client;

import io.hypernetes.api.GroupResource;
import io.hypernetes.api.ObjectKey;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * The objects of all types and all tenants in one stream, for the few controllers that are about
 * every object: garbage collection, quotas, the end of namespaces. A type that appears later is in
 * it without being asked for.
 *
 * <p>An object is handed over as it lies in memory: who only wants to know whether it concerns him
 * asks {@link Item#mentions} first and has nothing parsed.
 */
public interface ChangeFeed {

    /** An object as it is now, or was last. */
    interface Item {
        GroupResource resource();

        ObjectKey key();

        /** Whether this is the last state of an object that is gone. */
        boolean gone();

        /** Whether the object's JSON holds this text somewhere: a quick no, a maybe otherwise. */
        boolean mentions(String text);

        /** Shared: must not be changed. */
        ObjectNode object();
    }

    /** A running feed. One thread reads it, any may close it. */
    interface Subscription extends AutoCloseable {
        /**
         * What changed since, in the order of the changes; empty when nothing did in time. A change
         * that {@link #scan} showed already may come again.
         *
         * @throws io.hypernetes.api.ApiException Expired when this reader was too slow: open again
         * @throws IllegalStateException after {@link #close}
         */
        List<Item> next(Duration timeout) throws InterruptedException;

        /**
         * Shows every object there is, and then what changed meanwhile: at the end, the visitor has
         * the state of one moment, and {@link #next} brings every change after it.
         */
        void scan(Consumer<Item> visitor) throws InterruptedException;

        @Override
        void close();
    }

    Subscription open();
}
