package io.hypernetes.store.etcd;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.hypernetes.store.CompactedException;
import io.hypernetes.store.Entry;
import io.hypernetes.store.StoreEvent;
import io.hypernetes.store.StoreException;
import io.hypernetes.store.StoreWatch;
import io.hypernetes.store.etcd.rpc.Event;
import io.hypernetes.store.etcd.rpc.KeyValue;
import io.hypernetes.store.etcd.rpc.WatchCreateRequest;
import io.hypernetes.store.etcd.rpc.WatchGrpc;
import io.hypernetes.store.etcd.rpc.WatchRequest;
import io.hypernetes.store.etcd.rpc.WatchResponse;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * One watch over everything behind the prefix, through lost connections and members.
 *
 * <p>It asks from the revision it has already delivered, not from the next, and drops what it
 * knows: etcd refuses then exactly when something of the history after that revision may be gone,
 * which asking from the next one would not tell (a deletion at the compacted revision is dropped
 * silently). So it neither loses a revision nor repeats one.
 *
 * <p>{@code delivered} and {@code parts} belong to its thread.
 */
final class EtcdWatch implements StoreWatch, Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(EtcdWatch.class);

    /** How many answers of a stream may wait for the listener. */
    private static final int AHEAD = 16;

    private static final long RECONNECT_MILLIS = 50;

    /** A login costs etcd a tenth of a second of its processor. */
    private static final long REFUSED_MILLIS = 500;

    /** What a stream says; its end is the last. */
    private sealed interface Said {
        record Answer(WatchResponse response) implements Said {}

        record End(Status status) implements Said {}
    }

    private final Members members;
    private final Keyspace keyspace;
    private final Listener listener;
    private final Consumer<EtcdWatch> onEnd;
    private final Thread thread;

    private long delivered;

    /** Events of an answer that comes in fragments, which may cut a transaction in two. */
    private final List<Event> parts = new ArrayList<>();

    private volatile boolean closed;

    EtcdWatch(
            Members members,
            Keyspace keyspace,
            long after,
            Listener listener,
            Consumer<EtcdWatch> onEnd) {
        this.members = members;
        this.keyspace = keyspace;
        this.delivered = after;
        this.listener = listener;
        this.onEnd = onEnd;
        this.thread = Thread.ofVirtual().name("etcd-watch").unstarted(this);
    }

    void start() {
        thread.start();
    }

    @Override
    public void run() {
        try {
            while (!closed) {
                int member = members.current();
                String token = members.token();
                boolean refused;
                try (Stream stream = new Stream(member)) {
                    refused = follow(stream);
                }
                if (refused && !closed) {
                    members.renewLogin(member, token);
                    Thread.sleep(REFUSED_MILLIS);
                }
                if (!closed) {
                    members.advance(member);
                    Thread.sleep(RECONNECT_MILLIS);
                }
            }
        } catch (CompactedException e) {
            fail(e);
        } catch (StoreException e) {
            if (!members.isClosed()) {
                fail(e);
            }
        } catch (InterruptedException _) {
            // Closed. There is nobody to pass the interrupt on to: the thread ends here.
        } catch (RuntimeException e) {
            String message = "a watch failed after revision " + delivered;
            LOG.error("{} and is ended", message, e);
            fail(new StoreException(message + ": " + e.getMessage(), e));
        } finally {
            onEnd.accept(this);
        }
    }

    private void fail(StoreException cause) {
        if (!closed) {
            closed = true;
            listener.failed(cause);
        }
    }

    /**
     * Returns when the stream is of no more use.
     *
     * @return whether its member refused it
     */
    private boolean follow(Stream stream) throws InterruptedException {
        parts.clear();
        while (!closed) {
            switch (stream.said.take()) {
                case Said.End(Status status) -> {
                    LOG.debug("a watch lost its member: {}", status);
                    return status.getCode() == Status.Code.UNAUTHENTICATED
                            || status.getCode() == Status.Code.PERMISSION_DENIED;
                }
                case Said.Answer(WatchResponse response) -> {
                    if (response.getCanceled()) {
                        if (response.getCompactRevision() > 0) {
                            throw new CompactedException(delivered, response.getCompactRevision());
                        }
                        LOG.debug("a watch was cancelled: {}", response.getCancelReason());
                        return response.getCreated();
                    }
                    if (!response.getCreated()) {
                        deliver(response);
                    }
                    stream.call.request(1);
                }
            }
        }
        return false;
    }

    private void deliver(WatchResponse response) {
        parts.addAll(response.getEventsList());
        if (response.getFragment()) {
            return;
        }
        if (parts.isEmpty()) {
            // A progress notification: nothing of ours happened up to here.
            deliver(response.getHeader().getRevision(), List.of(), false);
            return;
        }
        List<StoreEvent> events = new ArrayList<>();
        long revision = parts.getFirst().getKv().getModRevision();
        for (Event event : parts) {
            long next = event.getKv().getModRevision();
            if (next != revision) {
                deliver(revision, List.copyOf(events), true);
                events.clear();
                revision = next;
            }
            if (!keyspace.isOwn(event.getKv().getKey())) {
                events.add(event(event));
            }
        }
        deliver(revision, List.copyOf(events), false);
        parts.clear();
    }

    private void deliver(long revision, List<StoreEvent> events, boolean more) {
        if (revision > delivered && !closed) {
            listener.changed(new Batch(revision, events, more));
            delivered = revision;
        }
    }

    private StoreEvent event(Event event) {
        KeyValue kv = event.getKv();
        return event.getType() == Event.EventType.DELETE
                ? new StoreEvent.Delete(keyspace.storeKey(kv.getKey()))
                : new StoreEvent.Put(entry(keyspace, kv));
    }

    static Entry entry(Keyspace keyspace, KeyValue kv) {
        return new Entry(
                keyspace.storeKey(kv.getKey()),
                kv.getValue().toByteArray(),
                kv.getCreateRevision(),
                kv.getModRevision());
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }

    /** Ends it because the store is closed. */
    void end(StoreException cause) {
        fail(cause);
        thread.interrupt();
    }

    /** A stream to one member. It takes a few answers at a time, at the listener's pace. */
    private final class Stream extends ClientCall.Listener<WatchResponse> implements AutoCloseable {

        final LinkedBlockingQueue<Said> said = new LinkedBlockingQueue<>();
        final ClientCall<WatchRequest, WatchResponse> call;

        Stream(int member) {
            call = members.channel(member).newCall(WatchGrpc.getWatchMethod(), CallOptions.DEFAULT);
            call.start(this, new Metadata());
            call.request(AHEAD);
            call.sendMessage(
                    WatchRequest.newBuilder()
                            .setCreateRequest(
                                    WatchCreateRequest.newBuilder()
                                            .setKey(keyspace.begin())
                                            .setRangeEnd(keyspace.end())
                                            .setStartRevision(delivered)
                                            .setProgressNotify(true)
                                            .setFragment(true))
                            .build());
        }

        @Override
        public void onMessage(WatchResponse response) {
            said.add(new Said.Answer(response));
        }

        @Override
        public void onClose(Status status, @Nullable Metadata trailers) {
            said.add(new Said.End(status));
        }

        @Override
        public void close() {
            call.cancel("done", null);
        }
    }
}
