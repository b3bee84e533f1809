package io.hypernetes.server.streaming;

import io.hypernetes.server.http.Socket;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;

/** Channels over a WebSocket. One thread receives, any thread sends. */
final class Channels {
    /** How often the peer is asked for a sign of life: a dead one is noticed by the write. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(Channels.class);

    /** What came on a channel. */
    @SuppressWarnings("ArrayRecordComponent")
    record Message(int channel, byte[] content) {}

    private final Socket socket;
    private final ChannelProtocol protocol;

    Channels(Socket socket, ChannelProtocol protocol) {
        this.socket = socket;
        this.protocol = protocol;
    }

    ChannelProtocol protocol() {
        return protocol;
    }

    /** The next message that says anything; empty when the peer is gone. */
    Optional<Message> receive() throws InterruptedException {
        while (true) {
            Optional<byte[]> message = socket.receive();
            if (message.isEmpty()) {
                return Optional.empty();
            }
            if (message.get().length > 0) {
                Optional<byte[]> content = protocol.content(message.get());
                if (content.isPresent()) {
                    return Optional.of(new Message(protocol.channel(message.get()), content.get()));
                }
            }
        }
    }

    void send(int channel, byte[] bytes, int offset, int length) throws IOException {
        if (protocol.isText()) {
            socket.sendText(protocol.text(channel, bytes, offset, length));
            return;
        }
        byte[] message = new byte[length + 1];
        message[0] = (byte) channel;
        System.arraycopy(bytes, offset, message, 1, length);
        socket.send(message);
    }

    void send(int channel, byte[] bytes) throws IOException {
        send(channel, bytes, 0, bytes.length);
    }

    /** The stream of a channel; closing it says nothing. */
    OutputStream output(int channel) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                send(channel, bytes, offset, length);
            }
        };
    }

    /** Runs until it is interrupted; {@code gone} is called when the peer is. */
    Thread heartbeat(Runnable gone) {
        return Thread.ofVirtual()
                .name("socket-heartbeat")
                .start(() -> {
                    try {
                        while (true) {
                            Thread.sleep(HEARTBEAT);
                            socket.ping();
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } catch (IOException e) {
                        LOG.debug("a WebSocket's peer is gone: {}", e.getMessage());
                        gone.run();
                    }
                });
    }

    void close() {
        socket.close();
    }
}
