package io.hypernetes.node.crictl;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The client's end of a WebSocket whose messages begin with the number of a channel ({@code
 * v4.channel.k8s.io}), at an address of a runtime's streaming server. One message is asked for at a
 * time, so a slow reader slows the sender. One thread receives; any may send.
 */
final class ChannelSocket implements AutoCloseable, WebSocket.Listener {
    private static final String PROTOCOL = "v4.channel.k8s.io";

    record Message(int channel, byte[] content) {}

    private final HttpClient http = HttpClient.newHttpClient();

    /** What came, and an empty one at the end. */
    private final BlockingQueue<Optional<Message>> arrived = new LinkedBlockingQueue<>();

    private final WebSocket socket;

    private ChannelSocket(URI address) throws IOException {
        String scheme = address.getScheme().equals("https") ? "wss" : "ws";
        URI there = URI.create(scheme + "://" + address.getAuthority() + address.getPath());
        try {
            socket =
                    http.newWebSocketBuilder()
                            .subprotocols(PROTOCOL)
                            .buildAsync(there, this)
                            .join();
        } catch (CompletionException e) {
            http.close();
            String why =
                    e.getCause() instanceof WebSocketHandshakeException refused
                            ? "answers " + refused.getResponse().statusCode()
                            : String.valueOf(e.getCause());
            throw new IOException("the runtime's streaming server " + why, e);
        }
    }

    static ChannelSocket open(URI address) throws IOException {
        return new ChannelSocket(address);
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        // Whether it is the last part of a message matters to nobody: only parts that begin one
        // have a channel, and servers of this protocol send no message in parts.
        if (data.hasRemaining()) {
            int channel = data.get() & 0xff;
            byte[] content = new byte[data.remaining()];
            data.get(content);
            arrived.add(Optional.of(new Message(channel, content)));
        } else {
            from.request(1);
        }
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        arrived.add(Optional.empty());
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
        arrived.add(Optional.empty());
    }

    /** Empty when no more will come. */
    Optional<Message> receive() throws IOException {
        try {
            Optional<Message> message = arrived.take();
            if (message.isPresent()) {
                socket.request(1);
            }
            return message;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while receiving");
        }
    }

    synchronized void send(int channel, byte[] bytes, int length) throws IOException {
        ByteBuffer message =
                ByteBuffer.allocate(length + 1).put((byte) channel).put(bytes, 0, length).flip();
        try {
            socket.sendBinary(message, true).join();
        } catch (CompletionException e) {
            throw new IOException("the runtime's streaming server takes no more", e);
        }
    }

    @Override
    public void close() {
        socket.abort();
        http.shutdownNow();
    }
}
