package io.hypernetes.runtime.agent;

import static io.hypernetes.runtime.agent.AgentException.Reason.LOST;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Requests, answers and streams over one connection. One virtual thread reads and never waits for a
 * consumer; writers take turns behind a lock. A breach of the protocol ends the channel.
 */
final class AgentChannel implements AutoCloseable {

    static final int VERSION = 1;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SocketChannel socket;
    private final Consumer<byte[]> containerExits;
    private final ReentrantLock writing = new ReentrantLock();
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<byte[]>> pending = new ConcurrentHashMap<>();
    private final Map<Integer, GuestStream> streams = new ConcurrentHashMap<>();
    private final byte[] nonce = new byte[16];
    private final CompletableFuture<Instant> welcome = new CompletableFuture<>();
    private final CompletableFuture<AgentException> end = new CompletableFuture<>();

    /**
     * @param containerExits gets the payload of each container's end, on the reader: may not block
     */
    AgentChannel(SocketChannel socket, String name, Consumer<byte[]> containerExits) {
        this.socket = socket;
        this.containerExits = containerExits;
        RANDOM.nextBytes(nonce);
        Thread.ofVirtual().name("agent " + name).start(this::read);
    }

    /**
     * Begins the session: what an earlier host had under way ends, clock and randomness are set.
     */
    void hello(Duration timeout) throws InterruptedException {
        Instant before = Instant.now();
        byte[] seed = new byte[32];
        RANDOM.nextBytes(seed);
        Fields hello = new Fields().u32(VERSION).raw(nonce);
        hello.u64(before.getEpochSecond()).u32(before.getNano()).blob(seed);
        send(Frame.HELLO, 0, hello.bytes());
        Instant after = await(welcome, timeout, "the guest did not answer");
        if (Duration.between(before, after).toMillis() > 100) {
            // The greeting waited for the guest to boot: its time is old.
            Instant now = Instant.now();
            request(
                    Op.CLOCK,
                    new Fields().u64(now.getEpochSecond()).u32(now.getNano()),
                    Duration.ofSeconds(30));
        }
    }

    /** Completes with the reason when the channel has ended. */
    CompletableFuture<AgentException> end() {
        return end;
    }

    int nextId() {
        return ids.incrementAndGet();
    }

    void request(Op op, Fields fields, Duration timeout) {
        request(nextId(), op, fields, timeout, answer -> true);
    }

