package io.hypernetes.server.registry;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.json.Json;
import io.hypernetes.server.admission.Charge;
import io.hypernetes.server.http.Pace;
import io.hypernetes.store.Compare;
import io.hypernetes.store.ObjectPath;
import io.hypernetes.store.Operation;
import io.hypernetes.store.Store;
import io.hypernetes.store.Txn;
import io.hypernetes.store.TxnResult;
import io.hypernetes.store.cache.WatchCache;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The last step of a write: one transaction, which holds only if nothing it was decided on has
 * changed. Empty answers say that something has. Thread-safe.
 */
final class Commits {
    private static final Duration READ_BACK = Duration.ofSeconds(10);

    private final Store store;
    private final WatchCache<Served> cache;
    private final Reads reads;
    private final JudgedByDefinition definitions;

    Commits(Store store, WatchCache<Served> cache, Reads reads, JudgedByDefinition definitions) {
        this.store = store;
        this.cache = cache;
        this.reads = reads;
        this.definitions = definitions;
    }

    /**
     * Stores an object.
     *
     * @param conditions what it was decided on
     * @param charge what is counted with it
     */
    Optional<Served> put(
            ResourceType type,
            ObjectPath path,
            ObjectNode object,
            List<Compare> conditions,
            Charge charge)
            throws InterruptedException {
        ObjectNode form = Versions.toStore(type, object);
        byte[] stored;
        try (Pace.Turn _ = Pace.writing(0)) {
            stored = Json.writeStored(form);
        }
        List<Compare> all = new ArrayList<>(conditions);
        definitions.unchanged(path, type).ifPresent(all::add);
        OptionalLong committed = commit(all, charge, new Operation.Put(path.key(), stored));
        if (committed.isEmpty()) {
            return Optional.empty();
        }
        long revision = committed.getAsLong();
        Served written =
                reads.at(path)
                        .filter(served -> served.revision() == revision)
                        .orElseGet(() -> replacedSince(path, stored, revision));
        return Optional.of(Versions.serve(type, written));
    }

    /** Takes an object away; its last state has the revision of its end. */
    Optional<Served> delete(Served current, List<Compare> conditions, Charge charge)
            throws InterruptedException {
        OptionalLong committed =
                commit(conditions, charge, new Operation.Delete(current.path().key()));
        return committed.isEmpty()
                ? Optional.empty()
                : Optional.of(current.at(committed.getAsLong()));
    }

    private OptionalLong commit(List<Compare> conditions, Charge charge, Operation operation)
            throws InterruptedException {
        List<Compare> all = new ArrayList<>(conditions);
        all.addAll(charge.conditions());
        List<Operation> writes = new ArrayList<>(charge.writes());
        writes.add(operation);
        return switch (store.commit(new Txn(all, writes))) {
            case TxnResult.Committed(long revision) -> {
                awaitReadable(revision);
                yield OptionalLong.of(revision);
            }
            case TxnResult.Conflict _ -> {
                awaitReadable(store.revision());
                yield OptionalLong.empty();
            }
        };
    }

    private static Served replacedSince(ObjectPath path, byte[] stored, long revision) {
        return new Served(path, Json.withResourceVersion(stored, revision), revision);
    }

    /** A client must be able to read what it wrote, and a retry what it lost against. */
    private void awaitReadable(long revision) throws InterruptedException {
        if (!cache.awaitRevision(revision, READ_BACK)) {
            throw ApiException.of(
                    Reason.TIMEOUT,
                    "the change is stored, but the watch cache is behind; read it again");
        }
    }
}
