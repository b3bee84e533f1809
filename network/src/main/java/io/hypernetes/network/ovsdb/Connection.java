package io.hypernetes.network.ovsdb;

import io.hypernetes.network.ovsdb.OvsdbException.Reason;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One JSON-RPC 1.0 connection, until it ends. The thread in {@link #readUntilEnd} is the only
 * reader; requests are written by their callers.
 */
final class Connection implements AutoCloseable {

    /** A snapshot of a table with thousands of rows has a few megabytes. */
    private static final int MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** A request that waits; what it monitors, if so, is filled with the answer by the reader. */
    private record Pending(CompletableFuture<JsonNode> answer, Optional<Monitored> monitored) {}

    private final ByteChannel channel;
    private final ReentrantLock writing = new ReentrantLock();
    private final AtomicLong ids = new AtomicLong();
    private final Map<Long, Pending> pending = new ConcurrentHashMap<>();
    private final Map<String, Monitored> monitors = new ConcurrentHashMap<>();

    private Connection(ByteChannel channel) {
        this.channel = channel;
    }

    static Connection open(Remote server) throws IOException {
        return switch (server) {
            case Remote.Socket(Path path) -> open(path);
            case Remote.Tls tls -> new Connection(TlsChannel.open(tls));
        };
    }

    private static Connection open(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return new Connection(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    JsonNode call(String method, ArrayNode params, Duration timeout) {
        return call(method, params, timeout, Optional.empty());
    }

    /** Fills this and keeps it up to date from now on. */
    void monitor(String database, ObjectNode requests, Monitored monitored, Duration timeout) {
        String monitor = "m" + ids.incrementAndGet();
        monitors.put(monitor, monitored);
        ArrayNode params = NODES.arrayNode().add(database).add(monitor).add(requests);
        call("monitor", params, timeout, Optional.of(monitored));
    }

    private JsonNode call(
            String method, ArrayNode params, Duration timeout, Optional<Monitored> monitored) {
        long id = ids.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        pending.put(id, new Pending(answer, monitored));
        try {
            write(NODES.objectNode().put("method", method).put("id", id).set("params", params));
            if (!isOpen()) {
                close(); // it ended after the first look: let no request wait for it
            }
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (IOException e) {
            throw new OvsdbException(Reason.DISCONNECTED, method + ": " + reason(e), e);
        } catch (TimeoutException e) {
            throw new OvsdbException(
                    Reason.TIMED_OUT, method + " was not answered within " + timeout, e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof OvsdbException known
                    ? new OvsdbException(known.reason(), method + ": " + known.getMessage(), known)
                    : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OvsdbException(Reason.TIMED_OUT, method + " was interrupted", e);
        } finally {
            pending.remove(id);
        }
    }

    void readUntilEnd() throws IOException {
        MessageSplitter splitter = new MessageSplitter(MAX_MESSAGE_BYTES, this::receive);
        ByteBuffer bytes = ByteBuffer.allocate(16 * 1024);
        while (channel.read(bytes) >= 0) {
            splitter.feed(bytes.flip());
            bytes.clear();
        }
    }

    private void receive(byte[] bytes) {
        JsonNode message;
        try {
            message = JSON.readTree(bytes);
        } catch (JacksonException e) {
            throw new OvsdbException(
                    Reason.PROTOCOL, "a message is not JSON: " + e.getOriginalMessage(), e);
        }
        switch (message.path("method").asString("")) {
            case "" -> answer(message);
            case "echo" -> echo(message);
            case "update" -> update(message.path("params"));
            default -> {} // RFC 7047 lets a client ignore the notifications it did not ask for
        }
    }

    private void answer(JsonNode message) {
        Pending request = pending.get(message.path("id").asLong(-1));
        if (request == null) {
            return; // its caller has given up
        }
        JsonNode error = message.path("error");
        if (!error.isNull() && !error.isMissingNode()) {
            request.answer()
                    .completeExceptionally(new OvsdbException(Reason.REFUSED, "refused: " + error));
            return;
        }
        JsonNode result = message.path("result");
        request.monitored().ifPresent(monitored -> monitored.reset(result));
        request.answer().complete(result);
    }

    /** The server asks after five silent seconds and hangs up on who does not answer. */
    private void echo(JsonNode message) {
        ObjectNode answer = NODES.objectNode();
        answer.set("id", message.path("id"));
        answer.set("result", message.path("params"));
        answer.putNull("error");
        try {
            write(answer);
        } catch (IOException e) {
            throw new OvsdbException(Reason.DISCONNECTED, "echo: " + reason(e), e);
        }
    }

    private void update(JsonNode params) {
        Monitored monitored = monitors.get(params.path(0).asString(""));
        if (monitored != null) {
            monitored.apply(params.path(1));
        }
    }

    private void write(JsonNode message) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(message));
        writing.lock();
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new OvsdbException(Reason.DISCONNECTED, "cannot close: " + reason(e), e);
        } finally {
            OvsdbException ended = new OvsdbException(Reason.DISCONNECTED, "the connection ended");
            pending.values().forEach(p -> p.answer().completeExceptionally(ended));
        }
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
