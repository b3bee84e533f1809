package io.hypernetes.node;

import io.hypernetes.api.client.PodAccess;
import io.hypernetes.api.client.PodAccess.Output;
import io.hypernetes.api.client.PodAccess.TerminalSize;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A process behind the URL that CRI's Exec or Attach gave: a stream for each of stdin, stdout,
 * stderr, the terminal's size, and the status in which it ends ({@code v4.channel.k8s.io}).
 */
final class StreamedProcess implements PodAccess.Process {

    private static final Logger LOG = LoggerFactory.getLogger(StreamedProcess.class);
    private static final String PROTOCOL = "v4.channel.k8s.io";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final SpdyClient client;
    private final Output output;
    private final int status;
    private final int stdin;
    private final int stdout;
    private final int stderr;
    private final int resize;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();

    /** What has come of the status; used by the reader alone. */
    private final ByteArrayOutputStream told = new ByteArrayOutputStream();

    private StreamedProcess(SpdyClient client, boolean tty, boolean input, Output output)
            throws IOException {
        this.client = client;
        this.output = output;
        this.status = client.stream(Map.of("streamtype", "error"));
        this.stdin = input ? client.stream(Map.of("streamtype", "stdin")) : 0;
        this.stdout = client.stream(Map.of("streamtype", "stdout"));
        this.stderr = tty ? 0 : client.stream(Map.of("streamtype", "stderr"));
        this.resize = tty ? client.stream(Map.of("streamtype", "resize")) : 0;
    }

    static StreamedProcess open(URI url, boolean tty, boolean input, Output output) {
        try {
            SpdyClient client = SpdyClient.open(url, PROTOCOL);
            try {
                StreamedProcess process = new StreamedProcess(client, tty, input, output);
                Thread.ofVirtual().name("container-output").start(process::read);
                return process;
            } catch (IOException e) {
                client.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the container's streams cannot be opened", e);
        }
    }

    private void read() {
        try {
            client.read(
                    new SpdyClient.Listener() {
                        @Override
                        public void data(int stream, byte[] bytes) throws IOException {
                            received(stream, bytes);
                        }

                        @Override
                        public void end(int stream) throws IOException {
                            if (stream == status) {
                                ended();
                            }
                        }
                    });
            ended();
        } catch (IOException e) {
            exit.completeExceptionally(e);
        }
    }

    private void received(int stream, byte[] bytes) throws IOException {
        if (stream == status) {
            told.writeBytes(bytes);
        } else if (stream == stdout) {
            output.stdout().write(bytes);
            output.stdout().flush();
        } else if (stream == stderr) {
            output.stderr().write(bytes);
            output.stderr().flush();
        }
    }

    /** All output that comes before the status has been written. */
    private void ended() throws IOException {
        if (!exit.isDone()) {
            exit.complete(exitCode(told.toString(StandardCharsets.UTF_8)));
        }
    }

    /** Of a Status in JSON, with the code as a cause when the process failed. */
    static int exitCode(String text) throws IOException {
        JsonNode status;
        try {
            status = JSON.readTree(text);
        } catch (JacksonException e) {
            throw new IOException("the process ended without a status", e);
        }
        if (status.path("status").asString("").equals("Success")) {
            return 0;
        }
        for (JsonNode cause : status.path("details").path("causes")) {
            if (cause.path("reason").asString("").equals("ExitCode")) {
                return Integer.parseInt(cause.path("message").asString("1"));
            }
        }
        throw new IOException(
                status.path("message").asString("the process ended without a status"));
    }

    @Override
    public OutputStream stdin() {
        return new OutputStream() {
            private boolean over;

            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (stdin != 0) {
                    client.data(stdin, bytes, offset, length);
                }
            }

            @Override
            public void close() throws IOException {
                if (stdin != 0 && !over) {
                    over = true;
                    client.end(stdin);
                }
            }
        };
    }

    @Override
    public void resize(TerminalSize size) {
        if (resize == 0) {
            return;
        }
        byte[] message =
                "{\"Width\":%d,\"Height\":%d}\n"
                        .formatted(size.columns(), size.rows())
                        .getBytes(StandardCharsets.UTF_8);
        try {
            client.data(resize, message, 0, message.length);
        } catch (IOException e) {
            LOG.debug("a terminal that has ended is not resized: {}", e.getMessage());
        }
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
        try {
            client.close();
        } catch (IOException e) {
            LOG.debug("a container's streams were closed badly: {}", e.getMessage());
        }
    }
}
