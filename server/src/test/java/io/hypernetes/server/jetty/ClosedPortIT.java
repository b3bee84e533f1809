package io.hypernetes.server.jetty;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.hypernetes.server.TestListeners;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Clients that connect at the moment at which a port closes. */
class ClosedPortIT {
    private static final int ROUNDS = Boolean.getBoolean("long") ? 200 : 6;
    private static final int CLIENTS = 64;
    private static final Duration LONG = Duration.ofSeconds(30);

    /** Who waits for the answer to its handshake without a time limit would wait for ever. */
    @Test
    void noConnectionStaysOpenWithNobodyToReadIt()
            throws IOException, ExecutionException, InterruptedException {
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < ROUNDS; round++) {
                List<Future<?>> ends = new ArrayList<>();
                try (JettyListener listener = TestListeners.start(_ -> {})) {
                    int port = listener.port();
                    for (int i = 0; i < CLIENTS; i++) {
                        ends.add(clients.submit(() -> connectUntilRefused(port)));
                    }
                    Thread.sleep(round % 8);
                }
                for (Future<?> end : ends) {
                    assertThatCode(end::get).doesNotThrowAnyException();
                }
            }
        }
    }

    private static void connectUntilRefused(int port) {
        while (true) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout((int) LONG.toMillis());
                socket.getOutputStream().write(22); // a handshake begins so
                if (socket.getInputStream().read() < 0) {
                    continue;
                }
            } catch (ConnectException _) {
                return;
            } catch (SocketException _) {
                continue; // reset
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
