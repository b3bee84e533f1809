package io.hypernetes.server;

import io.hypernetes.server.access.FlowLimits;
import io.hypernetes.server.http.HttpLimits;

/** What clients and tenants may ask of the server. */
public record ServerLimits(HttpLimits http, FlowLimits flow) {
    public static final ServerLimits DEFAULT =
            new ServerLimits(HttpLimits.DEFAULT, FlowLimits.DEFAULT);
}
