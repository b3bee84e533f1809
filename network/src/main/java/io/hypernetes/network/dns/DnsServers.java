package io.hypernetes.network.dns;

import io.hypernetes.network.LocalPort;
import io.hypernetes.network.local.LocalServer;

/** A name server for each network that is served. */
public record DnsServers(ClusterDns dns) implements LocalServer {
    @Override
    public AutoCloseable open(LocalPort port) {
        return DnsServer.open(dns, port);
    }
}
