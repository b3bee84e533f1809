package io.hypernetes.network.ovn;

import static io.hypernetes.network.VirtualServer.socket;
import static io.hypernetes.network.ovn.Northbound.IDS;
import static io.hypernetes.network.ovn.Northbound.SWITCH;
import static io.hypernetes.network.ovn.Northbound.SWITCH_PORT;
import static io.hypernetes.network.ovsdb.Transaction.Condition.is;
import static io.hypernetes.network.ovsdb.Transaction.Condition.row;

import io.hypernetes.network.LocalPort;
import io.hypernetes.network.LocalService;
import io.hypernetes.network.NetworkException;
import io.hypernetes.network.NetworkId;
import io.hypernetes.network.VirtualServer.Protocol;
import io.hypernetes.network.ovsdb.Columns;
import io.hypernetes.network.ovsdb.OvsdbClient;
import io.hypernetes.network.ovsdb.Results;
import io.hypernetes.network.ovsdb.Row;
import io.hypernetes.network.ovsdb.Transaction;
import io.hypernetes.network.tap.Netns;
import io.hypernetes.network.tap.Taps;
import io.hypernetes.network.tap.Veth;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A machine's own end in networks: a port of type {@code localport}, which is on every machine at
 * once and whose packets never enter a tunnel, with a namespace of its own behind a veth. Not an
 * internal port of Open vSwitch: that is lost when ovs-vswitchd is started again.
 */
final class LocalPorts {

    private final OvsdbClient northbound;
    private final IntegrationBridge bridge;
    private final Netns switches;
    private final int mtu;

    LocalPorts(OvsdbClient northbound, IntegrationBridge bridge, Netns switches, int mtu) {
        this.mtu = mtu;
        this.northbound = northbound;
        this.bridge = bridge;
        this.switches = switches;
    }

    /** The namespaces of local ports begin with the name of the switch's. */
    static String prefix(Netns switches) {
        return switches.name() + "-";
    }

    private Netns netns(NetworkId network) {
        return new Netns(prefix(switches) + OvnNames.digest(OvnNames.localPort(network)));
    }

    LocalPort ensure(NetworkId network, List<LocalService> services) {
        Subnets subnets = Patience.untilNoConflict(() -> ensureLogical(network));
        for (Protocol protocol : Protocol.values()) {
            Map<String, String> vips = new HashMap<>();
            for (LocalService service : services) {
                if (service.protocol() == protocol) {
                    // A network without addresses of the service's family cannot ask there.
                    homeOf(subnets, service.address())
                            .ifPresent(home ->
                                    vips.put(
                                            socket(service.address(), service.port()),
                                            socket(home.local(), service.localPort())));
                }
            }
            ensureServices(network, protocol, vips);
        }
        Netns netns = netns(network);
        String device = OvnNames.localDevice(network);
        List<Subnet> homes = subnets.homes();
        try {
            netns.createForServers();
            new Veth(switches, device, netns)
                    .ensure(
                            OvnNames.mac(network, subnets.first().local()),
                            homes.stream()
                                    .map(home -> home.local() + "/" + home.prefixLength())
                                    .toList(),
                            mtu,
                            subnets.all().stream()
                                    .filter(subnet -> !homes.contains(subnet))
                                    .map(Subnet::cidr)
                                    .toList());
            plug(network, device);
        } catch (IOException e) {
            throw new NetworkException(
                    "cannot make the local port of network " + network + ": " + e.getMessage(), e);
        }
        return new LocalPort(network, netns.name(), homes.stream().map(Subnet::local).toList());
    }

    private static Optional<Subnet> homeOf(Subnets subnets, String address) {
        Subnet.Family family = Subnet.Family.of(address);
        return subnets.homes().stream().filter(home -> home.family() == family).findFirst();
    }

    private Subnets ensureLogical(NetworkId network) {
        Transaction look = new Transaction();
        int switchesFound = look.select(SWITCH, List.of(is("name", OvnNames.of(network))), IDS);
        int ports =
                look.select(
                        SWITCH_PORT, List.of(is("name", OvnNames.localPort(network))), "addresses");
        Results found = northbound.transact(look);
        Row home =
                found.rows(switchesFound).stream()
                        .findFirst()
                        .orElseThrow(() ->
                                new NetworkException("network " + network + " does not exist"));
        Map<String, String> ids = home.map(IDS);
        Subnets subnets = Subnets.read(ids);
        String identity =
                LogicalPort.identity(
                        OvnNames.mac(network, subnets.first().local()),
                        subnets.homes().stream().map(Subnet::local).toList());
        Optional<Row> port = found.rows(ports).stream().findFirst();
        if (port.isPresent() && port.get().text("addresses").equals(identity)) {
            return subnets;
        }
        Transaction change = new Transaction();
        change.requireUnchanged(SWITCH, home);
        if (port.isPresent()) { // of the subnet that the network had before
            Columns moved =
                    new Columns().text("addresses", identity).text("port_security", identity);
            change.update(SWITCH_PORT, row(port.get().uuid()), moved);
        } else {
            change.insert(
                    SWITCH_PORT,
                    "local",
                    new Columns()
                            .text("name", OvnNames.localPort(network))
                            .text("type", "localport")
                            .text("addresses", identity)
                            .text("port_security", identity));
            change.addInserted(SWITCH, row(home.uuid()), "ports", "local");
        }
        northbound.transact(change);
        return subnets;
    }

    private void ensureServices(NetworkId network, Protocol protocol, Map<String, String> vips) {
        String name = OvnNames.localServices(network, protocol);
        Transaction look = new Transaction();
        int balancers = look.select(LoadBalancers.BALANCER, List.of(is("name", name)), "vips");
        List<Row> found = northbound.transact(look).rows(balancers);
        if (vips.isEmpty() ? found.isEmpty() : isOnly(found, vips)) {
            return;
        }
        Transaction change = new Transaction();
        change.delete(LoadBalancers.BALANCER, is("name", name));
        if (!vips.isEmpty()) {
            change.insert(
                    LoadBalancers.BALANCER,
                    "balancer",
                    new Columns()
                            .text("name", name)
                            .text("protocol", protocol.text())
                            .map("vips", vips)
                            .map("options", Map.of("reject", "true")));
            change.addInserted(
                    SWITCH, is("name", OvnNames.of(network)), LoadBalancers.MEMBERS, "balancer");
        }
        northbound.transact(change);
    }

    private static boolean isOnly(List<Row> found, Map<String, String> vips) {
        return found.size() == 1 && found.getFirst().map("vips").equals(vips);
    }

    private void plug(NetworkId network, String device) throws IOException {
        int index = new Taps(switches).index(device);
        Optional<IntegrationBridge.Plug> plugged = bridge.find(device);
        boolean stale =
                plugged.isPresent() && plugged.get().index() > 0 && plugged.get().index() != index;
        if (stale) {
            bridge.unplug(device);
        }
        if (plugged.isEmpty() || stale) {
            bridge.plug(device, Map.of("iface-id", OvnNames.localPort(network)));
        }
    }

    void delete(NetworkId network) {
        String device = OvnNames.localDevice(network);
        bridge.unplug(device);
        try {
            new Taps(switches).delete(device);
            netns(network).delete();
        } catch (IOException e) {
            throw new NetworkException(
                    "cannot remove the local port of network " + network + ": " + e.getMessage(),
                    e);
        }
    }
}
