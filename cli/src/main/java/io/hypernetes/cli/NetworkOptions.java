package io.hypernetes.cli;

import io.hypernetes.api.types.networking.ServiceRanges;
import io.hypernetes.cli.assembly.ClusterRules;
import io.hypernetes.cli.assembly.NetworkRules;
import io.hypernetes.network.Underlay;
import io.hypernetes.network.ovn.OvnMember;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the operator allows tenants' networks. */
final class NetworkOptions {

    private static final int DNS = 53;

    /** Of IPv6, below which a pod could not have it, and a tunnel's room. */
    private static final int SMALLEST_WIRE = 1280 + 78;

    private static final int LARGEST_WIRE = 65535;

    @Option(
            names = "--service-cidrs",
            paramLabel = "CIDR[,CIDR]",
            split = ",",
            description =
                    "Where services' addresses come from in every world: a range of IPv4 or IPv6,"
                            + " or one of each, the main one first. Stays as it is once there are"
                            + " services (default of a new installation:"
                            + " 10.96.0.0/12,fd00:10:96::/108).")
    private List<String> serviceCidrs = List.of();

    @Option(
            names = "--dns-forward",
            paramLabel = "ADDRESS[:PORT]",
            split = ",",
            description =
                    "Name servers that are asked for names outside of the cluster, on behalf of"
                            + " pods (default: none, such names are refused).")
    private List<String> nameServers = List.of();

    @Mixin private UplinkOptions uplink = new UplinkOptions();

    @Option(
            names = "--cluster-address",
            paramLabel = "ADDRESS",
            description =
                    "Address of this machine at which others may join ('hypernetes node token'"
                            + " tells how): the API and the databases of networks listen there"
                            + " (default: none, this machine is alone).")
    private String clusterAddress = "";

    @Option(
            names = "--tunnel",
            paramLabel = "DEVICE=ADDRESS/LENGTH",
            description =
                    "A network device of this machine that leads to the others, and the address"
                            + " that it has among them; it is taken over. It carries tenants'"
                            + " packets between machines.")
    private String tunnel = "";

    @Option(
            names = "--mtu",
            paramLabel = "BYTES",
            description =
                    "The largest packet of the wire between machines, from which that of pods"
                            + " follows (default: pods have 1400).")
    private int wire;

    /** Empty without one. */
    String clusterAddress() {
        return clusterAddress;
    }

    private ClusterRules cluster() {
        Optional<Underlay> underlay =
                tunnel.isEmpty() ? Optional.empty() : Optional.of(TunnelOption.parse(tunnel));
        if (!clusterAddress.isEmpty() && underlay.isEmpty()) {
            throw new CommandException(
                    "--cluster-address needs --tunnel: a device that leads to the other machines,"
                            + " for instance --tunnel eth1=192.0.2.11/24");
        }
        if (wire != 0 && (wire < SMALLEST_WIRE || wire > LARGEST_WIRE)) {
            throw new CommandException(
                    "--mtu is of the wire, from %d to %d bytes"
                            .formatted(SMALLEST_WIRE, LARGEST_WIRE));
        }
        Underlay usual = new Underlay("", "");
        int mtu = wire == 0 ? OvnMember.USUAL_MTU : underlay.orElse(usual).guestMtu(wire);
        return new ClusterRules(
                clusterAddress.isEmpty() ? Optional.empty() : Optional.of(clusterAddress),
                underlay,
                mtu);
    }

    NetworkRules rules() {
        return new NetworkRules(
                serviceRanges(),
                nameServers.stream().map(NetworkOptions::server).toList(),
                uplink.uplink(),
                cluster());
    }

    private Optional<ServiceRanges> serviceRanges() {
        if (serviceCidrs.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ServiceRanges(serviceCidrs));
        } catch (IllegalArgumentException e) {
            throw new CommandException("--service-cidrs: " + e.getMessage(), e);
        }
    }

    private static InetSocketAddress server(String text) {
        String[] parts = text.split(":", 2);
        try {
            if (!parts[0].matches("[0-9.]+")) {
                throw new UnknownHostException(parts[0]);
            }
            int port = parts.length == 1 ? DNS : Integer.parseInt(parts[1]);
            return new InetSocketAddress(InetAddress.getByName(parts[0]), port);
        } catch (UnknownHostException | IllegalArgumentException e) {
            throw new CommandException(
                    "--dns-forward takes IPv4 addresses as 192.0.2.53 or 192.0.2.53:5353, not '"
                            + text
                            + "'",
                    e);
        }
    }

    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        if (!serviceCidrs.isEmpty()) {
            arguments.addAll(List.of("--service-cidrs", String.join(",", serviceCidrs)));
        }
        if (!nameServers.isEmpty()) {
            arguments.addAll(List.of("--dns-forward", String.join(",", nameServers)));
        }
        arguments.addAll(uplink.arguments());
        if (!clusterAddress.isEmpty()) {
            arguments.addAll(List.of("--cluster-address", clusterAddress));
        }
        if (!tunnel.isEmpty()) {
            arguments.addAll(List.of("--tunnel", tunnel));
        }
        if (wire != 0) {
            arguments.addAll(List.of("--mtu", Integer.toString(wire)));
        }
        return arguments;
    }
}
