package io.hypernetes.server.streaming;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Status;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.client.PodAccess;
import io.hypernetes.api.client.PodAccess.ExecOptions;
import io.hypernetes.api.client.PodAccess.Output;
import io.hypernetes.api.client.PodAccess.TerminalSize;
import io.hypernetes.api.json.Json;
import io.hypernetes.server.http.Socket;
import io.hypernetes.server.output.Statuses;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * One exec or attach: the socket's thread waits for the process, another reads what the client
 * sends. The process' output is written to the socket by the threads that produce it.
 */
final class ExecSession {
    private static final int STDIN = 0;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int ERROR = 3;
    private static final int RESIZE = 4;
    private static final int CLOSE = 255;

    private final PodAccess pods;
    private final ObjectKey pod;
    private final ExecOptions options;
    private final ChannelProtocol protocol;
    private final Socket socket;

    ExecSession(
            PodAccess pods,
            ObjectKey pod,
            ExecOptions options,
            ChannelProtocol protocol,
            Socket socket) {
        this.pods = pods;
        this.pod = pod;
        this.options = options;
        this.protocol = protocol;
        this.socket = socket;
    }

    void run() throws IOException, InterruptedException {
        Output output = new Output(new Channel(STDOUT), new Channel(STDERR));
        try (PodAccess.Process process = pods.exec(pod, options, output)) {
            Thread input = Thread.ofVirtual().name("exec-input").start(() -> pump(process));
            try {
                finish(outcome(process.waitFor()));
            } finally {
                input.interrupt();
            }
        } catch (ApiException e) {
            finish(Statuses.failure(e.status()));
        } catch (IOException e) {
            finish(
                    Statuses.failure(
                            Status.of(
                                    Reason.INTERNAL_ERROR,
                                    "the connection to the pod broke: " + e.getMessage())));
        }
    }

    private void finish(ObjectNode status) throws IOException {
        try (OutputStream error = new Channel(ERROR)) {
            error.write(Json.write(status));
        }
        socket.close();
    }

    /** The shape that client-go reads an exit code from. */
    private static ObjectNode outcome(int exitCode) {
        ObjectNode status = Json.object();
        status.putObject("metadata");
        if (exitCode == 0) {
            return status.put("status", "Success");
        }
        status.put("status", "Failure");
        status.put(
                "message", "command terminated with non-zero exit code: exit status " + exitCode);
        status.put("reason", "NonZeroExitCode");
        status.putObject("details")
                .putArray("causes")
                .addObject()
                .put("reason", "ExitCode")
                .put("message", Integer.toString(exitCode));
        return status;
    }

    /** What the client sends goes to the process until either ends. */
    private void pump(PodAccess.Process process) {
        try {
            while (true) {
                Optional<byte[]> message = socket.receive();
                if (message.isEmpty()) {
                    // The client is gone; nobody would see the rest.
                    process.close();
                    return;
                }
                if (message.get().length > 0) {
                    take(process, message.get());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(PodAccess.Process process, byte[] message) {
        byte[] content = Arrays.copyOfRange(message, 1, message.length);
        try {
            switch (message[0] & 0xff) {
                case STDIN -> {
                    if (options.stdin()) {
                        process.stdin().write(content);
                        process.stdin().flush();
                    }
                }
                case RESIZE -> {
                    ObjectNode size = Json.parseObject(content);
                    process.resize(
                            new TerminalSize(
                                    size.path("Width").asInt(0), size.path("Height").asInt(0)));
                }
                case CLOSE -> {
                    if (protocol.closesChannels()
                            && options.stdin()
                            && content.length == 1
                            && content[0] == STDIN) {
                        process.stdin().close();
                    }
                }
                default -> {}
            }
        } catch (IOException | ApiException e) {
            // The process took no more input, or the size was none: its end tells the client.
            org.slf4j.LoggerFactory.getLogger(ExecSession.class)
                    .debug("input for {} dropped: {}", pod, e.getMessage());
        }
    }

    /** A channel towards the client. */
    private final class Channel extends OutputStream {
        private final int number;

        Channel(int number) {
            this.number = number;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            byte[] message = new byte[length + 1];
            message[0] = (byte) number;
            System.arraycopy(bytes, offset, message, 1, length);
            socket.send(message);
        }
    }
}
