package io.hypernetes.server.aggregation;

import io.hypernetes.api.ApiException;
import io.hypernetes.server.access.Gate;
import io.hypernetes.server.access.Router;
import io.hypernetes.server.access.Session;
import io.hypernetes.server.http.Exchange;
import io.hypernetes.server.http.Reply;
import io.hypernetes.server.outbound.HttpConnection;
import io.hypernetes.server.outbound.ProxyHeaders;
import io.hypernetes.server.outbound.Relay;
import io.hypernetes.server.request.RequestInfo;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map.Entry;
import java.util.Optional;

/** Relays what is asked of a claimed group and version to the extension server that claimed it. */
public final class AggregationRouter implements Router {
    private static final Logger LOG = LoggerFactory.getLogger(AggregationRouter.class);

    /** As upstream's limit of a request that is no watch. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Claims claims;
    private final Backends backends;
    private final Gate gate;

    public AggregationRouter(Claims claims, Backends backends, Gate gate) {
        this.claims = claims;
        this.backends = backends;
        this.gate = gate;
    }

    @Override
    public boolean handle(Exchange exchange, Session session, RequestInfo info) throws IOException {
        if (!info.path().startsWith("/apis/") || session.world().isEmpty()) {
            return false;
        }
        String[] parts = info.path().split("/", 5);
        Optional<Claim> claim =
                parts.length < 4
                        ? Optional.empty()
                        : claims.find(session.tenant(), parts[2], parts[3]);
        if (claim.isEmpty()) {
            return false;
        }
        relay(exchange, session, info, claim.get());
        return true;
    }

    private void relay(Exchange exchange, Session session, RequestInfo info, Claim claim)
            throws IOException {
        String path = pathOf(exchange.path());
        HttpConnection connection;
        try {
            connection = backends.connect(claim);
        } catch (ApiException | IOException e) {
            LOG.debug("{} of {}: {}", claim.path(), claim.service(), e.getMessage());
            exchange.reply(Reply.text(503, "service unavailable\n"));
            return;
        }
        if (!info.verb().equals("watch") && info.subresource().isEmpty()) {
            connection.within(PATIENCE);
        }
        List<Entry<String, String>> headers =
                new ArrayList<>(ProxyHeaders.ofRequest(exchange, claim.host(), exchange.path()));
        headers.addAll(RemoteUser.headers(session.user()));
        String query = exchange.rawQuery().isEmpty() ? "" : "?" + exchange.rawQuery();
        try {
            Relay.pass(
                    exchange,
                    connection,
                    path + query,
                    headers,
                    Optional.empty(),
                    s -> gate.seatedRaw(session, s));
        } catch (IOException e) {
            connection.close();
            if (exchange.isAnswered()) {
                throw e;
            }
            exchange.reply(
                    Reply.text(503, "error trying to reach service: " + e.getMessage() + "\n"));
        }
    }

    /**
     * The path as it came, without the tenant's prefix and without empty segments: what was
     * authorized is what is asked. Throws BadRequest for dot segments.
     */
    static String pathOf(String raw) {
        List<String> segments = new ArrayList<>();
        for (String segment : raw.split("/", -1)) {
            String plain = segment.replaceAll("(?i)%2e", ".");
            if (plain.equals(".") || plain.equals("..")) {
                throw ApiException.badRequest("the path has a segment that is no name");
            }
            if (!segment.isEmpty()) {
                segments.add(segment);
            }
        }
        int prefix = segments.getFirst().equals("tenants") ? 2 : 0;
        return "/" + String.join("/", segments.subList(prefix, segments.size()));
    }
}
