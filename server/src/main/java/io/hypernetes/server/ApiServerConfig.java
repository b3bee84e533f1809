package io.hypernetes.server;

import io.hypernetes.server.http.TlsMaterial;

import java.net.InetSocketAddress;

/**
 * @param address to listen on; port 0 takes any that is free
 */
public record ApiServerConfig(InetSocketAddress address, TlsMaterial tls) {}
