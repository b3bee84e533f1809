package io.hypernetes.server.streaming;

import io.hypernetes.api.ApiException;
import io.hypernetes.server.http.Socket;

import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * A log as messages of a WebSocket, in one of upstream's protocols for what only flows to the
 * client: its bytes, or base64 of them as text.
 */
final class LogSocket {
    private static final String BASE64 = "base64.binary.k8s.io";
    private static final List<String> PROTOCOLS = List.of("binary.k8s.io", BASE64);

    private LogSocket() {}

    /** The first of the client's that is known; bytes where it offers none. */
    static String choose(List<String> offered) {
        return offered.stream()
                .filter(PROTOCOLS::contains)
                .findFirst()
                .orElseGet(() -> {
                    if (offered.isEmpty()) {
                        return "";
                    }
                    throw ApiException.badRequest(
                            "none of the protocols "
                                    + offered
                                    + " is one for logs; offer one of "
                                    + PROTOCOLS);
                });
    }

    /** Until the log ends or the peer goes. An empty message comes first, as upstream sends it. */
    static void send(InputStream lines, String protocol, Socket socket) throws IOException {
        try (lines;
                socket) {
            Thread.ofVirtual().name("log-farewell").start(() -> awaitFarewell(socket, lines));
            byte[] buffer = new byte[16 * 1024];
            for (int read = 0; read >= 0; read = lines.read(buffer)) {
                if (protocol.equals(BASE64)) {
                    byte[] part = Arrays.copyOf(buffer, read);
                    socket.sendText(Base64.getEncoder().encodeToString(part));
                } else {
                    socket.send(Arrays.copyOf(buffer, read));
                }
            }
        }
    }

    private static void awaitFarewell(Socket socket, InputStream lines) {
        try {
            while (socket.receive().isPresent()) {
                continue;
            }
            lines.close();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LoggerFactory.getLogger(LogSocket.class)
                    .debug("a log that nobody reads: {}", e.getMessage());
        }
    }
}
