package io.hypernetes.server;

import io.hypernetes.server.http.TlsMaterial;
import io.hypernetes.server.observe.Observer;
import io.hypernetes.server.observe.ServerMetrics;

import java.net.InetSocketAddress;

/**
 * @param address to listen on; port 0 takes any that is free
 * @param observer sees all requests
 */
public record ApiServerConfig(InetSocketAddress address, TlsMaterial tls, Observer observer) {
    /** Counted, not audited. */
    public ApiServerConfig(InetSocketAddress address, TlsMaterial tls) {
        this(address, tls, Observer.unaudited(new ServerMetrics()));
    }
}
