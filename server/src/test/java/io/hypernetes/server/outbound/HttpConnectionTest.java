package io.hypernetes.server.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

class HttpConnectionTest {
    private static Incoming parse(String answer, String method) throws IOException {
        return Incoming.read(
                new ByteArrayInputStream(answer.getBytes(StandardCharsets.ISO_8859_1)), method);
    }

    private static String body(String answer) throws IOException {
        return new String(parse(answer, "GET").body().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void aRequestGoesThereAndBack() throws Exception {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    byte[] said =
                            (exchange.getRequestMethod()
                                            + " "
                                            + exchange.getRequestURI()
                                            + " "
                                            + exchange.getRequestHeaders().getFirst("X-Mine")
                                            + " ")
                                    .getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(201, 0);
                    exchange.getResponseBody().write(said);
                    exchange.getRequestBody().transferTo(exchange.getResponseBody());
                    exchange.close();
                });
        server.start();
        try (HttpConnection connection =
                HttpConnection.plain(new LoopbackStream(server.getAddress().getPort()))) {
            Outgoing request =
                    new Outgoing(
                            "POST",
                            "/a%20b?c=d",
                            List.of(Map.entry("Host", "x"), Map.entry("X-Mine", "yes")),
                            new ByteArrayInputStream("body".getBytes(StandardCharsets.UTF_8)),
                            -1,
                            "");
            Incoming answer = connection.send(request);
            assertThat(answer.status()).isEqualTo(201);
            assertThat(new String(answer.body().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("POST /a%20b?c=d yes body");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void bodiesEndWhereTheySay() throws Exception {
        assertThat(body("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef")).isEqualTo("abc");
        assertThat(body("HTTP/1.1 200 OK\r\n\r\nabcdef")).isEqualTo("abcdef");
        assertThat(
                        body(
                                "HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n"
                                        + "3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nT: 1\r\n\r\nrest"))
                .isEqualTo("abcde");
        assertThat(
                        body(
                                "HTTP/1.1 100 Continue\r\n\r\n"
                                        + "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab"))
                .isEqualTo("a");
        assertThat(
                        parse("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", "HEAD")
                                .body()
                                .readAllBytes())
                .isEmpty();
    }

    @Test
    void whatIsNoHttpIsRefused() {
        for (String answer :
                List.of(
                        "",
                        "SSH-2.0-x\r\n\r\n",
                        "HTTP/1.1 20\r\n\r\n",
                        "HTTP/1.1 200 OK\r\nNo header\r\n\r\n",
                        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nab",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nab",
                        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n",
                        "HTTP/1.1 200 OK\r\nA: " + "x".repeat(70_000) + "\r\n\r\n")) {
            assertThatThrownBy(() -> body(answer)).as(answer).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aLineBreakCannotBeSmuggledIn() {
        Outgoing request =
                Outgoing.of("GET", "/", List.of(Map.entry("A", "b\r\nC: d")), new byte[0]);
        assertThatThrownBy(() -> request.write(new java.io.ByteArrayOutputStream()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void anyBytesAreAnAnswerOrAnIoException(@ForAll byte[] head, @ForAll byte[] tail)
            throws IOException {
        java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
        bytes.writeBytes(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
                        .getBytes(StandardCharsets.ISO_8859_1));
        bytes.writeBytes(head);
        bytes.writeBytes("\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        bytes.writeBytes(tail);
        try {
            Incoming answer = Incoming.read(new ByteArrayInputStream(bytes.toByteArray()), "GET");
            assertThat(answer.body().readAllBytes().length).isLessThanOrEqualTo(bytes.size());
        } catch (IOException e) {
            assertThat(e).hasMessageNotContaining("null");
        }
    }
}
