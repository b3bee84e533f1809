package io.hypernetes.controlplane;

import io.hypernetes.server.ServerLimits;
import io.hypernetes.server.observe.Observer;

import java.net.InetSocketAddress;

/**
 * How the API is served.
 *
 * @param address to listen on; port 0 takes any that is free
 * @param observer sees all requests
 * @param identity who is asked about people and rights
 * @param limits of connections, and of tenants
 */
public record ListenConfig(
        InetSocketAddress address,
        Observer observer,
        IdentityConfig identity,
        ServerLimits limits) {}
