package io.hypernetes.server.outbound;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;

/**
 * Who may make the host connect to a URL that they wrote down: the operator. A tenant's calls begin
 * in its own network, where a service is dialled; the operator may allow tenants more.
 */
public final class HostAddresses {
    private HostAddresses() {}

    /**
     * Resolves a name once, so that what is checked is what is dialled. For a tenant nothing is
     * even resolved: the host's names are none of its business.
     *
     * @param allowed for the operator, all
     * @throws IOException when it cannot be resolved, or is none of the tenant's business
     */
    public static InetAddress resolve(String host, TenantUrls allowed) throws IOException {
        if (allowed == TenantUrls.NONE) {
            throw new IOException(
                    "dial tcp "
                            + host
                            + ": this server connects to no URL for a tenant: run the webhook as a"
                            + " service of this world");
        }
        InetAddress[] addresses = InetAddress.getAllByName(host);
        if (allowed == TenantUrls.PUBLIC) {
            for (InetAddress address : addresses) {
                requirePublic(host, address);
            }
        }
        return addresses[0];
    }

    private static void requirePublic(String host, InetAddress address) throws IOException {
        boolean own = NetworkInterface.getByInetAddress(address) != null;
        if (own || !isPublic(address)) {
            throw new IOException(
                    "dial tcp "
                            + host
                            + ": the host's own, loopback, link-local and private addresses are the"
                            + " operator's: run the webhook as a service of this world");
        }
    }

    static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean uniqueLocal = bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc;
        boolean shared = bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xc0) == 64;
        boolean reserved = bytes.length == 4 && (bytes[0] == 0 || (bytes[0] & 0xf0) == 0xf0);
        boolean embedded = bytes.length == 16 && isEmbedded(bytes);
        return !address.isAnyLocalAddress()
                && !address.isLoopbackAddress()
                && !address.isLinkLocalAddress()
                && !address.isSiteLocalAddress()
                && !address.isMulticastAddress()
                && !uniqueLocal
                && !shared
                && !reserved
                && !embedded;
    }

    /** IPv4 within IPv6 (mapped, compatible, NAT64, 6to4) would be a way around. */
    private static boolean isEmbedded(byte[] bytes) {
        boolean zeros = true;
        for (int i = 0; i < 10; i++) {
            zeros &= bytes[i] == 0;
        }
        boolean nat64 = bytes[0] == 0 && bytes[1] == 0x64 && (bytes[2] & 0xff) == 0xff;
        boolean sixToFour = bytes[0] == 0x20 && bytes[1] == 0x02;
        return zeros || nat64 || sixToFour;
    }
}
