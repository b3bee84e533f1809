package io.hypernetes.server.webhook;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.PodAccess.PortStream;
import io.hypernetes.api.client.TenantDialer.Place;
import io.hypernetes.api.json.Json;
import io.hypernetes.server.outbound.HttpConnection;
import io.hypernetes.server.outbound.Incoming;
import io.hypernetes.server.outbound.LateDialer;
import io.hypernetes.server.outbound.Outgoing;
import io.hypernetes.server.outbound.SocketPortStream;
import io.hypernetes.server.outbound.TrustedAuthorities;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import javax.net.ssl.SSLException;

/**
 * POSTs a review and reads the answer. A service is dialled inside its tenant's network, a URL from
 * the host; the connection is for one review.
 */
final class WebhookClient {
    private static final int MOST_ANSWER_BYTES = 3 * 1024 * 1024;

    private final LateDialer dialer;

    WebhookClient(LateDialer dialer) {
        this.dialer = dialer;
    }

    ObjectNode post(Tenant tenant, Endpoint endpoint, Duration timeout, ObjectNode review)
            throws WebhookException {
        long seconds = timeout.toSeconds();
        long deadline = System.nanoTime() + timeout.toNanos();
        try (HttpConnection connection = connect(tenant, endpoint, timeout).within(timeout)) {
            Incoming answer =
                    connection.send(
                            Outgoing.of(
                                    "POST",
                                    endpoint.target(seconds),
                                    List.of(
                                            Map.entry("Host", endpoint.host()),
                                            Map.entry("Content-Type", "application/json"),
                                            Map.entry("Accept", "application/json, */*"),
                                            Map.entry("User-Agent", "kube-apiserver-admission")),
                                    Json.write(review)));
            byte[] body = answer.body().readNBytes(MOST_ANSWER_BYTES + 1);
            if (body.length > MOST_ANSWER_BYTES) {
                throw new WebhookException("the answer is larger than 3 MiB");
            }
            return parsed(answer.status(), body);
        } catch (ApiException e) {
            throw failure(endpoint, seconds, e.status().message());
        } catch (IOException | java.io.UncheckedIOException e) {
            throw failure(
                    endpoint,
                    seconds,
                    System.nanoTime() >= deadline
                            ? "context deadline exceeded"
                            : reason(e, endpoint));
        }
    }

    private static WebhookException failure(Endpoint endpoint, long seconds, String reason) {
        return new WebhookException("Post \"" + endpoint.shown(seconds) + "\": " + reason);
    }

    private HttpConnection connect(Tenant tenant, Endpoint endpoint, Duration timeout)
            throws IOException {
        PortStream stream =
                endpoint.service()
                        ? dialer.dial(
                                new Place.Service(
                                        new ObjectKey(
                                                tenant, endpoint.namespace(), endpoint.name()),
                                        Integer.toString(endpoint.port())))
                        : SocketPortStream.open(
                                dialer.resolve(endpoint.host(), tenant.isSystem()),
                                endpoint.port(),
                                timeout);
        return HttpConnection.tls(
                stream,
                TrustedAuthorities.context(endpoint.caBundle()),
                endpoint.host(),
                true,
                timeout);
    }

    private static ObjectNode parsed(int status, byte[] body) throws WebhookException {
        if (status >= 400) {
            throw new WebhookException(
                    switch (status) {
                        case 404 -> "the server could not find the requested resource";
                        case 503 -> "the server is currently unable to handle the request";
                        default ->
                                status >= 500
                                        ? "an error on the server (\""
                                                + excerpt(body)
                                                + "\") has prevented the request from succeeding"
                                        : "the server rejected our request for an unknown reason";
                    });
        }
        try {
            return Json.parseObject(body);
        } catch (ApiException e) {
            throw new WebhookException(
                    "couldn't get version/kind; json parse error: " + e.getMessage());
        }
    }

    private static String excerpt(byte[] body) {
        String text = new String(body, java.nio.charset.StandardCharsets.UTF_8).strip();
        return text.isEmpty() ? "unknown" : text.substring(0, Math.min(200, text.length()));
    }

    /** In Go's words, as far as the cases are known. */
    private static String reason(Exception e, Endpoint endpoint) {
        String address = endpoint.host() + ":" + endpoint.port();
        String message = String.valueOf(e.getMessage());
        return switch (e) {
            case ConnectException _ -> "dial tcp " + address + ": connect: connection refused";
            case SocketTimeoutException _ -> "dial tcp " + address + ": i/o timeout";
            case UnknownHostException _ -> "dial tcp: lookup " + endpoint.host() + ": no such host";
            case SSLException _ when message.contains("PKIX") ->
                    "tls: failed to verify certificate: x509: certificate signed by unknown"
                            + " authority";
            case SSLException _ -> "tls: failed to verify certificate: x509: " + message;
            default -> message.isEmpty() ? "EOF" : message;
        };
    }
}
