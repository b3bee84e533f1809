package io.hypernetes.runtime.cri;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;

import io.grpc.StatusRuntimeException;
import io.hypernetes.cri.guest.v1.AttachInput;
import io.hypernetes.cri.guest.v1.AttachStart;
import io.hypernetes.cri.guest.v1.ExecInput;
import io.hypernetes.cri.guest.v1.ExecOutput;
import io.hypernetes.cri.guest.v1.ExecStart;
import io.hypernetes.cri.guest.v1.PortForwardInput;
import io.hypernetes.cri.guest.v1.PortForwardOutput;
import io.hypernetes.cri.guest.v1.PortForwardStart;
import io.hypernetes.runtime.agent.AgentException;
import io.hypernetes.runtime.agent.ExecSpec;
import io.hypernetes.runtime.agent.GuestAgent;
import io.hypernetes.runtime.agent.GuestConnection;
import io.hypernetes.runtime.agent.GuestOutputStream;
import io.hypernetes.runtime.agent.GuestProcess;
import io.hypernetes.runtime.agent.OutputListener;
import io.hypernetes.runtime.cri.Containers.Located;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/** The bodies of the guest service's streaming calls; two or three virtual threads each. */
final class GuestStreams {

    private static final int BUFFER = 32 * 1024;
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private GuestStreams() {}

    static void exec(Duplex<ExecInput, ExecOutput> call, Containers containers)
            throws InterruptedException {
        ExecStart start =
                call.next()
                        .filter(ExecInput::hasStart)
                        .map(ExecInput::getStart)
                        .orElseThrow(() -> Failures.invalid("the first message is not the start"));
        GuestAgent agent = containers.running(start.getContainerId()).sandbox().agent();
        ExecSpec spec = new ExecSpec(start.getCommandList(), start.getTty(), start.getStdin());
        try (GuestProcess process = agent.exec(start.getContainerId(), spec)) {
            call.onCancel(process::close);
            fork("exec input", () -> execInput(call, process));
            Thread errors =
                    fork("exec errors", () -> pump(process.stderr(), call, GuestStreams::stderr));
            pump(process.stdout(), call, GuestStreams::stdout);
            errors.join();
            call.send(ExecOutput.newBuilder().setExitCode(process.waitFor()).build());
        }
    }

    private static void execInput(Duplex<ExecInput, ExecOutput> call, GuestProcess process)
            throws InterruptedException {
        try (GuestOutputStream stdin = process.stdin()) {
            boolean open = true;
            for (Optional<ExecInput> next = call.next(); next.isPresent(); next = call.next()) {
                ExecInput input = next.get();
                switch (input.getInputCase()) {
                    case STDIN -> {
                        if (open) {
                            stdin.write(input.getStdin().toByteArray());
                            stdin.flush();
                        }
                    }
                    case RESIZE ->
                            process.resize(
                                    input.getResize().getColumns(), input.getResize().getRows());
                    case STDIN_END -> {
                        open = false;
                        stdin.close();
                    }
                    case START, INPUT_NOT_SET ->
                            throw Failures.invalid("a message of the call has no meaning here");
                }
            }
        } catch (IOException | AgentException e) {
            // The process reads no more; how it ended is what the other direction says.
            return;
        }
    }

    static void attach(Duplex<AttachInput, ExecOutput> call, Containers containers)
            throws InterruptedException {
        AttachStart start =
                call.next()
                        .filter(AttachInput::hasStart)
                        .map(AttachInput::getStart)
                        .orElseThrow(() -> Failures.invalid("the first message is not the start"));
        Located located = containers.running(start.getContainerId());
        OutputHub hub = located.container().output();
        OutputHub.Subscriber subscriber = hub.subscribe();
        try {
            call.onCancel(() -> hub.detach(subscriber));
            boolean once = located.container().record().config().getStdinOnce();
            fork("attach input", () -> attachInput(call, start, once, located.sandbox().agent()));
            for (Optional<OutputHub.Piece> piece = subscriber.next();
                    piece.isPresent();
                    piece = subscriber.next()) {
                ByteString bytes = ByteString.copyFrom(piece.get().bytes());
                call.send(
                        piece.get().source() == OutputListener.Source.STDOUT
                                ? stdout(bytes)
                                : stderr(bytes));
            }
            if (hub.hasEnded()) {
                int code = ended(located).outcome().exitCode();
                call.send(ExecOutput.newBuilder().setExitCode(code).build());
            }
        } finally {
            hub.detach(subscriber);
        }
    }

