package io.hypernetes.server.outbound;

import io.hypernetes.server.http.Exchange;
import io.hypernetes.server.http.RawConnection;
import io.hypernetes.server.http.RawSession;

import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Passes a request on to another server, and its answer back as it comes: watches flow. */
public final class Relay {
    private static final int BUFFER = 32 * 1024;

    private Relay() {}

    /**
     * Closes the connection when the answer has ended, or the session after an upgrade has.
     *
     * @param target path and query, as they are sent
     * @param links where links and redirections are to lead; empty: where they do
     * @param seated gives the session after an upgrade a seat of its own
     */
    public static void pass(
            Exchange exchange,
            HttpConnection connection,
            String target,
            List<Map.Entry<String, String>> headers,
            Optional<ProxyPath> links,
            UnaryOperator<RawSession> seated)
            throws IOException {
        String upgrade = exchange.wantedUpgrade();
        boolean hasBody =
                exchange.announcedLength() >= 0
                        || exchange.header("Transfer-Encoding").isPresent()
                        || !List.of("GET", "HEAD", "DELETE", "OPTIONS").contains(exchange.method());
        Incoming answer =
                connection.send(
                        new Outgoing(
                                exchange.method(),
                                target,
                                headers,
                                hasBody ? exchange.body() : InputStream.nullInputStream(),
                                hasBody ? exchange.announcedLength() : 0,
                                upgrade));
        if (answer.status() == 101) {
            exchange.upgradeRaw(
                    answer.header("upgrade").orElse(upgrade),
                    ProxyHeaders.ofUpgrade(answer),
                    seated.apply(client -> tunnel(client, answer, connection)));
            return;
        }
        Map<String, List<String>> answered = ProxyHeaders.ofAnswer(answer);
        Optional<ProxyPath> page = links.filter(_ -> isPage(exchange, answer));
        page.ifPresent(_ -> answered.remove("content-length"));
        links.ifPresent(path -> answered.computeIfPresent("location", (_, old) -> led(path, old)));
        try (connection;
                OutputStream relayed = exchange.relay(answer.status(), answered);
                OutputStream out =
                        page.isPresent() ? new PageLinks(relayed, page.get()) : relayed) {
            copy(answer.body(), out);
        }
    }

    private static List<String> led(ProxyPath path, List<String> locations) {
        return locations.stream().map(link -> path.lead(link).orElse(link)).toList();
    }

    /** A compressed one passes as it is. */
    private static boolean isPage(Exchange exchange, Incoming answer) {
        return !exchange.method().equals("HEAD")
                && answer.header("location").isEmpty()
                && answer.header("content-encoding").isEmpty()
                && answer.header("content-type")
                        .filter(type -> type.split(";", 2)[0].trim().equals("text/html"))
                        .isPresent();
    }

    private static void tunnel(RawConnection client, Incoming answer, HttpConnection far)
            throws IOException, InterruptedException {
        try (far) {
            Thread there =
                    Thread.ofVirtual()
                            .name("proxy-input")
                            .start(() -> {
                                try {
                                    copy(client.input(), far.output());
                                } catch (IOException e) {
                                    LoggerFactory.getLogger(Relay.class)
                                            .debug(
                                                    "a proxied connection ended: {}",
                                                    e.getMessage());
                                }
                                far.close();
                            });
            copy(answer.body(), client.output());
            client.close();
            there.join();
        }
    }

    private static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            out.write(buffer, 0, count);
            out.flush();
        }
    }
}
