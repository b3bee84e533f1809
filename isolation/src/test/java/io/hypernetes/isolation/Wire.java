package io.hypernetes.isolation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * HTTP/1.1 written by hand, one request a connection: no client library stands between an attempt
 * and the server to put things right. Bytes are ISO 8859-1 both ways.
 */
record Wire(SSLContext context, int port) {
    private static final int PATIENCE_MILLIS = 60_000;

    /** A request as it is written. */
    static String request(String method, String target, List<String> headers, String body) {
        List<String> lines = new ArrayList<>(List.of(method + " " + target + " HTTP/1.1"));
        lines.addAll(headers);
        if (headers.stream().noneMatch(line -> line.startsWith("Host:"))) {
            lines.add("Host: localhost");
        }
        if (!body.isEmpty()) {
            lines.add("Content-Length: " + body.getBytes(StandardCharsets.ISO_8859_1).length);
        }
        lines.add("Connection: close");
        return String.join("\r\n", lines) + "\r\n\r\n" + body;
    }

    Answer send(String request) {
        try (SSLSocket socket = connect("http/1.1")) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            String text = read(socket.getInputStream());
            return new Answer(status(text).orElse(0), text);
        } catch (IOException e) {
            throw new UncheckedIOException(request.lines().findFirst().orElse(""), e);
        }
    }

    /** A connection that speaks this protocol. */
    SSLSocket connect(String protocol) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {protocol});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    /** All that comes; a connection that is reset ends it. */
    private static String read(InputStream in) {
        StringBuilder text = new StringBuilder();
        byte[] buffer = new byte[8192];
        try {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                text.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
            }
        } catch (java.net.SocketTimeoutException e) {
            throw new UncheckedIOException("no end of the answer", e);
        } catch (IOException _) {
            return text.toString();
        }
        return text.toString();
    }

    private static Optional<Integer> status(String text) {
        return text.startsWith("HTTP/1.1 ")
                ? Optional.of(Integer.parseInt(text.substring(9, 12)))
                : Optional.empty();
    }
}