    private static ContainerRecord ended(Located located) throws InterruptedException {
        try {
            return located.container().ended().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("an end is never exceptional", e);
        }
    }

    private static void attachInput(
            Duplex<AttachInput, ExecOutput> call, AttachStart start, boolean once, GuestAgent agent)
            throws InterruptedException {
        try {
            // Others may attach later, unless the container wants one input and no more.
            @SuppressWarnings("resource")
            Optional<GuestOutputStream> stdin =
                    start.getStdin()
                            ? Optional.of(agent.stdin(start.getContainerId()))
                            : Optional.empty();
            for (Optional<AttachInput> next = call.next(); next.isPresent(); next = call.next()) {
                AttachInput input = next.get();
                switch (input.getInputCase()) {
                    case STDIN -> {
                        if (stdin.isPresent()) {
                            stdin.get().write(input.getStdin().toByteArray());
                            stdin.get().flush();
                        }
                    }
                    case RESIZE ->
                            agent.resize(
                                    start.getContainerId(),
                                    input.getResize().getColumns(),
                                    input.getResize().getRows());
                    case STDIN_END -> end(stdin, once);
                    case START, INPUT_NOT_SET ->
                            throw Failures.invalid("a message of the call has no meaning here");
                }
            }
            end(stdin, once);
        } catch (IOException | AgentException e) {
            // The container reads no more; its end is what the other direction says.
            return;
        }
    }

    private static void end(Optional<GuestOutputStream> stdin, boolean once) throws IOException {
        if (once && stdin.isPresent()) {
            stdin.get().close();
        }
    }

    static void portForward(Duplex<PortForwardInput, PortForwardOutput> call, Sandboxes sandboxes)
            throws InterruptedException {
        PortForwardStart start =
                call.next()
                        .filter(PortForwardInput::hasStart)
                        .map(PortForwardInput::getStart)
                        .orElseThrow(() -> Failures.invalid("the first message is not the start"));
        GuestAgent agent = sandboxes.get(start.getPodSandboxId()).agent();
        try (GuestConnection connection = connect(agent, start.getPort())) {
            call.onCancel(connection::close);
            // An empty message: the guest has connected. A refusal ends the call without one.
            call.send(PortForwardOutput.getDefaultInstance());
            fork("port input", () -> portInput(call, connection));
            pump(
                    connection.input(),
                    call,
                    bytes -> PortForwardOutput.newBuilder().setData(bytes).build());
        }
    }

    private static GuestConnection connect(GuestAgent agent, int port) {
        try {
            return agent.connect(port, CONNECT);
        } catch (AgentException e) {
            // Nothing failed here: it is the pod that does not listen.
            throw e.reason() == AgentException.Reason.FAILED
                    ? Failures.precondition("port " + port + ": " + e.getMessage())
                    : e;
        }
    }

    private static void portInput(
            Duplex<PortForwardInput, PortForwardOutput> call, GuestConnection connection)
            throws InterruptedException {
        try (GuestOutputStream output = connection.output()) {
            for (Optional<PortForwardInput> next = call.next();
                    next.isPresent();
                    next = call.next()) {
                output.write(next.get().getData().toByteArray());
                output.flush();
            }
        } catch (IOException | AgentException e) {
            // The far end reads no more; it may still send.
            return;
        }
    }

    private static ExecOutput stdout(ByteString bytes) {
        return ExecOutput.newBuilder().setStdout(bytes).build();
    }

    private static ExecOutput stderr(ByteString bytes) {
        return ExecOutput.newBuilder().setStderr(bytes).build();
    }

    /** Sends what comes until the end of the stream. */
    private static <O> void pump(InputStream in, Duplex<?, O> call, Function<ByteString, O> message)
            throws InterruptedException {
        byte[] buffer = new byte[BUFFER];
        try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                call.send(message.apply(UnsafeByteOperations.unsafeWrap(Arrays.copyOf(buffer, n))));
            }
        } catch (IOException e) {
            // Reset by the far end: what it sent has been passed on.
            return;
        }
    }

    private interface Task {
        void run() throws InterruptedException;
    }

    private static Thread fork(String name, Task task) {
        return Thread.ofVirtual()
                .name(name)
                .start(() -> {
                    try {
                        task.run();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } catch (StatusRuntimeException e) {
                        // the client is gone, or talks nonsense: its call ends by itself
                        Thread.currentThread().interrupt();
                    }
                });
    }
}
