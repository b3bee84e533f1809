package io.hypernetes.server.streaming.spdy;

import io.hypernetes.server.http.RawConnection;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The server's side of a SPDY/3.1 connection. {@link #run} reads it until it ends; its streams are
 * handed over as they are opened.
 */
public final class SpdySession implements AutoCloseable {
    /** Streams open at once; a forwarded connection takes two. */
    static final int MOST_STREAMS = 256;

    /** How often a peer is asked whether it is there; a dead one is noticed by the write. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(SpdySession.class);

    /** Told of streams by the reading thread: it must not wait. */
    @FunctionalInterface
    public interface Listener {
        /** A stream was opened and has its reply. */
        void opened(SpdyStream stream);
    }

    private final RawConnection connection;
    private final FrameWriter writer;
    private final ConcurrentMap<Integer, SpdyStream> streams = new ConcurrentHashMap<>();

    private final CountDownLatch ended = new CountDownLatch(1);

    /** The highest id that the client used: used by the reading thread. */
    private int lastStream;

    /** Bytes that may wait to be read, in all streams together. */
    private final Semaphore memory = new Semaphore(4 * 1024 * 1024);

    public SpdySession(RawConnection connection) {
        this.connection = connection;
        this.writer = new FrameWriter(connection.output());
    }

    Semaphore memory() {
        return memory;
    }

    FrameWriter writer() {
        return writer;
    }

    /**
     * Returns when the peer has ended the connection, or does not keep to the protocol; all streams
     * are broken off then.
     */
    public void run(Listener listener) {
        Thread heart = Thread.ofVirtual().name("spdy-heartbeat").start(this::beat);
        try (FrameReader reader = new FrameReader(connection.input())) {
            for (Optional<Frame> frame = reader.next(); frame.isPresent(); frame = reader.next()) {
                take(frame.get(), listener);
            }
        } catch (SpdyException e) {
            LOG.debug("SPDY session ended: {}", e.getMessage());
            sayGoodBye(Frame.PROTOCOL_ERROR);
        } catch (IOException e) {
            LOG.debug("SPDY connection broke: {}", e.getMessage());
        } finally {
            heart.interrupt();
            close();
        }
    }

    private void beat() {
        try {
            for (int id = 2; ; id += 2) {
                Thread.sleep(HEARTBEAT);
                writer.ping(id);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.debug("a SPDY peer is gone: {}", e.getMessage());
            close();
        }
    }

    private void take(Frame frame, Listener listener) throws IOException {
        switch (frame) {
            case Frame.SynStream opened -> open(opened, listener);
            case Frame.Data data -> {
                SpdyStream stream = streams.get(data.stream());
                if (stream == null) {
                    // Of a stream that is over here: what was on its way.
                    return;
                }
                stream.received(data.bytes(), data.fin());
                forgetIfOver(stream);
            }
            case Frame.RstStream(int id, int _) -> {
                SpdyStream stream = streams.remove(id);
                if (stream != null) {
                    stream.breakOff("the client reset the stream");
                }
            }
            case Frame.Headers(int id, boolean fin) -> {
                SpdyStream stream = streams.get(id);
                if (stream != null) {
                    stream.received(new byte[0], fin);
                    forgetIfOver(stream);
                }
            }
            case Frame.Ping(int id) -> {
                // Odd ids are the client's questions, even ones the answers to ours.
                if (id % 2 != 0) {
                    writer.ping(id);
                }
            }
            case Frame.WindowUpdate(int id, int delta) -> {
                // The session's own window (id 0) is not heeded: TCP holds back enough.
                SpdyStream stream = streams.get(id);
                if (stream != null) {
                    stream.windowUpdated(delta);
                }
            }
            case Frame.GoAway _, Frame.SynReply _, Frame.Ignored _ -> {
                // No new streams will come, which needs no answer; or nothing for a server.
            }
        }
    }

    private void open(Frame.SynStream opened, Listener listener) throws IOException {
        int id = opened.stream();
        if (id % 2 == 0 || id <= lastStream) {
            throw new SpdyException("stream " + id + " must be odd and greater than the last");
        }
        lastStream = id;
        if (streams.size() >= MOST_STREAMS) {
            writer.reset(id, Frame.REFUSED_STREAM);
            return;
        }
        SpdyStream stream = new SpdyStream(this, id, opened.headers());
        streams.put(id, stream);
        writer.reply(id, Map.of());
        if (opened.fin()) {
            stream.received(new byte[0], true);
        }
        listener.opened(stream);
    }

    private void forgetIfOver(SpdyStream stream) {
        if (stream.isOver()) {
            streams.remove(stream.id());
        }
    }

    void forget(int id) {
        streams.remove(id);
    }

    /** A peer that counts may send more. */
    void grant(int id, int bytes) throws IOException {
        writer.windowUpdate(id, bytes);
        writer.windowUpdate(0, bytes);
    }

    void reset(SpdyStream stream, int status) {
        streams.remove(stream.id());
        try {
            writer.reset(stream.id(), status);
        } catch (IOException e) {
            LOG.debug("a reset could not be sent: {}", e.getMessage());
        }
    }

    /** Tells the client that no more streams will be served: it then ends the connection. */
    public void goAway() {
        sayGoodBye(0);
    }

    private void sayGoodBye(int status) {
        try {
            writer.goAway(lastStream, status);
        } catch (IOException e) {
            LOG.debug("the end could not be said: {}", e.getMessage());
        }
    }

    /** Waits until the connection has ended. */
    public void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /** The same, but no longer than this. */
    public void awaitEnd(Duration patience) throws InterruptedException {
        if (!ended.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.debug("a SPDY client keeps its connection after the end");
        }
    }

    /** Ends the connection and breaks off its streams. */
    @Override
    public void close() {
        connection.close();
        streams.values().forEach(stream -> stream.breakOff("the connection has ended"));
        streams.clear();
        ended.countDown();
        writer.close();
    }
}
