package io.hypernetes.store.etcd;

import com.google.protobuf.ByteString;

import io.grpc.StatusRuntimeException;
import io.hypernetes.store.CompactedException;
import io.hypernetes.store.Entry;
import io.hypernetes.store.KeyRange;
import io.hypernetes.store.RangeResult;
import io.hypernetes.store.Store;
import io.hypernetes.store.StoreException;
import io.hypernetes.store.StoreWatch;
import io.hypernetes.store.Txn;
import io.hypernetes.store.TxnResult;
import io.hypernetes.store.etcd.rpc.CompactionRequest;
import io.hypernetes.store.etcd.rpc.KVGrpc;
import io.hypernetes.store.etcd.rpc.KeyValue;
import io.hypernetes.store.etcd.rpc.MaintenanceGrpc;
import io.hypernetes.store.etcd.rpc.PutRequest;
import io.hypernetes.store.etcd.rpc.RangeRequest;
import io.hypernetes.store.etcd.rpc.RangeResponse;
import io.hypernetes.store.etcd.rpc.StatusRequest;
import io.hypernetes.store.etcd.rpc.StatusResponse;
import io.hypernetes.store.etcd.rpc.TxnResponse;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A store over an etcd cluster. What was acknowledged survives the loss of a minority of its
 * members; other servers over the same cluster see it in their watches.
 */
public final class EtcdStore implements Store {

    private static final Logger LOG = LoggerFactory.getLogger(EtcdStore.class);

    /** A range without a limit is read in pieces of so many entries, all of one revision. */
    private static final int PAGE = 5_000;

    private final EtcdSettings settings;
    private final Members members;
    private final Keyspace keyspace;
    private final CurrentRevision current;
    private final Set<EtcdWatch> watches = ConcurrentHashMap.newKeySet();
    private final Optional<Compactor> compactor;

    /** One pulse at a time serves all who wait. */
    private final ReentrantLock pulse = new ReentrantLock();

    private EtcdStore(EtcdSettings settings) {
        this.settings = settings;
        this.members = new Members(settings);
        this.keyspace = new Keyspace(settings.prefix());
        this.current = new CurrentRevision(this::readRevision);
        this.compactor =
                settings.compactEvery().isZero()
                        ? Optional.empty()
                        : Optional.of(new Compactor(members, keyspace, settings.compactEvery()));
    }

    /**
     * Connects to a cluster.
     *
     * @throws StoreException when no member answers
     */
    public static EtcdStore open(EtcdSettings settings) {
        EtcdStore store = new EtcdStore(settings);
        try {
            store.members.requireTrust();
            StatusResponse status =
                    store.read(() ->
                            store.members.read(
                                    MaintenanceGrpc.getStatusMethod(),
                                    StatusRequest.getDefaultInstance()));
            LOG.info(
                    "etcd {} at {}, prefix {}",
                    status.getVersion(),
                    settings.members(),
                    settings.prefix());
            store.readRevision(); // Only this tells whether we have rights.
        } catch (StoreException e) {
            store.close();
            throw e;
        }
        store.compactor.ifPresent(Compactor::start);
        return store;
    }

    /** Others write here too: a watch may be behind what they were told. */
    @Override
    public boolean isShared() {
        return true;
    }

    /** Asks the cluster; callers at the same time share one question. */
    @Override
    public long revision() {
        return current.get();
    }

    private long readRevision() {
        return read(() ->
                        members.read(
                                KVGrpc.getRangeMethod(),
                                RangeRequest.newBuilder()
                                        .setKey(keyspace.own(Keyspace.PULSE))
                                        .setKeysOnly(true)
                                        .build()))
                .getHeader()
                .getRevision();
    }

    @Override
    public RangeResult range(KeyRange range, long revision, int limit) {
        List<Entry> entries = new ArrayList<>();
        long wanted = revision;
        ByteString from = keyspace.from(range);
        while (true) {
            int size = limit == 0 ? PAGE : Math.min(PAGE, limit - entries.size());
            RangeResponse page = page(from, keyspace.to(range), wanted, size);
            wanted = wanted == LATEST ? page.getHeader().getRevision() : wanted;
            for (KeyValue kv : page.getKvsList()) {
                entries.add(EtcdWatch.entry(keyspace, kv));
            }
            if (!page.getMore() || entries.size() == limit) {
                return new RangeResult(wanted, entries, page.getMore());
            }
            from = keyspace.key(entries.getLast().key().next());
        }
    }

