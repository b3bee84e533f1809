package io.hypernetes.tenancy;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collections;
import java.util.Optional;

/**
 * Where the API server is to be found from other machines.
 *
 * @param host empty on a machine that others cannot reach at all
 * @param ready whether it listens there: a server on loopback alone has an address for others all
 *     the same, as objects must name one, and answers nobody at it
 */
public record ServerAddress(String host, int port, boolean ready) {

    /**
     * Of a server that listens here: this address, or this machine's own in place of one that means
     * nothing elsewhere.
     */
    public static ServerAddress of(InetSocketAddress listening) {
        InetAddress address = listening.getAddress();
        if (address != null && !address.isAnyLocalAddress() && !address.isLoopbackAddress()) {
            return new ServerAddress(address.getHostAddress(), listening.getPort(), true);
        }
        boolean everywhere = address != null && address.isAnyLocalAddress();
        return new ServerAddress(machine().orElse(""), listening.getPort(), everywhere);
    }

    private static Optional<String> machine() {
        try {
            for (NetworkInterface device :
                    Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (!device.isUp() || device.isLoopback()) {
                    continue;
                }
                for (InterfaceAddress address : device.getInterfaceAddresses()) {
                    if (address.getAddress() instanceof Inet4Address ipv4
                            && !ipv4.isLinkLocalAddress()) {
                        return Optional.of(ipv4.getHostAddress());
                    }
                }
            }
            return Optional.empty();
        } catch (SocketException e) {
            return Optional.empty();
        }
    }
}
