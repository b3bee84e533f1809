package io.hypernetes.network.tap;

import static java.lang.foreign.ValueLayout.ADDRESS_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.hypernetes.network.process.Command;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A cable between a switch's namespace and a server's, or a pod's.
 *
 * @param device its end at the switch
 */
public record Veth(Netns switches, String device, Netns server) {

    /** The server's end. */
    private static final String INNER = "eth0";

    private static final long SIOCETHTOOL = 0x8946;
    private static final int ETHTOOL_STXCSUM = 0x17;
    private static final long UNION = 16;

    /**
     * Makes it, or brings it to these addresses.
     *
     * @param addresses with the prefix length of each, {@code 10.0.0.2/24}
     * @param neighbours further ranges of addresses that are on the same switch
     */
    public void ensure(String mac, List<String> addresses, int mtu, List<String> neighbours)
            throws IOException {
        String inner = server.name();
        link(mac, mtu, addresses);
        Command.of("ip", "-n", inner, "addr", "flush", "dev", INNER, "scope", "global").run();
        for (String address : addresses) {
            Command.of("ip", "-n", inner, "addr", "add", address, "dev", INNER).run();
        }
        for (String range : neighbours) {
            Command.of("ip", "-n", inner, "route", "replace", range, "dev", INNER).run();
        }
        writeChecksums();
    }

    /**
     * Makes it as a pod's only way to anything but itself. What is there already is not disturbed,
     * so that connections of a pod that runs go on.
     *
     * @param addresses with the prefix length of each
     * @param gateways the next hops, one of each family
     */
    public void ensureOnlyWay(String mac, List<String> addresses, List<String> gateways, int mtu)
            throws IOException {
        String inner = server.name();
        link(mac, mtu, addresses);
        for (String address : addresses) {
            Command.of("ip", "-n", inner, "addr", "replace", address, "dev", INNER).run();
        }
        for (String gateway : gateways) {
            Command.of("ip", "-n", inner, "route", "replace", "default", "via", gateway).run();
        }
        writeChecksums();
    }

    /** Whether it leads into this namespace. */
    public boolean exists() throws IOException {
        return new Taps(switches).index(device) >= 0 && new Taps(server).index(INNER) >= 0;
    }

    /** Both ends, up. An end whose other one is in a namespace of before is made anew. */
    private void link(String mac, int mtu, List<String> addresses) throws IOException {
        String outer = switches.name();
        String inner = server.name();
        if (!exists()) {
            new Taps(switches).delete(device);
            Command.of(
                            "ip", "-n", outer, "link", "add", device, "type", "veth", "peer",
                            "name", INNER, "netns", inner)
                    .run();
        }
        String size = Integer.toString(mtu);
        Command.of("ip", "-n", inner, "link", "set", INNER, "address", mac, "mtu", size, "up")
                .run();
        if (addresses.stream().anyMatch(address -> address.contains(":"))) {
            server.speakIpv6(INNER);
        }
        Command.of("ip", "-n", outer, "link", "set", device, "mtu", size, "up").run();
    }

    /**
     * What is sent carries its checksums. A veth leaves them to a device behind it, and Open
     * vSwitch reads frames where they were not made yet: TCP and UDP would not arrive.
     */
    private void writeChecksums() throws IOException {
        server.call(() -> {
            int socket = Libc.socket(Libc.AF_INET, Libc.SOCK_DGRAM_CLOEXEC);
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment value = arena.allocate(8, 4);
                value.set(JAVA_INT_UNALIGNED, 0, ETHTOOL_STXCSUM);
                MemorySegment request = Taps.ifreq(arena, INNER);
                request.set(ADDRESS_UNALIGNED, UNION, value);
                Libc.ioctl("write checksums on " + INNER, socket, SIOCETHTOOL, request);
                return true;
            } finally {
                Libc.close(socket);
            }
        });
    }
}
