package io.hypernetes.cli;

import io.hypernetes.api.names.Addresses;
import io.hypernetes.network.Uplink;

import picocli.CommandLine.Option;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The operator's way out of tenants' networks. */
final class UplinkOptions {

    /** The last 32 bits of a tenant's address of IPv6 are its address of IPv4. */
    private static final int LONGEST_IPV6_PREFIX = 96;

    @Option(
            names = "--uplink",
            paramLabel = "DEVICE",
            description =
                    "A network device of this machine that leads outside, for networks whose"
                            + " tenants open them; it is taken over (default: no way out).")
    private String device = "";

    @Option(
            names = "--external-range",
            paramLabel = "CIDR",
            description = "The range behind --uplink, for instance 192.0.2.0/24.")
    private String range = "";

    @Option(
            names = "--external-gateway",
            paramLabel = "ADDRESS",
            description = "The next hop in that range.")
    private String gateway = "";

    @Option(
            names = "--external-pool",
            paramLabel = "FIRST-LAST",
            description = "Addresses of that range that tenants and their services are given.")
    private String pool = "";

    @Option(
            names = "--external-ipv6-range",
            paramLabel = "CIDR",
            description =
                    "The range of IPv6 behind --uplink, for instance 2001:db8::/64. A tenant goes"
                            + " out with the address there that ends in its IPv4 address"
                            + " (default: no way out for IPv6).")
    private String ipv6Range = "";

    @Option(
            names = "--external-ipv6-gateway",
            paramLabel = "ADDRESS",
            description = "The next hop in that range.")
    private String ipv6Gateway = "";

    @Option(
            names = "--external-closed",
            paramLabel = "CIDR",
            split = ",",
            description =
                    "Ranges outside that pods do not reach, beside private, link-local and"
                            + " loopback ones and the next hop itself.")
    private List<String> closed = List.of();

    Optional<Uplink> uplink() {
        if (device.isEmpty()) {
            return Optional.empty();
        }
        String[] ends = pool.split("-", -1);
        boolean whole =
                isRange(range)
                        && Addresses.isIpv4(gateway)
                        && ends.length == 2
                        && Addresses.isIpv4(ends[0])
                        && Addresses.isIpv4(ends[1]);
        if (!whole || range.contains(":")) {
            throw new CommandException(
                    "--uplink needs its range, next hop and pool: for instance --external-range"
                            + " 192.0.2.0/24 --external-gateway 192.0.2.1 --external-pool"
                            + " 192.0.2.100-192.0.2.199");
        }
        for (String each : closed) {
            if (!isRange(each)) {
                throw new CommandException(
                        "--external-closed takes ranges as 198.51.100.0/24, not '" + each + "'");
            }
        }
        return Optional.of(new Uplink(device, range, gateway, ends[0], ends[1], closed, ipv6()));
    }

    private Optional<Uplink.Ipv6> ipv6() {
        if (ipv6Range.isEmpty() && ipv6Gateway.isEmpty()) {
            return Optional.empty();
        }
        boolean whole =
                isRange(ipv6Range)
                        && Addresses.isIpv6(ipv6Range.substring(0, ipv6Range.indexOf('/')))
                        && prefix(ipv6Range) <= LONGEST_IPV6_PREFIX
                        && Addresses.isIpv6(ipv6Gateway);
        if (!whole) {
            throw new CommandException(
                    "a way out for IPv6 needs a range of at most 96 bits and its next hop: for"
                            + " instance --external-ipv6-range 2001:db8::/64"
                            + " --external-ipv6-gateway 2001:db8::1");
        }
        return Optional.of(new Uplink.Ipv6(ipv6Range, ipv6Gateway));
    }

    private static boolean isRange(String text) {
        return Addresses.canonicalRange(text).isEmpty();
    }

    private static int prefix(String range) {
        return Integer.parseInt(range.substring(range.indexOf('/') + 1));
    }

    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        if (!device.isEmpty()) {
            arguments.addAll(List.of("--uplink", device, "--external-range", range));
            arguments.addAll(List.of("--external-gateway", gateway, "--external-pool", pool));
        }
        if (!ipv6Range.isEmpty()) {
            arguments.addAll(List.of("--external-ipv6-range", ipv6Range));
        }
        if (!ipv6Gateway.isEmpty()) {
            arguments.addAll(List.of("--external-ipv6-gateway", ipv6Gateway));
        }
        if (!closed.isEmpty()) {
            arguments.addAll(List.of("--external-closed", String.join(",", closed)));
        }
        return arguments;
    }
}
