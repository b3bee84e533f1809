package io.hypernetes.server.registry;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.client.WatchEvent.Type;
import io.hypernetes.store.cache.CacheEntry;
import io.hypernetes.store.cache.CacheEvent;
import io.hypernetes.store.cache.CacheWatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A watch of an extent. One thread polls it, any thread may close it. */
public final class ServedWatch implements AutoCloseable {
    /**
     * What came in.
     *
     * @param revision everything up to here has been delivered
     */
    public record Batch(List<ServedEvent> events, long revision) {}

    private final Extent extent;
    private final CacheWatch<Served> watch;

    ServedWatch(Extent extent, CacheWatch<Served> watch) {
        this.extent = extent;
        this.watch = watch;
    }

    /**
     * Waits for events, at most {@code timeout}.
     *
     * @return empty when the watch was closed. Throws Expired when this watcher was too slow.
     */
    public Optional<Batch> poll(Duration timeout) throws InterruptedException {
        return switch (watch.poll(timeout)) {
            case CacheWatch.Events<Served> e ->
                    Optional.of(new Batch(seen(e.events()), e.revision()));
            case CacheWatch.Ended<Served>(CacheWatch.Reason reason) ->
                    switch (reason) {
                        case CLOSED -> Optional.empty();
                        case TOO_SLOW ->
                                throw ApiException.of(
                                        Reason.EXPIRED,
                                        "the watcher was too slow to take its events: list again");
                        case EXPIRED ->
                                throw ApiException.of(
                                        Reason.EXPIRED,
                                        "the history that the watch stands on is gone: list"
                                                + " again");
                        case STORE_FAILED ->
                                throw ApiException.of(
                                        Reason.SERVICE_UNAVAILABLE,
                                        "the store delivers no events: list again later");
                    };
        };
    }

    private List<ServedEvent> seen(List<CacheEvent<Served>> events) {
        List<ServedEvent> seen = new ArrayList<>(events.size());
        for (CacheEvent<Served> event : events) {
            see(event).ifPresent(seen::add);
        }
        return seen;
    }

    private Optional<ServedEvent> see(CacheEvent<Served> event) {
        return switch (event) {
            case CacheEvent.Added<Served> added -> {
                Served object = served(added.entry());
                yield extent.shows(object) ? event(Type.ADDED, object) : Optional.empty();
            }
            case CacheEvent.Modified<Served> modified -> {
                Served now = served(modified.entry());
                Served before = served(modified.previous());
                boolean shown = extent.shows(now);
                boolean wasShown = extent.shows(before);
                if (shown) {
                    yield event(wasShown ? Type.MODIFIED : Type.ADDED, now);
                }
                yield wasShown ? event(Type.DELETED, before.at(now.revision())) : Optional.empty();
            }
            case CacheEvent.Deleted<Served> deleted -> {
                Served before = served(deleted.previous());
                yield extent.shows(before)
                        ? event(Type.DELETED, last(deleted, before))
                        : Optional.empty();
            }
        };
    }

    /** What was converted or renewed goes as it was seen last. */
    private static Served last(CacheEvent.Deleted<Served> deleted, Served before) {
        return before.stored() == before
                ? deleted.entry().attachment()
                : before.at(deleted.entry().modRevision());
    }

    private Served served(CacheEntry<Served> entry) {
        return Versions.serve(extent.type(), entry.attachment());
    }

    private static Optional<ServedEvent> event(Type type, Served object) {
        return Optional.of(new ServedEvent(type, object));
    }

    @Override
    public void close() {
        watch.close();
    }
}
