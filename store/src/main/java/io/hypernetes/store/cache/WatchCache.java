package io.hypernetes.store.cache;

import io.hypernetes.store.CompactedException;
import io.hypernetes.store.Entry;
import io.hypernetes.store.KeyRange;
import io.hypernetes.store.ObjectPath;
import io.hypernetes.store.ObjectRange;
import io.hypernetes.store.Store;
import io.hypernetes.store.StoreEvent;
import io.hypernetes.store.StoreException;
import io.hypernetes.store.StoreKey;
import io.hypernetes.store.StoreWatch;
import io.hypernetes.store.sorted.SortedTree;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The state of a store in memory. It holds what a {@link Projection} makes of each value. Keys that
 * are not those of an {@link ObjectPath} are none of its business.
 *
 * <p>Each resource's objects are an immutable tree, replaced by the store's thread with each
 * change. A reader takes the tree of the moment: a consistent list costs no copy and no lock. The
 * trees of the last transactions are kept, so the next page of a list is of the same state as the
 * first.
 *
 * @param <A> the attachment of entries
 */
public final class WatchCache<A> implements AutoCloseable {

    /**
     * @param window how many past events of each resource are kept for watches and for lists at a
     *     past revision
     * @param bytes how much all of them may take; beyond that the resource that takes most gives
     *     its oldest. A quarter of it may wait for one watcher
     */
    public record Settings(int window, long bytes) {
        public static final Settings DEFAULT = new Settings(10_000);

