package io.hypernetes.controllerruntime;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.ObjectList;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.client.Watch;
import io.hypernetes.api.client.WatchEvent;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A local mirror of one resource, kept by list and watch.
 *
 * <p>One virtual thread owns the watch and calls the listeners, one after the other; any thread may
 * read. The trees that reads hand out are shared: copy before changing one.
 */
public final class Informer implements AutoCloseable {

    /** Told of every change after the mirror has it. Must not block. */
    @FunctionalInterface
    public interface Listener {
        /**
         * @param old the state before, empty for a new object
         * @param current the state now, empty for one that is gone
         */
        void changed(ObjectKey key, Optional<ObjectNode> old, Optional<ObjectNode> current);
    }

    /** Told which object has changed, and not how: what is there need not be parsed for it. */
    @FunctionalInterface
    public interface KeyListener {
        void changed(ObjectKey key);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Informer.class);
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Duration RETRY = Duration.ofMillis(200);

    private static final Comparator<ObjectKey> BY_TENANT_NAMESPACE_NAME =
            Comparator.comparing(ObjectKey::tenant)
                    .thenComparing(ObjectKey::namespace)
                    .thenComparing(ObjectKey::name);

    private final Client client;
    private final ResourceType type;
    private final Selection selection;
    private final ConcurrentNavigableMap<ObjectKey, TenantObject> objects =
            new ConcurrentSkipListMap<>(BY_TENANT_NAMESPACE_NAME);
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final List<KeyListener> keyListeners = new CopyOnWriteArrayList<>();
    private final CountDownLatch synced = new CountDownLatch(1);
    private final AtomicBoolean started = new AtomicBoolean();
    private final Thread thread;
    private volatile boolean closed;

    /** Whether objects are kept as they lie, and parsed by who looks. */
    private boolean lean;

    /** Mirrors what {@code selection} covers; nothing happens before {@link #start}. */
    public Informer(Client client, ResourceType type, Selection selection) {
        this.client = client;
        this.type = type;
        this.selection = selection;
        this.thread = Thread.ofVirtual().name("informer-" + type).unstarted(this::run);
    }

    /** Mirrors the objects of all tenants. */
    public Informer(Client client, ResourceType type) {
        this(client, type, Selection.EVERYTHING);
    }

    /**
     * Keeps no trees, where the client can do without: for mirrors that are seldom looked into, of
     * what every tenant has. Before {@link #start}.
     */
    public Informer lean() {
        lean = true;
        return this;
    }

    public ResourceType type() {
        return type;
    }

    /** Adds a listener; after the start it is told of what is already there, too. */
    public void listen(Listener listener) {
        listeners.add(listener);
        if (started.get()) {
            objects.forEach((key, object) ->
                    listener.changed(key, Optional.empty(), Optional.of(object.tree())));
        }
    }

    /** The same for who needs to know no more than the key. */
    public void listenToKeys(KeyListener listener) {
        keyListeners.add(listener);
        if (started.get()) {
            objects.keySet().forEach(listener::changed);
        }
    }

    /** Starts the mirror; a second call does nothing. */
    public Informer start() {
        if (started.compareAndSet(false, true)) {
            thread.start();
        }
        return this;
    }

    /** Waits until the first list is in. */
    public void awaitSynced() throws InterruptedException {
        synced.await();
    }

    public boolean hasSynced() {
        return synced.getCount() == 0;
    }

    public Optional<ObjectNode> get(ObjectKey key) {
        return Optional.ofNullable(objects.get(key)).map(TenantObject::tree);
    }

    /** All objects of all tenants, a live view. */
    public Collection<ObjectNode> objects() {
        return trees(objects.values());
    }

    /** All objects with their tenants. */
    public List<TenantObject> all() {
        List<TenantObject> all = new ArrayList<>();
        objects.forEach((key, object) -> all.add(new TenantObject(key.tenant(), object.tree())));
        return all;
    }

    /** The objects of one tenant, a live view. */
    public Collection<ObjectNode> objects(Tenant tenant) {
        return trees(
                objects.subMap(
                                new ObjectKey(tenant, "", ""),
                                true,
                                new ObjectKey(tenant, String.valueOf(Character.MAX_VALUE), ""),
                                false)
                        .values());
    }

    /** The objects of one namespace, a live view. */
    public Collection<ObjectNode> objects(Tenant tenant, String namespace) {
        return trees(
                objects.subMap(
                                new ObjectKey(tenant, namespace, ""),
                                true,
                                new ObjectKey(
                                        tenant, namespace, String.valueOf(Character.MAX_VALUE)),
                                false)
                        .values());
    }

    private static Collection<ObjectNode> trees(Collection<TenantObject> kept) {
        return new AbstractCollection<>() {
            @Override
            public Iterator<ObjectNode> iterator() {
                Iterator<TenantObject> each = kept.iterator();
                return new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return each.hasNext();
                    }

                    @Override
                    public ObjectNode next() {
                        return each.next().tree();
                    }
                };
            }

            @Override
            public int size() {
                return kept.size();
            }
        };
    }

    /** Returns when the mirror has ended: nothing is asked of the client from then on. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        if (started.get()) {
            Endings.await(List.of(thread));
        }
    }

    private void run() {
        try {
            while (!closed && !Thread.currentThread().isInterrupted()) {
                listAndWatch();
            }
        } catch (InterruptedException _) {
            LOG.debug("informer of {} ends", type);
        }
    }

    private void listAndWatch() throws InterruptedException {
        try {
            ObjectList list = client.list(type, selection);
            replace(list.items());
            synced.countDown();
            try (Watch watch = client.watch(type, selection, list.resourceVersion())) {
                while (true) {
                    Optional<WatchEvent> event = watch.next(IDLE);
                    if (event.isPresent()) {
                        apply(event.get());
                    }
                }
            }
        } catch (ApiException e) {
            LOG.debug("{}: {}, listing again", type, e.getMessage());
            Thread.sleep(RETRY);
        } catch (RuntimeException e) {
            if (closed) {
                return;
            }
            LOG.warn("informer of {} lists again after an error", type, e);
            Thread.sleep(RETRY);
        }
    }

    private void replace(List<TenantObject> items) {
        Set<ObjectKey> gone = new HashSet<>(objects.keySet());
        for (TenantObject item : items) {
            ObjectKey key = item.key();
            gone.remove(key);
            put(key, item);
            Thread.yield(); // the mirrors of a large state would keep all processors for seconds
        }
        gone.forEach(this::remove);
    }

    private void apply(WatchEvent event) {
        ObjectKey key = event.object().key();
        switch (event.type()) {
            case ADDED, MODIFIED -> put(key, event.object());
            case DELETED -> remove(key);
        }
    }

    private void put(ObjectKey key, TenantObject object) {
        if (!lean) {
            object.object(); // parsed now, and kept
        }
        TenantObject old = objects.put(key, object);
        if (old == null) {
            tell(key, Optional.empty(), Optional.of(object));
        } else if (!old.resourceVersion().equals(object.resourceVersion())) {
            tell(key, Optional.of(old), Optional.of(object));
        }
    }

    private void remove(ObjectKey key) {
        tell(key, Optional.ofNullable(objects.remove(key)), Optional.empty());
    }

    private void tell(ObjectKey key, Optional<TenantObject> old, Optional<TenantObject> current) {
        for (KeyListener listener : keyListeners) {
            listener.changed(key);
        }
        for (Listener listener : listeners) {
            listener.changed(key, old.map(TenantObject::tree), current.map(TenantObject::tree));
        }
    }
}
