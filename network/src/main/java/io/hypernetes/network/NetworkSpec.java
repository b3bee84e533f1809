package io.hypernetes.network;

/**
 * What a network is to be.
 *
 * @param cidr the IPv4 subnet, for instance {@code 10.0.0.0/24}
 * @param gateway the router's address inside it
 */
public record NetworkSpec(NetworkId id, String cidr, String gateway) {}
