package io.hypernetes.server;

import io.hypernetes.server.access.FlowLimits;
import io.hypernetes.server.http.HttpLimits;
import io.hypernetes.server.outbound.TenantUrls;

/**
 * What clients and tenants may ask of the server.
 *
 * @param urls where the host connects to when a tenant wrote down a URL
 */
public record ServerLimits(HttpLimits http, FlowLimits flow, TenantUrls urls) {
    public static final ServerLimits DEFAULT =
            new ServerLimits(HttpLimits.DEFAULT, FlowLimits.DEFAULT, TenantUrls.NONE);

    /** The same, with another way for tenants' URLs. */
    public ServerLimits with(TenantUrls other) {
        return new ServerLimits(http, flow, other);
    }
}
