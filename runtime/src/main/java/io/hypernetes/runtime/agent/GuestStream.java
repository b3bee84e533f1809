package io.hypernetes.runtime.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The host's end of a stream: channel 0 and 1 come from the guest, 2 goes there. What has come is
 * held until somebody takes it; the guest may have one window of it under way and breaks the
 * protocol with more, so this never grows. All state is guarded by the lock.
 */
final class GuestStream {

    static final int WINDOW = 65536;
    static final int OUTPUT_WINDOW = 131072;
    static final int STDIN = 2;
    private static final int MAX_CHUNK = 32768;

    /** Bytes that have come, in the order of arrival over both channels. */
    @SuppressWarnings("ArrayRecordComponent")
    record Chunk(int channel, byte[] bytes) {}

    private final AgentChannel channel;
    private final int id;
    private final int window;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Chunk> chunks = new ArrayDeque<>();
    private final int[] held = new int[2];
    private final boolean[] ended = new boolean[2];
    private int sendWindow = WINDOW;
    private boolean inputGone;
    private boolean closed;
    private OptionalInt exit = OptionalInt.empty();
    private Optional<AgentException> lost = Optional.empty();

    GuestStream(AgentChannel channel, int id, int window) {
        this.channel = channel;
        this.id = id;
        this.window = window;
    }

    int id() {
        return id;
    }

    // ---- called by the channel's reader: never blocks ----

    void received(int from, byte[] bytes) {
        locked(() -> {
            if (closed) {
                return;
            }
            if (from > 1 || bytes.length > window - held[from] || ended[from]) {
                throw new BreachException("more bytes than its window");
            }
            if (bytes.length > 0) {
                held[from] += bytes.length;
                chunks.add(new Chunk(from, bytes));
            }
        });
    }

    void ended(int which) {
        locked(() -> {
            if (which == STDIN) {
                inputGone = true;
            } else if (which < 2) {
                ended[which] = true;
            }
        });
    }

    void credited(int which, int bytes) {
        locked(() -> {
            if (which != STDIN || bytes < 0 || bytes > WINDOW - sendWindow) {
                throw new BreachException("a credit of " + bytes);
            }
            sendWindow += bytes;
        });
    }

    void exited(int code) {
        locked(() -> exit = OptionalInt.of(code));
    }

    void lost(AgentException cause) {
        locked(() -> lost = Optional.of(cause));
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // ---- called by consumers ----

    /** Whether this side has ended it. */
    boolean closed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** How much the guest's input ring has room for; told by the answer to an attach. */
    void sendWindow(int bytes) {
        if (bytes < 0 || bytes > WINDOW) {
            throw new BreachException("a window of " + bytes);
        }
        locked(() -> sendWindow = bytes);
    }

    /** Waits for bytes of either channel; empty when both have ended. Credit them when taken. */
    Optional<Chunk> next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (chunks.isEmpty() && !(ended[0] && ended[1])) {
                await();
            }
            Optional<Chunk> chunk = Optional.ofNullable(chunks.peek());
            chunk.ifPresent(taken -> chunks.remove());
            return chunk;
        } finally {
            lock.unlock();
        }
    }

    /** Tells the guest that these bytes were taken and need not be kept. */
    void credit(int from, int bytes) {
        locked(() -> held[from] -= bytes);
        channel.send(Frame.CREDIT, id, new Fields().u8(from).u32(bytes).bytes());
    }

    InputStream input(int from) {
        return new Input(from);
    }

    GuestOutputStream output() {
        return new Output();
    }

    int waitFor() throws InterruptedException {
        return waitFor(Long.MAX_VALUE).orElseThrow();
    }

    OptionalInt waitFor(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (exit.isEmpty() && lost.isEmpty() && left > 0) {
                left = changed.awaitNanos(left);
            }
            if (exit.isEmpty() && lost.isPresent()) {
                throw AgentChannel.again(lost.get());
            }
            return exit;
        } finally {
            lock.unlock();
        }
    }

    void resize(int columns, int rows) {
        channel.send(Frame.RESIZE, id, new Fields().u16(columns).u16(rows).bytes());
    }

    /** Ends the stream from this side: what still comes is thrown away. */
    void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            ended[0] = true;
            ended[1] = true;
            inputGone = true;
            chunks.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        channel.forget(id);
        channel.sendQuietly(Frame.CLOSE, id);
    }

    private void await() throws InterruptedException {
        if (lost.isPresent()) {
            throw AgentChannel.again(lost.get());
        }
        changed.await();
    }

    private static InterruptedIOException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        InterruptedIOException io = new InterruptedIOException();
        io.initCause(e);
        return io;
    }

    /** One channel from the guest as a stream. */
    private final class Input extends InputStream {

        private final int from;
        private byte[] bytes = new byte[0];
        private int at;

        Input(int from) {
            this.from = from;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (at == bytes.length && !fetch()) {
                return -1;
            }
            int n = Math.min(length, bytes.length - at);
            System.arraycopy(bytes, at, to, offset, n);
            at += n;
            return n;
        }

        @Override
        public int available() {
            return bytes.length - at;
        }

        private boolean fetch() throws IOException {
            lock.lock();
            try {
                Optional<Chunk> found;
                while ((found = first()).isEmpty() && !ended[from]) {
                    await();
                }
                if (found.isEmpty()) {
                    return false;
                }
                chunks.remove(found.get());
                bytes = found.get().bytes();
                at = 0;
            } catch (InterruptedException e) {
                throw interrupted(e);
            } catch (AgentException e) {
                throw new IOException(e.getMessage(), e);
            } finally {
                lock.unlock();
            }
            credit(from, bytes.length);
            return true;
        }

        private Optional<Chunk> first() {
            return chunks.stream().filter(chunk -> chunk.channel() == from).findFirst();
        }
    }

    /** Channel 2 as a stream. */
    private final class Output extends GuestOutputStream {

        private boolean closedHere;

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int at = offset;
            while (at < offset + length) {
                int n = reserve(offset + length - at);
                Fields data = new Fields().u8(STDIN);
                byte[] part = new byte[n];
                System.arraycopy(bytes, at, part, 0, n);
                try {
                    channel.send(Frame.DATA, id, data.raw(part).bytes());
                } catch (AgentException e) {
                    throw new IOException(e.getMessage(), e);
                }
                at += n;
            }
        }

        private int reserve(int wanted) throws IOException {
            lock.lock();
            try {
                while (sendWindow == 0 && !inputGone && exit.isEmpty()) {
                    await();
                }
                if (inputGone || closedHere || exit.isPresent()) {
                    throw new IOException("the far end does not read any more");
                }
                int n = Math.min(Math.min(wanted, MAX_CHUNK), sendWindow);
                sendWindow -= n;
                return n;
            } catch (InterruptedException e) {
                throw interrupted(e);
            } catch (AgentException e) {
                throw new IOException(e.getMessage(), e);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() throws IOException {
            lock.lock();
            try {
                if (closedHere || inputGone || lost.isPresent()) {
                    return;
                }
                closedHere = true;
            } finally {
                lock.unlock();
            }
            try {
                channel.send(Frame.END, id, new byte[] {STDIN});
            } catch (AgentException e) {
                throw new IOException(e.getMessage(), e);
            }
        }
    }
}