        /** An eighth of the heap for what is past. */
        public Settings(int window) {
            this(window, Runtime.getRuntime().maxMemory() / 8);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(WatchCache.class);
    private static final long RELOAD_MILLIS = 500;

    /** How long a shared store may be behind before it is asked for progress; then twice that. */
    private static final long PROGRESS_NANOS = 20_000_000;

    private final Store store;
    private final Projection<A> projection;
    private final Settings settings;
    private final Map<ResourceId, ResourceCache<A>> resources = new ConcurrentHashMap<>();
    private final Dispatcher<A> dispatcher;
    private volatile StoreWatch storeWatch;
    private volatile boolean closed;

    /**
     * Of the state that the cache began with; an earlier state's come to their end by themselves.
     */
    private volatile UnreadValues<A> unread;

    /** What a resource begins with that had no object when the cache was loaded. */
    private volatile long loadedRevision;

    /** The bytes of all windows; the store's thread's own. */
    private long pastBytes;

    /** Raised by the store's thread after all resources have a transaction's changes. */
    private volatile long revision;

    private volatile @Nullable StoreException failure;

    /** Guards {@code advanced}, for those who wait for a revision or the failure. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition advanced = lock.newCondition();

    /** Loads the whole state; returns when it can be read. The store must stay open. */
    public static <A> WatchCache<A> open(Store store, Projection<A> projection) {
        return open(store, projection, Settings.DEFAULT);
    }

    public static <A> WatchCache<A> open(Store store, Projection<A> projection, Settings settings) {
        return new WatchCache<>(store, projection, settings);
    }

    private WatchCache(Store store, Projection<A> projection, Settings settings) {
        this.store = store;
        this.projection = projection;
        this.settings = settings;
        LoadedState<A> loaded = LoadedState.load(store, projection);
        this.loadedRevision = loaded.revision();
        loaded.trees()
                .forEach((id, tree) -> resources.put(id, newResource(id, loaded.revision(), tree)));
        this.revision = loadedRevision;
        this.dispatcher = new Dispatcher<>(loadedRevision);
        this.storeWatch = store.watch(loadedRevision, new Feed());
        this.unread = UnreadValues.of(loaded);
    }

    /**
     * Begins anew from the current state, when the store forgot what this server has not seen: it
     * was cut off for longer than history is kept, or the state was replaced. Watches have ended;
     * what is older is gone.
     */
    private void reload() {
        while (!closed) {
            try {
                LoadedState<A> anew = LoadedState.load(store, projection);
                unread = UnreadValues.of(anew);
                loadedRevision = anew.revision();
                anew.trees().keySet().forEach(this::resource);
                resources.forEach((id, resource) -> resource.reset(anew.revision(), anew.tree(id)));
                failure = null;
                pastBytes = 0;
                new Feed().advance(anew.revision());
                dispatcher.dispatch(anew.revision(), List.of(), false);
                storeWatch = store.watch(anew.revision(), new Feed());
                LOG.info("loaded anew at revision {}", anew.revision());
                return;
            } catch (StoreException e) {
                LOG.warn("the state cannot be loaded now: {}", e.getMessage());
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(RELOAD_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private ResourceCache<A> newResource(ResourceId id, long from, SortedTree<CacheEntry<A>> tree) {
        return new ResourceCache<>(id.group(), id.resource(), settings.window(), from, tree);
    }

    private ResourceCache<A> resource(ResourceId id) {
        return resources.computeIfAbsent(
                id, _ -> newResource(id, loadedRevision, SortedTree.empty()));
    }

    /** The newest revision that can be read here. */
    public long revision() {
        return revision;
    }

    /**
     * Waits until a revision can be read: after a commit, before its result is read back, so that a
     * client sees its own writes. With a store of this process it returns at once.
     *
     * @return false when that did not happen in time
     * @throws StoreException when the store no longer delivers
     */
    public boolean awaitRevision(long wanted, Duration timeout) throws InterruptedException {
        if (revision >= wanted) {
            return true;
        }
        long end = System.nanoTime() + timeout.toNanos();
        if (!store.isShared()) {
            return awaitUntil(wanted, end);
        }
        for (long patience = PROGRESS_NANOS; ; patience *= 2) {
            long now = System.nanoTime();
            if (awaitUntil(wanted, Math.min(end, now + patience))) {
                return true;
            }
            if (now + patience >= end) {
                return false;
            }
            // Perhaps that revision changed nothing of ours; if it is yet to come nobody is asked.
            if (wanted <= store.revision()) {
                store.requestProgress();
            }
        }
    }

    /**
     * Waits until all that was acknowledged before, by any server, can be read here. At once when
     * this process is the only one that writes.
     *
     * @return false when that did not happen in time
     */
    public boolean awaitFresh(Duration timeout) throws InterruptedException {
        return !store.isShared() || awaitRevision(store.revision(), timeout);
    }

    /**
     * Waits until the cache has begun anew, after the store's state was replaced.
     *
     * @param from the revision of the new state
     * @return false when that did not happen in time
     */
    public boolean awaitReloaded(long from, Duration timeout) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = timeout.toNanos();
            while (revision < from && left > 0) {
                left = advanced.awaitNanos(left);
            }
            return revision >= from;
        } finally {
            lock.unlock();
        }
    }

    private boolean awaitUntil(long wanted, long end) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (revision < wanted) {
                StoreException cause = failure;
                if (cause != null) {
                    throw cause;
                }
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                advanced.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The current state of an object. */
    public Optional<CacheEntry<A>> get(ObjectPath path) {
        ResourceCache<A> resource = resources.get(ResourceId.of(path));
        return resource == null ? Optional.empty() : resource.newest().tree().get(path.key());
    }

    /** Whether nobody has an object of the range's resource. */
    public boolean hasNone(ObjectRange range) {
        ResourceCache<A> resource = resources.get(ResourceId.of(range));
        return resource == null || resource.newest().tree().size() == 0;
    }

    /** The newest change of the range's resource, whosever it is; 0 where there never was one. */
    public long changedAt(ObjectRange range) {
        ResourceCache<A> resource = resources.get(ResourceId.of(range));
        return resource == null ? 0 : resource.newest().revision();
    }

    /** The current state of a range. */
    public Snapshot<A> list(ObjectRange range) {
        return list(range, Store.LATEST, Optional.empty(), 0);
    }

    /**
     * A page of the state of a range.
     *
     * @param wanted exactly this state (that of the first page), {@link Store#LATEST} for the
     *     current one
     * @param after only keys after this one (the last of the page before)
     * @param limit at most so many entries, 0 for all
     * @throws CompactedException when that state is no longer kept
     * @throws IllegalArgumentException when that state is yet to come
     */
    public Snapshot<A> list(ObjectRange range, long wanted, Optional<StoreKey> after, int limit) {
        // The order matters: what is in the tree then includes every change up to this revision.
        long upTo = revision;
        if (wanted > upTo) {
            throw new IllegalArgumentException("revision " + wanted + " is yet to come");
        }
        ResourceCache<A> resource = resource(ResourceId.of(range));
        long at;
        SortedTree<CacheEntry<A>> tree;
        if (wanted == Store.LATEST) {
            Window.Change<A> newest = resource.newest();
            at = Math.max(upTo, newest.revision());
            tree = newest.tree();
        } else {
            at = wanted;
            tree = resource.at(wanted);
        }
        KeyRange keys = after.map(range.keys()::after).orElse(range.keys());
        List<CacheEntry<A>> entries = tree.values(keys, limit);
        return new Snapshot<>(at, entries, tree.count(keys) - entries.size());
    }

    /**
     * Delivers every event of the range after {@code after}.
     *
     * <p>Those from before the watch began are taken from the window as they are polled: a watcher
     * that is slower than the window lets go of them has to list again.
     *
     * @param queueLimit how many events may wait to be polled before the watcher counts as too slow
     *     and is cut off
     * @throws CompactedException when the window no longer reaches back so far
     */
    public CacheWatch<A> watch(ObjectRange range, long after, int queueLimit) {
        Watcher.Limits limits = new Watcher.Limits(queueLimit, settings.bytes() / 4);
        Watcher<A> watcher =
                resource(ResourceId.of(range)).watch(range, after, limits, dispatcher::dispatched);
        StoreException cause = failure;
        if (cause != null) {
            watcher.end(reason(cause));
        }
        return watcher;
    }

    /**
     * Delivers every event of all resources from now on, also of those that are yet to come. Events
     * of about now may be older than what {@link #forEach} shows afterwards.
     *
     * @param queueLimit how many events may wait before the watcher is cut off
     */
    public CacheWatch<A> watchAll(int queueLimit) {
        Watcher<A> watcher =
                new Watcher<>(
                        _ -> new Watcher.Past<>(List.of(), 0),
                        0,
                        0,
                        new Watcher.Limits(queueLimit, Long.MAX_VALUE),
                        dispatcher::dispatched,
                        dispatcher::remove);
        dispatcher.add(watcher);
        StoreException cause = failure;
        if (cause != null) {
            watcher.end(reason(cause));
        }
        return watcher;
    }

    /** Shows every object of all resources, each resource as of one moment. */
    public void forEach(Consumer<CacheEntry<A>> visitor) {
        resources
                .values()
                .forEach(resource ->
                        resource.newest().tree().values(KeyRange.ALL, 0).forEach(visitor));
    }

    /** How much there is of one resource. */
    public record Size(String group, String resource, int objects, int watches) {}

    public List<Size> sizes() {
        List<Size> sizes = new ArrayList<>();
        resources.forEach((id, resource) ->
                sizes.add(
                        new Size(
                                id.group(),
                                id.resource(),
                                resource.newest().tree().size(),
                                resource.watches())));
        return sizes;
    }

    /** Ends all watches. */
    @Override
    public void close() {
        closed = true;
        storeWatch.close();
        endAll(CacheWatch.Reason.CLOSED, new StoreException("the watch cache is closed"));
        dispatcher.close();
        unread.close();
    }

    private static CacheWatch.Reason reason(StoreException cause) {
        return cause instanceof CompactedException
                ? CacheWatch.Reason.EXPIRED
                : CacheWatch.Reason.STORE_FAILED;
    }

    private void endAll(CacheWatch.Reason reason, StoreException cause) {
        failure = cause;
        resources.values().forEach(resource -> resource.endAll(reason));
        dispatcher.endAll(reason);
        lock.lock();
        try {
            advanced.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Runs on the store's thread. */
    private final class Feed implements StoreWatch.Listener {

        @Override
        public void changed(StoreWatch.Batch batch) {
            Map<ResourceCache<A>, List<CacheEvent<A>>> events = new LinkedHashMap<>();
            Map<ResourceCache<A>, SortedTree<CacheEntry<A>>> trees = new HashMap<>();
            for (StoreEvent event : batch.events()) {
                Optional<ObjectPath> path = ObjectPath.find(event.key());
                if (path.isPresent()) {
                    ResourceCache<A> resource = resource(ResourceId.of(path.get()));
                    SortedTree<CacheEntry<A>> tree =
                            trees.getOrDefault(resource, resource.newest().tree());
                    CacheEvent<A> change =
                            change(path.get(), event, tree.get(event.key()), batch.revision());
                    events.computeIfAbsent(resource, _ -> new ArrayList<>()).add(change);
                    trees.put(resource, apply(tree, event.key(), change));
                }
            }
            List<Dispatcher.Share<A>> shares = new ArrayList<>(events.size());
            events.forEach((resource, changes) -> {
                SortedTree<CacheEntry<A>> tree = trees.getOrDefault(resource, SortedTree.empty());
                Window.Change<A> change =
                        new Window.Change<>(batch.revision(), List.copyOf(changes), tree);
                pastBytes += resource.apply(change);
                shares.add(new Dispatcher.Share<>(resource, change));
            });
            forgetWhatIsTooMuch();
            advance(batch.revision());
            dispatcher.dispatch(batch.revision(), shares, batch.more());
        }

        /** Large objects, written often by one, must not take the memory of all. */
        private void forgetWhatIsTooMuch() {
            long freed = 1;
            while (pastBytes > settings.bytes() && freed > 0) {
                freed =
                        Collections.max(
                                        resources.values(),
                                        Comparator.comparingLong(ResourceCache::windowBytes))
                                .forgetOldest();
                pastBytes -= freed;
            }
        }

        private CacheEvent<A> change(
                ObjectPath path, StoreEvent event, Optional<CacheEntry<A>> before, long at) {
            return switch (event) {
                case StoreEvent.Put(Entry entry) -> {
                    CacheEntry<A> now = CacheEntry.of(path, entry, projection);
                    yield before.isPresent()
                            ? new CacheEvent.Modified<>(now, before.get())
                            : new CacheEvent.Added<>(now);
                }
                case StoreEvent.Delete _ -> {
                    CacheEntry<A> last = before.orElseThrow();
                    byte[] served = projection.serveDeleted(last.bytes(), at);
                    yield new CacheEvent.Deleted<>(
                            new CacheEntry<>(path, served, last.createRevision(), at, projection),
                            last);
                }
            };
        }

        private SortedTree<CacheEntry<A>> apply(
                SortedTree<CacheEntry<A>> tree, StoreKey key, CacheEvent<A> change) {
            return switch (change) {
                case CacheEvent.Added<A>(CacheEntry<A> entry) -> tree.put(key, entry);
                case CacheEvent.Modified<A>(CacheEntry<A> entry, _) -> tree.put(key, entry);
                case CacheEvent.Deleted<A> _ -> tree.remove(key);
            };
        }

        private void advance(long to) {
            lock.lock();
            try {
                revision = to;
                advanced.signalAll();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void failed(StoreException cause) {
            endAll(reason(cause), cause);
            if (cause instanceof CompactedException) {
                LOG.warn("the store no longer has what comes next: {}", cause.getMessage());
                Thread.ofVirtual().name("watch-cache-reload").start(WatchCache.this::reload);
            }
        }
    }
}
