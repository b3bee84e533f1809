package io.hypernetes.server.outbound;

import java.io.IOException;
import java.net.InetAddress;

/**
 * Addresses that a tenant may make the host connect to, for URLs that tenants write down: public
 * ones only. Loopback, link-local (where clouds keep their credentials) and private addresses
 * belong to the operator. The operator may allow them with the system property {@value #ALLOW}.
 */
public final class HostAddresses {
    public static final String ALLOW = "hypernetes.tenantUrlsToPrivateAddresses";

    private HostAddresses() {}

    /**
     * Resolves a name once, so that what is checked is what is dialled.
     *
     * @throws IOException when it cannot be resolved, or is none of the tenant's business
     */
    public static InetAddress resolve(String host, boolean operator) throws IOException {
        InetAddress[] addresses = InetAddress.getAllByName(host);
        if (operator || Boolean.getBoolean(ALLOW)) {
            return addresses[0];
        }
        for (InetAddress address : addresses) {
            if (!isPublic(address)) {
                throw new IOException(
                        "dial tcp "
                                + host
                                + ": loopback, link-local and private addresses are the operator's"
                                + " own: run the webhook as a service of this world");
            }
        }
        return addresses[0];
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
