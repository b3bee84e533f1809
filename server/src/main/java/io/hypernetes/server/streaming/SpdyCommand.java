package io.hypernetes.server.streaming;

import io.hypernetes.api.client.PodAccess;
import io.hypernetes.api.json.Json;
import io.hypernetes.server.streaming.spdy.SpdySession;
import io.hypernetes.server.streaming.spdy.SpdyStream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.node.ObjectNode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** The client of a remote command that speaks SPDY: a stream for each of the command's. */
final class SpdyCommand implements RemoteCommand.Client {
    /** The names that are negotiated by X-Stream-Protocol-Version, the best first. */
    static final List<String> PROTOCOLS =
            List.of(
                    "v4.channel.k8s.io",
                    "v3.channel.k8s.io",
                    "v2.channel.k8s.io",
                    "channel.k8s.io");

    private static final int PATIENCE_SECONDS = 30;
    private static final int MOST_RESIZE_BYTES = 4096;
    private static final Logger LOG = LoggerFactory.getLogger(SpdyCommand.class);

    private final SpdySession session;
    private final String protocol;
    private final Map<String, SpdyStream> streams;

    private SpdyCommand(SpdySession session, String protocol, Map<String, SpdyStream> streams) {
        this.session = session;
        this.protocol = protocol;
        this.streams = streams;
    }

    /**
     * Waits until the client has opened all the streams that it asked for.
     *
     * @param opened filled by the session's reader
     * @return empty when it does not within half a minute
     */
    static Optional<SpdyCommand> await(
            SpdySession session,
            String protocol,
            Set<String> wanted,
            BlockingQueue<SpdyStream> opened)
            throws InterruptedException {
        Map<String, SpdyStream> streams = new HashMap<>();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!streams.keySet().containsAll(wanted)) {
            SpdyStream stream = opened.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (stream == null) {
                return Optional.empty();
            }
            String type = stream.header("streamtype");
            if (!wanted.contains(type) || streams.putIfAbsent(type, stream) != null) {
                stream.reset();
            }
        }
        return Optional.of(new SpdyCommand(session, protocol, streams));
    }

    /** The streams of a command, by what its query asks for and its protocol knows. */
    static Set<String> wanted(
            String protocol, boolean stdin, boolean stdout, boolean stderr, boolean tty) {
        Set<String> wanted = new java.util.LinkedHashSet<>(Set.of("error"));
        if (stdin) {
            wanted.add("stdin");
        }
        if (stdout) {
            wanted.add("stdout");
        }
        if (stderr && !tty) {
            wanted.add("stderr");
        }
        if (tty && PROTOCOLS.indexOf(protocol) <= 1) {
            wanted.add("resize");
        }
        return wanted;
    }

    @Override
    public OutputStream stdout() {
        return output("stdout");
    }

    @Override
    public OutputStream stderr() {
        return output("stderr");
    }

    private OutputStream output(String type) {
        SpdyStream stream = streams.get(type);
        return stream == null ? OutputStream.nullOutputStream() : stream.output();
    }

    @Override
    public void feed(PodAccess.Process process) throws InterruptedException {
        SpdyStream stdin = streams.get("stdin");
        if (stdin != null) {
            Thread.ofVirtual().name("exec-stdin").start(() -> pump(stdin, process));
        }
        SpdyStream resize = streams.get("resize");
        if (resize != null) {
            Thread.ofVirtual().name("exec-resize").start(() -> resize(resize, process));
        }
        session.awaitEnd();
        // The client is gone; nobody would see the rest.
        process.close();
    }

    private static void pump(SpdyStream stdin, PodAccess.Process process) {
        try (OutputStream target = process.stdin()) {
            byte[] buffer = new byte[32 * 1024];
            InputStream in = stdin.input();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                target.write(buffer, 0, count);
                target.flush();
            }
        } catch (IOException e) {
            // The process takes no more, or the client is gone: that ends the session elsewhere.
            stdin.reset();
            LOG.debug("input of a remote command dropped: {}", e.getMessage());
        }
    }

    /** JSON texts one after the other, each on a line of its own as Go's encoder writes them. */
    private static void resize(SpdyStream sizes, PodAccess.Process process) {
        InputStream in = sizes.input();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            for (int b = in.read(); b >= 0; b = in.read()) {
                line.write(b);
                if (b == '}') {
                    TerminalSizes.parse(line.toByteArray()).ifPresent(process::resize);
                    line.reset();
                } else if (line.size() > MOST_RESIZE_BYTES) {
                    return;
                }
            }
        } catch (IOException e) {
            LOG.debug("no more sizes: {}", e.getMessage());
        }
    }

    @Override
    public void finish(ObjectNode status) throws IOException {
        stdout().close();
        stderr().close();
        try (OutputStream error = output("error")) {
            if (protocol.equals(PROTOCOLS.getFirst())) {
                error.write(Json.write(status));
            } else {
                error.write(RemoteCommand.sentence(status).getBytes(StandardCharsets.UTF_8));
            }
        }
        session.goAway();
    }
}
