package io.hypernetes.server.observe;

import io.hypernetes.server.access.Router;
import io.hypernetes.server.access.Session;
import io.hypernetes.server.http.Exchange;
import io.hypernetes.server.http.Reply;
import io.hypernetes.server.request.RequestInfo;

import java.io.IOException;

/** {@code /metrics}, for the operator: a tenant's world has none. */
public final class MetricsRouter implements Router {
    private final ServerMetrics metrics;

    public MetricsRouter(ServerMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public boolean handle(Exchange exchange, Session session, RequestInfo info) throws IOException {
        if (!info.path().equals("/metrics") || !session.isSystemWorld()) {
            return false;
        }
        exchange.reply(Reply.of(200, metrics.contentType(), metrics.text()));
        return true;
    }
}
