package io.hypernetes.store.encryption;

import io.hypernetes.store.Entry;
import io.hypernetes.store.KeyRange;
import io.hypernetes.store.ObjectPath;
import io.hypernetes.store.Operation;
import io.hypernetes.store.RangeResult;
import io.hypernetes.store.Scan;
import io.hypernetes.store.ScannedEntry;
import io.hypernetes.store.Store;
import io.hypernetes.store.StoreEvent;
import io.hypernetes.store.StoreException;
import io.hypernetes.store.StoreKey;
import io.hypernetes.store.StoreWatch;
import io.hypernetes.store.Txn;
import io.hypernetes.store.TxnResult;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * A store whose values of some kinds are sealed under their tenant's keys; others pass through
 * untouched. Above it, nothing is to be seen of it.
 *
 * <p>A tenant's keys are destroyed with the commit that deletes what it lives by. Values that were
 * sealed with destroyed keys (a copy of an older state was restored) are as good as not there.
 */
public final class EncryptedStore implements Store {
    private static final Logger LOG = LoggerFactory.getLogger(EncryptedStore.class);

    private final Store store;
    private final Scope scope;
    private final KeyRing keys;

    /** Tenants whose unreadable values have been told about. */
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    private EncryptedStore(Store store, Scope scope, KeyRing keys) {
        this.store = store;
        this.scope = scope;
        this.keys = keys;
    }

    /** Ends first what a kill has interrupted. */
    public static EncryptedStore open(Store store, Scope scope, KeyRing keys) {
        EncryptedStore opened = new EncryptedStore(store, scope, keys);
        for (String tenant : keys.ending()) {
            KeyRange life = KeyRange.ofKey(scope.life(tenant));
            if (store.range(life, LATEST, 1).entries().isEmpty()) {
                keys.destroy(tenant);
            } else {
                keys.spare(tenant);
            }
        }
        return opened;
    }

    /** The store that has the values as they lie. */
    public Store below() {
        return store;
    }

    @Override
    public long revision() {
        return store.revision();
    }

    @Override
    public boolean isShared() {
        return store.isShared();
    }

    @Override
    public void requestProgress() {
        store.requestProgress();
    }

    @Override
    public RangeResult range(KeyRange range, long revision, int limit) {
        RangeResult read = store.range(range, revision, limit);
        return new RangeResult(read.revision(), opened(read.entries()), read.more());
    }

    @Override
    public Scan scan(Consumer<List<? extends ScannedEntry>> to) {
        return store.scan(entries -> to.accept(scanned(entries)));
    }

    /** What is sealed is opened now, so that a start tells of keys that are missing. */
    private List<? extends ScannedEntry> scanned(List<? extends ScannedEntry> stored) {
        if (stored.stream().noneMatch(Envelope::maybeSealed)) {
            return stored;
        }
        List<ScannedEntry> entries = new ArrayList<>(stored.size());
        for (ScannedEntry entry : stored) {
            if (Envelope.maybeSealed(entry)) {
                opened(read(entry)).ifPresent(entries::add);
            } else {
                entries.add(entry);
            }
        }
        return entries;
    }

    private static Entry read(ScannedEntry entry) {
        return new Entry(entry.key(), entry.value(), entry.createRevision(), entry.modRevision());
    }

    private List<Entry> opened(List<Entry> stored) {
        if (stored.stream().noneMatch(entry -> Envelope.isSealed(entry.value()))) {
            return stored;
        }
        List<Entry> entries = new ArrayList<>(stored.size());
        stored.forEach(entry -> opened(entry).ifPresent(entries::add));
        return entries;
    }

    @Override
    public TxnResult commit(Txn txn) {
        List<String> ending = new ArrayList<>();
        List<Operation> operations = new ArrayList<>(txn.operations().size());
        for (Operation operation : txn.operations()) {
            switch (operation) {
                case Operation.Put put -> operations.add(sealed(put));
                case Operation.Delete delete -> {
                    operations.add(delete);
                    scope.ends(delete.key()).ifPresent(ending::add);
                }
            }
        }
        ending.forEach(keys::intendToDestroy);
        TxnResult result = store.commit(new Txn(txn.compares(), operations));
        for (String tenant : ending) {
            if (result instanceof TxnResult.Committed) {
                keys.destroy(tenant);
            } else {
                keys.spare(tenant);
            }
        }
        return result;
    }

    private Operation.Put sealed(Operation.Put put) {
        return scope.owner(put.key())
                .map(tenant -> {
                    byte[] value = Envelope.seal(put.key(), put.value(), keys.active(tenant));
                    return new Operation.Put(put.key(), value);
                })
                .orElse(put);
    }

