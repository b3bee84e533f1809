package io.hypernetes.server.streaming;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.client.PodAccess.PortStream;
import io.hypernetes.api.client.TenantDialer;
import io.hypernetes.api.client.TenantDialer.Place;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.server.access.Gate;
import io.hypernetes.server.http.Bodies;
import io.hypernetes.server.http.Exchange;
import io.hypernetes.server.http.Reply;
import io.hypernetes.server.outbound.AnyCertificate;
import io.hypernetes.server.outbound.HttpConnection;
import io.hypernetes.server.outbound.ProxyHeaders;
import io.hypernetes.server.outbound.ProxyPath;
import io.hypernetes.server.outbound.Relay;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.resource.ResourceHandler;
import io.hypernetes.server.resource.ResourceRequest;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code pods/proxy} and {@code services/proxy}: any method and path, to a port inside a pod. The
 * connection begins in the pod's guest. What the pod answers is passed on as it is, but for the
 * links of pages, which lead back through the proxy.
 */
final class Proxies {
    private final Reads reads;
    private final TenantDialer dialer;
    private final Gate gate;

    Proxies(Reads reads, TenantDialer dialer, Gate gate) {
        this.reads = reads;
        this.dialer = dialer;
        this.gate = gate;
    }

    void handle(ResourceRequest request) throws IOException {
        Exchange exchange = request.exchange();
        ProxyTarget target =
                ProxyTarget.parse(exchange.path(), request.info().name())
                        .orElseThrow(ResourceHandler::notServed);
        Place place = place(request, target);
        if (target.path().isEmpty() && List.of("GET", "HEAD").contains(exchange.method())) {
            // So that the relative links of a page lead on through the proxy. Only of a page: what
            // else is asked without a slash reaches the root, as upstream.
            String query = exchange.rawQuery().isEmpty() ? "" : "?" + exchange.rawQuery();
            // An HTTP/2 client whose body is not taken sees a broken stream, not the answer.
            Bodies.read(exchange);
            exchange.reply(
                    Reply.of(301, "", new byte[0]).with("Location", exchange.path() + "/" + query));
            return;
        }
        PortStream stream = dialer.dial(place);
        HttpConnection connection = null;
        try {
            connection =
                    target.tls()
                            ? HttpConnection.tls(
                                    stream, AnyCertificate.context(), target.name(), false)
                            : HttpConnection.plain(stream);
            pass(request, target, connection);
        } catch (IOException e) {
            stream.close();
            if (exchange.isAnswered()) {
                throw e;
            }
            throw ApiException.of(
                    Reason.SERVICE_UNAVAILABLE, "error trying to reach service: " + e.getMessage());
        }
    }

    private Place place(ResourceRequest request, ProxyTarget target) {
        ObjectKey key =
                new ObjectKey(request.session().tenant(), request.namespace(), target.name());
        if (request.type().id().equals(BuiltinTypes.SERVICES.id())) {
            return new Place.Service(key, target.port());
        }
        JsonNode pod = reads.get(request.type(), key.tenant(), key.namespace(), key.name()).tree();
        if (!target.port().isEmpty()) {
            return new Place.Pod(
                    key,
                    PortNumbers.parse(target.port())
                            .orElseThrow(() ->
                                    ApiException.badRequest(
                                            "invalid pod request \""
                                                    + request.info().name()
                                                    + "\"")));
        }
        for (JsonNode container : pod.path("spec").path("containers")) {
            JsonNode port = container.path("ports").path(0).path("containerPort");
            if (port.isIntegralNumber()) {
                return new Place.Pod(key, port.asInt());
            }
        }
        return new Place.Pod(key, target.tls() ? 443 : 80);
    }

    private void pass(ResourceRequest request, ProxyTarget target, HttpConnection connection)
            throws IOException {
        Exchange exchange = request.exchange();
        String query = exchange.rawQuery().isEmpty() ? "" : "?" + exchange.rawQuery();
        String host = target.name() + (target.port().isEmpty() ? "" : ":" + target.port());
        Set<String> hosts = new HashSet<>(exchange.headers("Host"));
        hosts.add(host);
        Relay.pass(
                exchange,
                connection,
                (target.path().isEmpty() ? "/" : target.path()) + query,
                ProxyHeaders.ofRequest(exchange, host, target.prefix() + target.path()),
                Optional.of(new ProxyPath(target.prefix(), hosts)),
                session -> gate.seatedRaw(request.session(), session));
    }
}
