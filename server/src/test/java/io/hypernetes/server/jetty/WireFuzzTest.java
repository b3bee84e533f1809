package io.hypernetes.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ApiException;
import io.hypernetes.fuzzing.Fuzz;
import io.hypernetes.server.TestListeners;
import io.hypernetes.server.http.Bodies;
import io.hypernetes.server.http.Exchange;
import io.hypernetes.server.http.Reply;
import io.hypernetes.server.http.Socket;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * What strangers send inside a TLS connection: requests of HTTP/1.1, frames of HTTP/2, WebSocket
 * frames. Each has its answer or its end, and the listener goes on.
 */
class WireFuzzTest {
    private static final int PATIENCE = (int) TimeUnit.SECONDS.toMillis(60);
    private static final ConcurrentLinkedDeque<Throwable> THROWN = new ConcurrentLinkedDeque<>();

    private static JettyListener listener;
    private static SSLSocketFactory trusting;

    private static final String POST =
            "POST /api/v1/pods?a=%20b&watch HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
                    + "Accept: application/json\r\nConnection: close\r\n\r\nhello";

    private static final String UPGRADE =
            "GET /exec HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                    + "Sec-WebSocket-Protocol: v5.channel.k8s.io\r\n\r\n";

    @BeforeAll
    static void start() throws Exception {
        listener = TestListeners.start(WireFuzzTest::serve);
        trusting = TestListeners.trusting().getSocketFactory();
    }

    @AfterAll
    static void stop() {
        listener.close();
    }

    private static void serve(Exchange exchange) throws IOException {
        try {
            if (exchange.wantsWebSocket()) {
                exchange.upgrade("v5.channel.k8s.io", WireFuzzTest::echo);
            } else {
                byte[] body = Bodies.read(exchange);
                exchange.reply(Reply.of(200, "text/plain", body));
            }
        } catch (ApiException e) {
            assertThat(e.status().code()).isLessThan(500);
            exchange.reply(Reply.of(e.status().code(), "text/plain", new byte[0]));
        } catch (RuntimeException e) {
            THROWN.add(e);
            throw e;
        }
    }

    private static void echo(Socket socket) throws IOException, InterruptedException {
        for (Optional<byte[]> message = socket.receive();
                message.isPresent();
                message = socket.receive()) {
            socket.send(message.get());
        }
    }

    /** Everything at once, and all that comes back. */
    private static String answer(byte[] bytes, String protocol) throws IOException {
        try (SSLSocket socket =
                (SSLSocket)
                        trusting.createSocket(InetAddress.getLoopbackAddress(), listener.port())) {
            var parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {protocol});
            socket.setSSLParameters(parameters);
            socket.setSoTimeout(PATIENCE);
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (SocketException | SSLException e) {
            return ""; // cut off, which is an answer
        }
    }

    private static void isAlive() throws IOException {
        assertThat(answer(POST.getBytes(StandardCharsets.US_ASCII), "http/1.1")).endsWith("hello");
        assertThat(THROWN).isEmpty();
    }

    @Test
    void requests() throws IOException {
        Fuzz.of(
                        List.of(
                                POST,
                                POST.replace("%20", "%zz"),
                                "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                                        + "5\r\nhello\r\n0\r\n\r\n",
                                "PUT /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                                        + "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"),
                        List.of(
                                "\r\n",
                                "\n",
                                ":",
                                " ",
                                "%",
                                "%00",
                                "/..",
                                "//",
                                "?",
                                "#",
                                "\u0000",
                                "\u00ff",
                                "Content-Length: 7\r\n",
                                "Transfer-Encoding: chunked\r\n",
                                "Connection: close\r\n",
                                "ffffffff\r\n",
                                "HTTP/9",
                                "OPTIONS * "))
                .shortInputs(150)
                .run(bytes -> {
                    String answer = answer(bytes, "http/1.1");
                    assertThat(answer).doesNotContain("HTTP/1.1 500");
                    assertThat(THROWN).isEmpty();
                });
        isAlive();
    }

    @Test
    void http2Frames() throws IOException {
        String preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
        String settings = "\u0000\u0000\u0000\u0004\u0000\u0000\u0000\u0000\u0000";
        // GET https /: three indexed fields and a literal authority (RFC 7541).
        String headers =
                "\u0000\u0000\u0006\u0001\u0005\u0000\u0000\u0000\u0001\u0082\u0087\u0084A\u0001a";
        Fuzz.of(
                        List.of(preface + settings + headers, preface + settings + settings),
                        List.of(
                                settings,
                                headers,
                                "\u0000\u0000\u0008\u0006\u0000\u0000\u0000\u0000\u0000",
                                "\u0000\u0000\u0004\u0008\u0000\u0000\u0000\u0000\u0001",
                                "\u0000\u0000\u0004\u0003\u0000\u0000\u0000\u0000\u0001",
                                "\u0000\u0000\u0001\u0009\u0000\u0000\u0000\u0000\u0001",
                                "\u0000\u0000\u0005\u0000\u0000\u0000\u0000\u0000\u0001hello",
                                "\u00ff\u00ff\u00ff",
                                "\u0000"))
                .shortInputs(150)
                .run(bytes -> {
                    assertThat(answer(bytes, "h2")).isNotNull();
                    assertThat(THROWN).isEmpty();
                });
        isAlive();
    }

    @Test
    void webSocketFrames() throws IOException {
        String frame = "\u0082\u0085\u0001\u0002\u0003\u0004\u0001gnoh";
        String closing = "\u0088\u0082\u0000\u0000\u0000\u0000\u0003\u00e8";
        Fuzz.of(
                        List.of(
                                frame + closing,
                                frame + frame + "\u0089\u0080\u0000\u0000\u0000\u0000"),
                        List.of(
                                frame,
                                closing,
                                "\u0002",
                                "\u0080",
                                "\u0082\u00fe\u00ff\u00ff",
                                "\u0082\u00ff\u007f\u00ff\u00ff\u00ff",
                                "\u0081\u0082\u0000\u0000\u0000\u0000\u00c3\u0028",
                                "\u00f2",
                                "\u0000"))
                .shortInputs(150)
                .run(bytes -> {
                    String input = UPGRADE + Fuzz.text(bytes);
                    String answer = answer(input.getBytes(StandardCharsets.ISO_8859_1), "http/1.1");
                    assertThat(answer).matches(text -> text.isEmpty() || text.contains(" 101 "));
                    assertThat(THROWN).isEmpty();
                });
        isAlive();
    }
}
