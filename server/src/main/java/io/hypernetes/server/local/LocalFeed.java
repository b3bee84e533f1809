package io.hypernetes.server.local;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.GroupResource;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.ChangeFeed;
import io.hypernetes.server.registry.Registry;
import io.hypernetes.server.registry.Served;
import io.hypernetes.store.ObjectPath;
import io.hypernetes.store.cache.CacheEntry;
import io.hypernetes.store.cache.CacheEvent;
import io.hypernetes.store.cache.CacheWatch;
import io.hypernetes.store.cache.WatchCache;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** The watch cache as a feed: what nobody looks into is never parsed. */
public final class LocalFeed implements ChangeFeed {
    /** How many changes a reader may be behind; each is a reference to what is in memory anyway. */
    private static final int QUEUE = 100_000;

    private static final Duration CATCHING_UP = Duration.ofMillis(10);

    private final WatchCache<Served> cache;

    public LocalFeed(Registry registry) {
        this.cache = registry.cache();
    }

    @Override
    public Subscription open() {
        CacheWatch<Served> watch = cache.watchAll(QUEUE);
        return new Subscription() {
            @Override
            public List<Item> next(Duration timeout) throws InterruptedException {
                return switch (watch.poll(timeout)) {
                    case CacheWatch.Events<Served> events ->
                            events.events().stream().map(LocalFeed::item).toList();
                    case CacheWatch.Ended<Served>(CacheWatch.Reason reason) -> throw ended(reason);
                };
            }

            @Override
            public void scan(Consumer<Item> visitor) throws InterruptedException {
                cache.forEach(entry -> visitor.accept(new Entry(entry, false)));
                // The resources were seen at different moments; now they are all as of one.
                long moment = cache.revision();
                for (long shown = 0; shown < moment; ) {
                    switch (watch.poll(CATCHING_UP)) {
                        case CacheWatch.Events<Served>(
                                        List<CacheEvent<Served>> events,
                                        long revision) -> {
                            events.forEach(event -> visitor.accept(item(event)));
                            shown = revision;
                        }
                        case CacheWatch.Ended<Served>(CacheWatch.Reason reason) ->
                                throw ended(reason);
                    }
                }
            }

            @Override
            public void close() {
                watch.close();
            }
        };
    }

    private static RuntimeException ended(CacheWatch.Reason reason) {
        return switch (reason) {
            case CLOSED -> new IllegalStateException("the feed is closed");
            case TOO_SLOW -> ApiException.of(Reason.EXPIRED, "the reader was too slow: scan again");
            case EXPIRED -> ApiException.of(Reason.EXPIRED, "history is gone: scan again");
            case STORE_FAILED ->
                    ApiException.of(Reason.SERVICE_UNAVAILABLE, "the store delivers no events");
        };
    }

    private static Item item(CacheEvent<Served> event) {
        return new Entry(event.entry(), event instanceof CacheEvent.Deleted<Served>);
    }

    private record Entry(CacheEntry<Served> entry, boolean gone) implements Item {
        @Override
        public GroupResource resource() {
            return new GroupResource(entry.path().group(), entry.path().resource());
        }

        @Override
        public ObjectKey key() {
            ObjectPath path = entry.path();
            return new ObjectKey(new Tenant(path.tenant()), path.namespace(), path.name());
        }

        @Override
        public boolean mentions(String text) {
            byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
            // A text of single bytes: the JVM's own search is many times as fast as a loop.
            return new String(entry.bytes(), StandardCharsets.ISO_8859_1)
                    .contains(new String(wanted, StandardCharsets.ISO_8859_1));
        }

        @Override
        public ObjectNode object() {
            return entry.attachment().tree();
        }
    }
}
