package io.hypernetes.server.http;

import java.io.IOException;
import java.util.Optional;

/**
 * An open WebSocket. One thread receives; any thread sends, one message at a time. The peer is read
 * no faster than {@link #receive} is called.
 */
public interface Socket extends AutoCloseable {
    /** The next message, a text's bytes in UTF-8; empty once the peer has closed or is gone. */
    Optional<byte[]> receive() throws InterruptedException;

    /** Waits until the message is on its way. */
    void send(byte[] message) throws IOException;

    /** The same as a text message. */
    void sendText(String message) throws IOException;

    /** Asks the peer for a sign of life. */
    void ping() throws IOException;

    /** Closes with the normal code; again does nothing. */
    @Override
    void close();
}