    private RangeResponse page(ByteString from, ByteString to, long revision, int limit) {
        try {
            return read(() ->
                    members.read(
                            KVGrpc.getRangeMethod(),
                            RangeRequest.newBuilder()
                                    .setKey(from)
                                    .setRangeEnd(to)
                                    .setRevision(revision)
                                    .setLimit(limit)
                                    .build()));
        } catch (AtRevision e) {
            throw e.explained(revision, this::compacted);
        }
    }

    @Override
    public TxnResult commit(Txn txn) {
        TxnResponse response =
                read(() ->
                        members.write(KVGrpc.getTxnMethod(), Transactions.request(keyspace, txn)));
        return Transactions.result(keyspace, txn, response);
    }

    @Override
    public StoreWatch watch(long revision, StoreWatch.Listener listener) {
        requireReadable(revision);
        EtcdWatch watch = new EtcdWatch(members, keyspace, revision, listener, watches::remove);
        watches.add(watch);
        watch.start();
        return watch;
    }

    private void requireReadable(long revision) {
        ByteString key = keyspace.own(Keyspace.PULSE);
        page(key, key.concat(ByteString.copyFrom(new byte[1])), revision, 1);
    }

    @Override
    public void requestProgress() {
        if (pulse.tryLock()) {
            try {
                read(() ->
                        members.read(
                                KVGrpc.getPutMethod(),
                                PutRequest.newBuilder()
                                        .setKey(keyspace.own(Keyspace.PULSE))
                                        .build()));
            } finally {
                pulse.unlock();
            }
        }
    }

    @Override
    public void compact(long revision) {
        try {
            read(() ->
                    members.read(
                            KVGrpc.getCompactMethod(),
                            CompactionRequest.newBuilder().setRevision(revision).build()));
        } catch (AtRevision e) {
            if (e.future()) {
                throw e.explained(revision, () -> 0);
            }
            // Compacted already.
        }
    }

    /** The oldest revision that is kept, which etcd tells only those who ask for an older one. */
    private long compacted() {
        CountDownLatch told = new CountDownLatch(1);
        long[] oldest = new long[1];
        StoreWatch.Listener listener =
                new StoreWatch.Listener() {
                    @Override
                    public void changed(StoreWatch.Batch batch) {
                        told.countDown();
                    }

                    @Override
                    public void failed(StoreException cause) {
                        oldest[0] = cause instanceof CompactedException e ? e.oldest() : 0;
                        told.countDown();
                    }
                };
        EtcdWatch watch = new EtcdWatch(members, keyspace, 1, listener, _ -> {});
        watch.start();
        try {
            told.await(5, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            watch.close();
        }
        return oldest[0];
    }

    private interface Call<A> {
        A make();
    }

    private <A> A read(Call<A> call) {
        try {
            return call.make();
        } catch (StatusRuntimeException e) {
            if (Problems.isCompacted(e) || Problems.isFuture(e)) {
                throw new AtRevision(Problems.isFuture(e), e);
            }
            throw Problems.of(e);
        }
    }

    /** The revision of a request is no longer, or not yet, there. */
    private static final class AtRevision extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final boolean future;

        AtRevision(boolean future, Throwable cause) {
            super(cause.getMessage(), cause);
            this.future = future;
        }

        boolean future() {
            return future;
        }

        RuntimeException explained(long revision, java.util.function.LongSupplier oldest) {
            return future
                    ? new IllegalArgumentException("revision " + revision + " is yet to come", this)
                    : new CompactedException(revision, oldest.getAsLong());
        }
    }

    @Override
    public void close() {
        compactor.ifPresent(Compactor::close);
        StoreException cause = new StoreException("the store is closed");
        watches.forEach(watch -> watch.end(cause));
        members.close();
    }

    @Override
    public String toString() {
        return "etcd " + String.join(",", settings.members()) + settings.prefix();
    }
}
