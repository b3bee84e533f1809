package io.hypernetes.network;

import io.hypernetes.network.VirtualServer.Protocol;

/**
 * An address that leads to a local port: pods ask there, and their own machine answers.
 *
 * @param address that nobody has
 * @param localPort where the local port listens for it
 */
public record LocalService(Protocol protocol, String address, int port, int localPort) {}
