package io.hypernetes.node;

import com.google.protobuf.ByteString;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.hypernetes.api.client.PodAccess.PortStream;
import io.hypernetes.cri.guest.v1.GuestGrpc;
import io.hypernetes.cri.guest.v1.PortForwardInput;
import io.hypernetes.cri.guest.v1.PortForwardOutput;
import io.hypernetes.cri.guest.v1.PortForwardStart;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A connection to a port of a guest, dialled by the guest's agent. */
final class GuestPort implements PortStream {

    private static final int CHUNK = 64 * 1024;

    /** Messages that wait to be read; then the guest waits. */
    private static final int MOST_WAITING = 4;

    private static final Logger LOG = LoggerFactory.getLogger(GuestPort.class);

    /** What came, and an empty one at the end. */
    private final BlockingQueue<ByteString> arrived = new LinkedBlockingQueue<>();

    private final Semaphore room = new Semaphore(MOST_WAITING);

    /** Whether the guest has connected: its first message says so, or the end comes first. */
    private final CompletableFuture<Boolean> connected = new CompletableFuture<>();

    private final GuestCall<PortForwardInput, PortForwardOutput> call =
            new GuestCall<>(this::received, this::ended);

    private GuestPort() {}

    /** Empty when nothing listens on that port, or takes the connection in this time. */
    static Optional<PortStream> open(
            ManagedChannel channel, String sandbox, int port, Duration patience) {
        GuestPort stream = new GuestPort();
        GuestGrpc.newStub(channel).portForward(stream.call);
        stream.call.send(
                PortForwardInput.newBuilder()
                        .setStart(
                                PortForwardStart.newBuilder()
                                        .setPodSandboxId(sandbox)
                                        .setPort(port))
                        .build());
        if (stream.awaitConnection(patience)) {
            return Optional.of(stream);
        }
        stream.close();
        return Optional.empty();
    }

    private boolean awaitConnection(Duration patience) {
        try {
            return connected.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("a guest does not connect to its port: {}", e.getMessage());
            return false;
        }
    }

    private void received(PortForwardOutput message) throws IOException {
        connected.complete(true);
        if (message.getData().isEmpty()) {
            return;
        }
        try {
            room.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a port's stream waited");
        }
        arrived.add(message.getData());
    }

    private void ended(Status status) {
        if (connected.complete(status.isOk())) {
            LOG.debug("a port was not connected: {}", status);
        }
        arrived.add(ByteString.EMPTY);
    }

    @Override
    public InputStream input() {
        return input;
    }

    /** For one reader. Bound to no thread, unlike a pipe: the sender's may come and go. */
    private final InputStream input =
            new InputStream() {
                private ByteString message = ByteString.EMPTY;
                private int at;
                private boolean over;

                @Override
                public int read() throws IOException {
                    byte[] one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
                }

                @Override
                public int read(byte[] target, int offset, int length) throws IOException {
                    if (length == 0) {
                        return 0;
                    }
                    if (at == message.size() && !next()) {
                        return -1;
                    }
                    int count = Math.min(length, message.size() - at);
                    message.copyTo(target, at, offset, count);
                    at += count;
                    return count;
                }

                private boolean next() throws IOException {
                    if (over) {
                        return false;
                    }
                    try {
                        message = arrived.take();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new InterruptedIOException("interrupted while reading a port");
                    }
                    at = 0;
                    over = message.isEmpty();
                    room.release();
                    return !over;
                }
            };

    @Override
    public OutputStream output() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                for (int at = 0; at < length; at += CHUNK) {
                    int count = Math.min(CHUNK, length - at);
                    call.sendWhenReady(
                            PortForwardInput.newBuilder()
                                    .setData(ByteString.copyFrom(bytes, offset + at, count))
                                    .build());
                }
            }

            @Override
            public void close() {
                call.endOfInput();
            }
        };
    }

    @Override
    public void close() {
        call.cancel();
        // Whoever waits for room, or for more, waits in vain.
        room.release(MOST_WAITING);
        arrived.add(ByteString.EMPTY);
    }
}
