package io.hypernetes.node;

import com.google.protobuf.ByteString;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.hypernetes.api.client.PodAccess;
import io.hypernetes.api.client.PodAccess.ExecOptions;
import io.hypernetes.api.client.PodAccess.Output;
import io.hypernetes.api.client.PodAccess.TerminalSize;
import io.hypernetes.cri.guest.v1.AttachInput;
import io.hypernetes.cri.guest.v1.AttachStart;
import io.hypernetes.cri.guest.v1.ExecInput;
import io.hypernetes.cri.guest.v1.ExecOutput;
import io.hypernetes.cri.guest.v1.ExecStart;
import io.hypernetes.cri.guest.v1.GuestGrpc;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/**
 * A process in a guest, behind a stream of the guest service. Output is asked for one message at a
 * time, so a slow reader slows the process and fills no memory.
 *
 * @param <I> the messages that go in
 */
final class GuestProcess<I> implements PodAccess.Process {

    /** What can be said to a running process. */
    private sealed interface Input {
        record Bytes(ByteString bytes) implements Input {}

        record Resize(TerminalSize size) implements Input {}

        record End() implements Input {}
    }

    private static final int CHUNK = 64 * 1024;

    private final Output output;
    private final Function<Input, I> message;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final GuestCall<I, ExecOutput> call = new GuestCall<>(this::received, this::ended);
    private volatile boolean inputEnded;

    private GuestProcess(Output output, Function<Input, I> message) {
        this.output = output;
        this.message = message;
    }

    static PodAccess.Process exec(
            ManagedChannel channel, String container, ExecOptions options, Output output) {
        GuestProcess<ExecInput> process = new GuestProcess<>(output, GuestProcess::execInput);
        GuestGrpc.newStub(channel).exec(process.call);
        process.call.send(
                ExecInput.newBuilder()
                        .setStart(
                                ExecStart.newBuilder()
                                        .setContainerId(container)
                                        .addAllCommand(options.command())
                                        .setTty(options.tty())
                                        .setStdin(options.stdin()))
                        .build());
        return process;
    }

    static PodAccess.Process attach(
            ManagedChannel channel, String container, ExecOptions options, Output output) {
        GuestProcess<AttachInput> process = new GuestProcess<>(output, GuestProcess::attachInput);
        GuestGrpc.newStub(channel).attach(process.call);
        process.call.send(
                AttachInput.newBuilder()
                        .setStart(
                                AttachStart.newBuilder()
                                        .setContainerId(container)
                                        .setStdin(options.stdin()))
                        .build());
        return process;
    }

    private static ExecInput execInput(Input input) {
        ExecInput.Builder message = ExecInput.newBuilder();
        return switch (input) {
            case Input.Bytes(ByteString bytes) -> message.setStdin(bytes).build();
            case Input.Resize(TerminalSize size) -> message.setResize(size(size)).build();
            case Input.End() -> message.setStdinEnd(true).build();
        };
    }

    private static AttachInput attachInput(Input input) {
        AttachInput.Builder message = AttachInput.newBuilder();
        return switch (input) {
            case Input.Bytes(ByteString bytes) -> message.setStdin(bytes).build();
            case Input.Resize(TerminalSize size) -> message.setResize(size(size)).build();
            case Input.End() -> message.setStdinEnd(true).build();
        };
    }

    private static io.hypernetes.cri.guest.v1.TerminalSize size(TerminalSize size) {
        return io.hypernetes.cri.guest.v1.TerminalSize.newBuilder()
                .setColumns(size.columns())
                .setRows(size.rows())
                .build();
    }

    private void received(ExecOutput message) throws IOException {
        switch (message.getOutputCase()) {
            case STDOUT -> write(output.stdout(), message.getStdout());
            case STDERR -> write(output.stderr(), message.getStderr());
            case EXIT_CODE -> exit.complete(message.getExitCode());
            case OUTPUT_NOT_SET -> {
                // A message of a later version: nothing to show.
            }
        }
    }

    private static void write(OutputStream stream, ByteString bytes) throws IOException {
        bytes.writeTo(stream);
        stream.flush();
    }

    private void ended(Status status) {
        if (status.isOk()) {
            exit.completeExceptionally(new IOException("the process ended without an exit code"));
        } else {
            exit.completeExceptionally(
                    new IOException(PodRuntime.message(new StatusRuntimeException(status))));
        }
    }

    @Override
    public OutputStream stdin() {
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
                            message.apply(
                                    new Input.Bytes(
                                            ByteString.copyFrom(bytes, offset + at, count))));
                }
            }

            @Override
            public void close() {
                if (!inputEnded) {
                    inputEnded = true;
                    call.send(message.apply(new Input.End()));
                }
            }
        };
    }

    @Override
    public void resize(TerminalSize size) {
        call.send(message.apply(new Input.Resize(size)));
    }

    @Override
    public int waitFor() throws InterruptedException, IOException {
        try {
            return exit.get();
        } catch (ExecutionException e) {
            throw new IOException(
                    e.getCause() == null ? "exec failed" : e.getCause().getMessage(), e);
        }
    }

    @Override
    public void close() {
        call.cancel();
    }
}