    /**
     * Asks and waits for the answer.
     *
     * @param parse reads the fields of an answer that is no refusal
     */
    <T> T request(int id, Op op, Fields fields, Duration timeout, Function<FieldReader, T> parse) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        pending.put(id, answer);
        try {
            if (end.isDone()) {
                throw again(end.join());
            }
            sendRequest(id, new Fields().u8(op.code()).raw(fields.bytes()).bytes());
            FieldReader reply =
                    new FieldReader(await(answer, timeout, op + " was not answered in time"));
            Optional<AgentException.Reason> refused = reason(reply.u8());
            if (refused.isPresent()) {
                throw new AgentException(refused.get(), reply.string());
            }
            return parse.apply(reply);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AgentException(
                    AgentException.Reason.FAILED, op + " was interrupted while waiting", e);
        } catch (BreachException e) {
            fail(e);
            throw new AgentException(LOST, String.valueOf(e.getMessage()), e);
        } finally {
            pending.remove(id);
        }
    }

    GuestStream open(int id, int window) {
        GuestStream stream = new GuestStream(this, id, window);
        streams.put(id, stream);
        if (end.isDone()) {
            stream.lost(end.join());
        }
        return stream;
    }

    void forget(int streamId) {
        streams.remove(streamId);
    }

    void send(int type, int id, byte[] payload) {
        write(FrameCodec.encode(new Frame(type, id, payload)));
    }

    /** For messages that do not matter when the channel has ended. */
    void sendQuietly(int type, int id) {
        if (!end.isDone()) {
            try {
                send(type, id, new byte[0]);
            } catch (AgentException e) {
                end.complete(e);
            }
        }
    }

    private void sendRequest(int id, byte[] payload) {
        // The guest puts parts together whatever their id, so nothing may come between them.
        writing.lock();
        try {
            int at = 0;
            for (; payload.length - at > Frame.MAX_PAYLOAD; at += Frame.MAX_PAYLOAD) {
                send(Frame.PART, id, Arrays.copyOfRange(payload, at, at + Frame.MAX_PAYLOAD));
            }
            send(Frame.REQUEST, id, Arrays.copyOfRange(payload, at, payload.length));
        } finally {
            writing.unlock();
        }
    }

    private void write(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        writing.lock();
        try {
            while (buffer.hasRemaining()) {
                socket.write(buffer);
            }
        } catch (IOException e) {
            throw new AgentException(LOST, "the guest can not be reached: " + e.getMessage(), e);
        } finally {
            writing.unlock();
        }
    }

    // ---- the reader ----

    private void read() {
        FrameCodec.Decoder decoder = new FrameCodec.Decoder();
        ByteBuffer buffer = ByteBuffer.allocate(32768);
        try {
            while (socket.read(buffer) >= 0) {
                decoder.feed(buffer.flip(), this::dispatch);
                buffer.clear();
            }
            fail(new IOException("the machine has ended"));
        } catch (IOException | BreachException e) {
            fail(e);
        }
    }

    private void dispatch(Frame frame) {
        FieldReader in = new FieldReader(frame.payload());
        if (frame.type() == Frame.WELCOME) {
            if (Arrays.equals(in.raw(nonce.length), nonce)) {
                int version = in.i32();
                if (version < VERSION) {
                    throw new BreachException("version " + version);
                }
                welcome.complete(Instant.now());
            }
            return;
        }
        if (!welcome.isDone()) {
            return; // meant for the host before us
        }
        if (frame.type() == Frame.CONTAINER_EXIT) {
            containerExits.accept(frame.payload());
        } else if (frame.type() == Frame.REPLY) {
            CompletableFuture<byte[]> answer = pending.get(frame.id());
            if (answer != null) {
                answer.complete(frame.payload());
            }
        } else {
            GuestStream stream = streams.get(frame.id());
            if (stream != null) {
                dispatch(frame.type(), in, stream);
            }
        }
    }

    private void dispatch(int type, FieldReader in, GuestStream stream) {
        switch (type) {
            case Frame.DATA -> stream.received(in.u8(), in.rest());
            case Frame.END -> stream.ended(in.u8());
            case Frame.CREDIT -> stream.credited(in.u8(), in.i32());
            case Frame.EXIT -> {
                stream.exited(in.i32());
                streams.remove(stream.id()); // the last message of a stream
            }
            default -> throw new BreachException("a message of type " + type);
        }
    }

    private void fail(Exception cause) {
        AgentException lost = new AgentException(LOST, String.valueOf(cause.getMessage()), cause);
        end.complete(lost);
        welcome.completeExceptionally(lost);
        pending.values().forEach(answer -> answer.completeExceptionally(lost));
        streams.values().forEach(stream -> stream.lost(lost));
        closeSocket();
    }

    @Override
    public void close() {
        fail(new IOException("the channel was closed"));
    }

    private void closeSocket() {
        try {
            socket.close();
        } catch (IOException e) {
            end.complete(new AgentException(LOST, "closing failed: " + e.getMessage(), e));
        }
    }

    // ---- waiting ----

    private static <T> T await(CompletableFuture<T> future, Duration timeout, String late)
            throws InterruptedException {
        try {
            return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AgentException(AgentException.Reason.TIMEOUT, late, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AgentException cause) {
                throw again(cause);
            }
            throw new AgentException(LOST, "the guest can not be reached", e);
        }
    }

    /** An exception of the caller's own stack for what has happened to the reader. */
    static AgentException again(AgentException cause) {
        return new AgentException(cause.reason(), String.valueOf(cause.getMessage()), cause);
    }

    private static Optional<AgentException.Reason> reason(int code) {
        return switch (code) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(AgentException.Reason.NOT_FOUND);
            case 2 -> Optional.of(AgentException.Reason.CONFLICT);
            case 3 -> Optional.of(AgentException.Reason.INVALID);
            case 4 -> Optional.of(AgentException.Reason.NOT_EXECUTABLE);
            case 5 -> Optional.of(AgentException.Reason.FAILED);
            case 6 -> Optional.of(AgentException.Reason.TIMEOUT);
            default -> throw new BreachException("an answer of code " + code);
        };
    }
}
