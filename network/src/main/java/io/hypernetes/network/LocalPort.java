package io.hypernetes.network;

import java.net.StandardProtocolFamily;
import java.util.List;

/**
 * This machine's own end in a tenant's network: what is bound in its namespace is heard by the pods
 * of that network on this machine, and by nobody else. The way from there to anywhere else does not
 * exist.
 *
 * @param netns the name of the network namespace, as {@code ip netns} has it
 * @param addresses that the namespace has in the network, one of each family, the same on every
 *     machine; the first is the name server's
 */
public record LocalPort(NetworkId network, String netns, List<String> addresses) {

    public LocalPort {
        addresses = List.copyOf(addresses);
    }

    /** The first. */
    public String address() {
        return addresses.getFirst();
    }

    /** What a socket at one of the addresses speaks. */
    public static StandardProtocolFamily family(String address) {
        return address.contains(":") ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
    }
}
