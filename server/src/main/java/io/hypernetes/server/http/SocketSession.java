package io.hypernetes.server.http;

import java.io.IOException;

/** What is done with an open WebSocket, from its opening to its end. */
@FunctionalInterface
public interface SocketSession {
    void run(Socket socket) throws IOException, InterruptedException;
}
