package io.hypernetes.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.server.http.Exchange;
import io.hypernetes.server.http.HttpLimits;
import io.hypernetes.server.jetty.JettyListener;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Clients that hold a connection and do not use it. */
class SlowClientsIT {
    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final HttpLimits LIMITS =
            new HttpLimits(1 << 20, IDLE, 32 * 1024, IDLE, 100, 4, 4);
    private static final long PATIENCE = 60;

    /** How the last stream's writing ended. */
    private final CompletableFuture<Long> written = new CompletableFuture<>();

    private void stream(Exchange exchange) throws IOException, InterruptedException {
        long bytes = 0;
        byte[] chunk = new byte[64 * 1024];
        try (OutputStream out = exchange.stream("text/plain", Map.of())) {
            if (exchange.path().equals("/quiet")) {
                Thread.sleep(IDLE.multipliedBy(5).dividedBy(2));
                out.write('x');
                return;
            }
            while (true) {
                out.write(chunk);
                out.flush();
                bytes += chunk.length;
            }
        } catch (IOException e) {
            written.complete(bytes);
            throw e;
        }
    }

    private JettyListener listener() throws IOException {
        return TestListeners.start(this::stream, LIMITS);
    }

    @Test
    void aReaderWhoTakesNothingIsEnded() throws Exception {
        try (JettyListener listener = listener();
                Socket socket = connect(listener.port())) {
            get(socket, "/endless");
            assertThat(written.get(PATIENCE, TimeUnit.SECONDS))
                    .as("what the sockets hold")
                    .isBetween(1L, 64L << 20);
        }
    }

    @Test
    void soIsOneOverHttp2() throws Exception {
        try (JettyListener listener = listener();
                HttpClient client =
                        HttpClient.newBuilder().sslContext(TestListeners.trusting()).build()) {
            URI endless = URI.create("https://127.0.0.1:" + listener.port() + "/endless");
            HttpResponse<InputStream> answer =
                    client.send(
                            HttpRequest.newBuilder(endless).build(), BodyHandlers.ofInputStream());
            try (InputStream unread = answer.body()) {
                assertThat(written.get(PATIENCE, TimeUnit.SECONDS))
                        .as("what the windows hold")
                        .isBetween(1L, 64L << 20);
            }
        }
    }

    @Test
    void aStreamMayBeSilentForLong() throws Exception {
        try (JettyListener listener = listener();
                Socket socket = connect(listener.port())) {
            get(socket, "/quiet");
            InputStream in = socket.getInputStream();
            assertThat(new String(in.readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 200")
                    .endsWith("\r\n\r\nx");
        }
    }

    /** A watch without bookmarks, as clients in Go keep it open. */
    @Test
    void soMayAStreamOverHttp2() throws Exception {
        try (JettyListener listener = listener();
                HttpClient client =
                        HttpClient.newBuilder().sslContext(TestListeners.trusting()).build()) {
            URI quiet = URI.create("https://127.0.0.1:" + listener.port() + "/quiet");
            HttpResponse<String> answer =
                    client.send(HttpRequest.newBuilder(quiet).build(), BodyHandlers.ofString());
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.body()).isEqualTo("x");
        }
    }

    @Test
    void aConnectionThatAsksForNothingIsClosed() throws Exception {
        try (JettyListener listener = listener();
                Socket socket = connect(listener.port())) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void headersBeyondTheLimitAreRefused() throws Exception {
        try (JettyListener listener = listener();
                Socket socket = connect(listener.port())) {
            send(socket, "GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(40_000) + "\r\n\r\n");
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 431");
        }
    }

    private static void get(Socket socket, String path) throws IOException {
        send(socket, "GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    }

    private static void send(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private static Socket connect(int port) throws IOException, GeneralSecurityException {
        Socket socket =
                TestListeners.trusting()
                        .getSocketFactory()
                        .createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE));
        ((javax.net.ssl.SSLSocket) socket).startHandshake();
        return socket;
    }
}
