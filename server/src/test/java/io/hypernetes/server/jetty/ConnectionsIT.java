package io.hypernetes.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.server.TestListeners;
import io.hypernetes.server.http.HttpLimits;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Connections that say nothing, one more than an address may have. */
class ConnectionsIT {
    private static final int MOST = 3;
    private static final HttpLimits LIMITS =
            new HttpLimits(
                    1024, Duration.ofMinutes(5), 8192, Duration.ofMinutes(5), 100, 100, MOST);

    @Test
    void theOneBeyondTheLimitIsClosedAndTheOthersAreNot() throws IOException {
        List<Socket> sockets = new ArrayList<>();
        try (JettyListener listener = TestListeners.start(_ -> {}, LIMITS)) {
            for (int i = 0; i <= MOST; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port());
                socket.setSoTimeout(100);
                sockets.add(socket);
            }
            long closed = 0;
            for (int i = 0; i < 100 && closed == 0; i++) {
                closed = sockets.stream().filter(ConnectionsIT::isClosed).count();
            }
            assertThat(closed).isEqualTo(1);
            assertThat(sockets.stream().filter(ConnectionsIT::isClosed)).hasSize(1);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void whoOpensTooManyTooFastIsTurnedAwayBeforeTheHandshake() throws IOException {
        HttpLimits slow =
                new HttpLimits(
                        1024,
                        Duration.ofMinutes(5),
                        8192,
                        Duration.ofMinutes(5),
                        100,
                        100,
                        100,
                        1,
                        Duration.ofMinutes(5));
        int closed = 0;
        try (JettyListener listener = TestListeners.start(_ -> {}, slow)) {
            // Ten seconds' worth may come at once; what is closed is not opened any more.
            for (int i = 0; i < 1_000 && closed == 0; i++) {
                try (Socket socket =
                        new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
                    socket.setSoTimeout(i < 10 ? 1 : 1_000);
                    closed += isClosed(socket) ? 1 : 0;
                }
            }
        }
        assertThat(closed).isEqualTo(1);
    }

    @Test
    void whoDoesNotShakeHandsInTimeIsClosed() throws IOException {
        HttpLimits impatient =
                new HttpLimits(
                        1024,
                        Duration.ofMinutes(5),
                        8192,
                        Duration.ofMinutes(5),
                        100,
                        100,
                        100,
                        100,
                        Duration.ofMillis(200));
        try (JettyListener listener = TestListeners.start(_ -> {}, impatient);
                Socket silent = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
            silent.setSoTimeout(60_000);
            assertThat(isClosed(silent)).isTrue();
        }
    }

    private static boolean isClosed(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true; // reset
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
