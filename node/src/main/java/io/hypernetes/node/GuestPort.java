package io.hypernetes.node;

import com.google.protobuf.ByteString;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.hypernetes.api.client.PodAccess.PortStream;
import io.hypernetes.cri.guest.v1.GuestGrpc;
import io.hypernetes.cri.guest.v1.PortForwardInput;
import io.hypernetes.cri.guest.v1.PortForwardOutput;
import io.hypernetes.cri.guest.v1.PortForwardStart;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/** A connection to a port of a guest, dialled by the guest's agent. */
final class GuestPort implements PortStream {

    private static final int BUFFER = 256 * 1024;
    private static final int CHUNK = 64 * 1024;

    private final PipedOutputStream received = new PipedOutputStream();
    private final PipedInputStream input;
    private final GuestCall<PortForwardInput, PortForwardOutput> call;

    private GuestPort() {
        try {
            this.input = new PipedInputStream(received, BUFFER);
        } catch (IOException e) {
            throw new UncheckedIOException("a fresh pipe cannot be connected", e);
        }
        this.call = new GuestCall<>(this::received, this::ended);
    }

    static Optional<PortStream> open(ManagedChannel channel, String sandbox, int port) {
        GuestPort stream = new GuestPort();
        GuestGrpc.newStub(channel).portForward(stream.call);
        stream.call.send(
                PortForwardInput.newBuilder()
                        .setStart(
                                PortForwardStart.newBuilder()
                                        .setPodSandboxId(sandbox)
                                        .setPort(port))
                        .build());
        return Optional.of(stream);
    }

    private void received(PortForwardOutput message) throws IOException {
        message.getData().writeTo(received);
        received.flush();
    }

    private void ended(Status status) {
        try {
            received.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the end of a port's stream (" + status + ")", e);
        }
    }

    @Override
    public InputStream input() {
        return input;
    }

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
    }
}
