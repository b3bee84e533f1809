package io.hypernetes.store.etcd;

import com.google.protobuf.ByteString;

import io.grpc.StatusRuntimeException;
import io.hypernetes.store.StoreException;
import io.hypernetes.store.etcd.rpc.CompactionRequest;
import io.hypernetes.store.etcd.rpc.Compare;
import io.hypernetes.store.etcd.rpc.KVGrpc;
import io.hypernetes.store.etcd.rpc.KeyValue;
import io.hypernetes.store.etcd.rpc.PutRequest;
import io.hypernetes.store.etcd.rpc.RangeRequest;
import io.hypernetes.store.etcd.rpc.RequestOp;
import io.hypernetes.store.etcd.rpc.TxnRequest;
import io.hypernetes.store.etcd.rpc.TxnResponse;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;

/**
 * Forgets history, one server for all: at each interval every server tries to write its turn into
 * the same key; the one that succeeds compacts up to the revision that was current an interval ago.
 * The write itself shows every watch a newer revision, so that none is ever behind what is
 * forgotten only because nothing of ours was written.
 */
final class Compactor implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);

    private final Members members;
    private final ByteString key;
    private final Duration every;
    private final Thread thread;

    /** The key's version as we know it, and the revision of that turn; of the thread alone. */
    private long turn;

    private long revision;

    Compactor(Members members, Keyspace keyspace, Duration every) {
        this.members = members;
        this.key = keyspace.own(Keyspace.COMPACTION);
        this.every = every;
        this.thread = Thread.ofVirtual().name("etcd-compactor").unstarted(this);
    }

    void start() {
        thread.start();
    }

    @Override
    public void run() {
        while (!members.isClosed()) {
            try {
                Thread.sleep(every);
                step();
            } catch (InterruptedException _) {
                return;
            } catch (StatusRuntimeException | StoreException e) {
                LOG.warn("history is not compacted now: {}", e.getMessage());
            }
        }
    }

    private void step() {
        TxnResponse response = members.write(KVGrpc.getTxnMethod(), takeTurn());
        if (!response.getSucceeded()) {
            // Another server was faster, or we have just begun: its turn is what we know now.
            KeyValue found = response.getResponses(0).getResponseRange().getKvs(0);
            turn = found.getVersion();
            revision = found.getModRevision();
            return;
        }
        long old = revision;
        turn++;
        revision = response.getHeader().getRevision();
        if (old > 0) {
            members.read(
                    KVGrpc.getCompactMethod(),
                    CompactionRequest.newBuilder().setRevision(old).build());
            LOG.debug("compacted up to revision {}", old);
        }
    }

    private TxnRequest takeTurn() {
        return TxnRequest.newBuilder()
                .addCompare(
                        Compare.newBuilder()
                                .setResult(Compare.CompareResult.EQUAL)
                                .setTarget(Compare.CompareTarget.VERSION)
                                .setKey(key)
                                .setVersion(turn))
                .addSuccess(
                        RequestOp.newBuilder().setRequestPut(PutRequest.newBuilder().setKey(key)))
                .addFailure(
                        RequestOp.newBuilder()
                                .setRequestRange(RangeRequest.newBuilder().setKey(key)))
                .build();
    }

    void close() {
        thread.interrupt();
    }
}