    /** Empty for what was sealed with a key that was destroyed. */
    private Optional<Entry> opened(Entry entry) {
        if (!Envelope.isSealed(entry.value())) {
            return Optional.of(entry);
        }
        String tenant = tenant(entry.key());
        String id = Envelope.keyId(entry.value());
        Optional<DataKey> key = keys.find(tenant, id);
        if (key.isEmpty()) {
            if (!keys.wasDestroyed(tenant)) {
                throw new EncryptionException(
                        "the key "
                                + id
                                + " of tenant "
                                + tenant
                                + " is not in the key ring: put the ring back that belongs to this"
                                + " store");
            }
            if (told.add(tenant)) {
                LOG.warn(
                        "values of tenant {} are left out: their key was destroyed with an earlier"
                                + " tenant of that name",
                        tenant);
            }
            return Optional.empty();
        }
        byte[] value = Envelope.open(entry.key(), entry.value(), key.get());
        return Optional.of(
                new Entry(entry.key(), value, entry.createRevision(), entry.modRevision()));
    }

    /** Also of a kind that is no more named. */
    private String tenant(StoreKey key) {
        return scope.owner(key)
                .or(() -> ObjectPath.find(key).map(ObjectPath::tenant))
                .orElseThrow(() -> new EncryptionException(key + " is sealed and nobody's"));
    }

    @Override
    public StoreWatch watch(long revision, StoreWatch.Listener listener) {
        return store.watch(revision, new Opening(listener));
    }

    private final class Opening implements StoreWatch.Listener {
        private final StoreWatch.Listener listener;

        Opening(StoreWatch.Listener listener) {
            this.listener = listener;
        }

        @Override
        public void changed(StoreWatch.Batch batch) {
            if (batch.events().stream().allMatch(EncryptedStore::passes)) {
                listener.changed(batch);
                return;
            }
            List<StoreEvent> events = new ArrayList<>(batch.events().size());
            for (StoreEvent event : batch.events()) {
                switch (event) {
                    case StoreEvent.Put(Entry entry) ->
                            opened(entry).map(StoreEvent.Put::new).ifPresent(events::add);
                    case StoreEvent.Delete(StoreKey key) -> {
                        scope.ends(key).ifPresent(keys::forget);
                        events.add(event);
                    }
                }
            }
            listener.changed(new StoreWatch.Batch(batch.revision(), events, batch.more()));
        }

        @Override
        public void failed(StoreException cause) {
            listener.failed(cause);
        }
    }

    /** Most do: only what is sealed, and deletions, have to be looked at. */
    private static boolean passes(StoreEvent event) {
        return event instanceof StoreEvent.Put(Entry entry) && !Envelope.isSealed(entry.value());
    }

    /**
     * Gives the tenant a new key and seals everything of it anew; back when nothing is left that is
     * sealed with an older one. What was interrupted is taken up by {@link #settle}.
     *
     * @param cause the same cause rotates once, however often it is asked for
     */
    public void rotate(String tenant, String cause) {
        keys.rotate(tenant, cause);
        settle(Optional.of(tenant));
    }

    /**
     * Seals what is not sealed under its tenant's newest key: after a rotation that was
     * interrupted, or because its kind is named since then.
     *
     * @param tenant empty: of all
     */
    public void settle(Optional<String> tenant) {
        for (KeyRange range : scope.ranges(tenant)) {
            // As they are stored: opened values do not tell what they were sealed with.
            for (Entry entry : store.range(range, LATEST, 0).entries()) {
                reseal(entry);
            }
        }
    }

    private void reseal(Entry entry) {
        Optional<Entry> current = Optional.of(entry);
        while (current.isPresent() && !isCurrent(current.get())) {
            Optional<Entry> plain = opened(current.get());
            if (plain.isEmpty()) {
                return;
            }
            Txn again = Txn.replace(entry.key(), plain.get().value(), plain.get().modRevision());
            if (commit(again) instanceof TxnResult.Committed) {
                return;
            }
            current =
                    store.range(KeyRange.ofKey(entry.key()), LATEST, 1).entries().stream()
                            .findFirst();
        }
    }

    private boolean isCurrent(Entry entry) {
        return scope.owner(entry.key())
                .map(tenant -> Optional.of(keys.active(tenant).id()))
                .map(active -> active.equals(Envelope.sealedWith(entry.value())))
                .orElse(true);
    }

    @Override
    public void compact(long revision) {
        store.compact(revision);
    }

    @Override
    public void close() {
        store.close();
    }
}
