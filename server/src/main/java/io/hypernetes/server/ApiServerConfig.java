package io.hypernetes.server;

import io.hypernetes.server.http.TlsMaterial;
import io.hypernetes.server.observe.Observer;
import io.hypernetes.server.observe.ServerMetrics;
import io.hypernetes.server.outbound.ClientCertificate;

import java.net.InetSocketAddress;

/**
 * @param address to listen on; port 0 takes any that is free
 * @param observer sees all requests
 * @param frontProxy by which extension servers know this one
 * @param limits of connections, and of tenants
 */
public record ApiServerConfig(
        InetSocketAddress address,
        TlsMaterial tls,
        Observer observer,
        ClientCertificate frontProxy,
        ServerLimits limits) {
    /** Counted, not audited. */
    public ApiServerConfig(InetSocketAddress address, TlsMaterial tls) {
        this(
                address,
                tls,
                Observer.unaudited(new ServerMetrics()),
                ClientCertificate.NONE,
                ServerLimits.DEFAULT);
    }
}
