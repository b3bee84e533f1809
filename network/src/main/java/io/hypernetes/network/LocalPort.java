package io.hypernetes.network;

/**
 * This machine's own end in a tenant's network: what is bound in its namespace is heard by the pods
 * of that network on this machine, and by nobody else. The way from there to anywhere else does not
 * exist.
 *
 * @param netns the name of the network namespace, as {@code ip netns} has it
 * @param address that the namespace has in the network, the same on every machine
 */
public record LocalPort(NetworkId network, String netns, String address) {}
