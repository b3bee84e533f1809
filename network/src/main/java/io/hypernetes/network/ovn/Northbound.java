package io.hypernetes.network.ovn;

import static io.hypernetes.network.ovsdb.Transaction.Condition.has;
import static io.hypernetes.network.ovsdb.Transaction.Condition.is;
import static io.hypernetes.network.ovsdb.Transaction.Condition.row;

import io.hypernetes.network.NetworkException;
import io.hypernetes.network.NetworkId;
import io.hypernetes.network.PolicyEngine.PortListener;
import io.hypernetes.network.PortId;
import io.hypernetes.network.ovsdb.Columns;
import io.hypernetes.network.ovsdb.OvsdbClient;
import io.hypernetes.network.ovsdb.Results;
import io.hypernetes.network.ovsdb.Row;
import io.hypernetes.network.ovsdb.RowListener;
import io.hypernetes.network.ovsdb.Transaction;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Pods' ports in OVN's northbound database, which is their only record: addresses that are given
 * out are the addresses of its ports.
 *
 * <p>Several machines may write at once. Every change is one transaction that holds only if the
 * switch is still as it was read, and is begun anew otherwise.
 */
final class Northbound {

    static final String SWITCH = "Logical_Switch";
    static final String SWITCH_PORT = "Logical_Switch_Port";
    static final String IDS = "external_ids";

    static final String TENANT = "hypernetes-tenant";
    static final String NETWORK = "hypernetes-network";
    private static final String POD = "hypernetes-pod";
    static final String CIDR = "hypernetes-cidr";
    static final String GATEWAY = "hypernetes-gateway";
    static final String NAME_SERVER = "hypernetes-name-server";
    static final String CHASSIS = "hypernetes-chassis";

    private final OvsdbClient database;

    Northbound(OvsdbClient database) {
        this.database = database;
    }

    /** The port with the address that it has, or with the lowest free one. */
    LogicalPort ensurePort(NetworkId network, PortId port, String chassis) {
        return Patience.untilNoConflict(() -> ensurePortOnce(network, port, chassis));
    }

    private LogicalPort ensurePortOnce(NetworkId network, PortId port, String chassis) {
        Transaction look = new Transaction();
        int switches = look.select(SWITCH, List.of(is("name", OvnNames.of(network))), IDS);
        int ports =
                look.select(SWITCH_PORT, List.of(is("name", OvnNames.of(port))), "addresses", IDS);
        int neighbours = look.select(SWITCH_PORT, podsOf(network), "addresses");
        Results found = database.transact(look);

        Optional<LogicalPort> existing = found.rows(ports).stream().findFirst().map(this::read);
        if (existing.isPresent()) {
            return adopt(existing.get(), network, chassis);
        }
        Row home =
                found.rows(switches).stream()
                        .findFirst()
                        .orElseThrow(() ->
                                new NetworkException("network " + network + " does not exist"));
        Map<String, String> ids = home.map(IDS);
        Subnets subnets = Subnets.read(ids);
        Set<String> used = new HashSet<>();
        found.rows(neighbours)
                .forEach(other -> used.addAll(LogicalPort.addresses(other.text("addresses"))));
        List<LogicalPort.Address> addresses =
                subnets.families().stream()
                        .map(family -> free(network, subnets, family, used))
                        .toList();
        LogicalPort fresh =
                new LogicalPort(
                        port,
                        network,
                        OvnNames.mac(network, addresses.getFirst().ip()),
                        addresses,
                        subnets.first().local(),
                        chassis);
        insert(fresh, home);
        return fresh;
    }

    private static LogicalPort.Address free(
            NetworkId network, Subnets subnets, Subnet.Family family, Set<String> used) {
        Subnet subnet =
                subnets.withRoom(family, used)
                        .orElseThrow(() ->
                                new NetworkException(
                                        ("network %s has no free address left in %s: delete pods"
                                                        + " or add a subnet")
                                                .formatted(
                                                        network,
                                                        subnets.of(family).stream()
                                                                .map(Subnet::cidr)
                                                                .collect(
                                                                        Collectors.joining(
                                                                                ", ")))));
        return new LogicalPort.Address(subnet.lowestFree(used).orElseThrow(), subnet);
    }

    private LogicalPort adopt(LogicalPort existing, NetworkId network, String chassis) {
        if (!existing.network().equals(network)) {
            throw new NetworkException(
                    "pod %s has a port on network %s: detach it before it is attached to %s"
                            .formatted(existing.id().podUid(), existing.network(), network));
        }
        if (!existing.chassis().equals(chassis)) {
            Transaction change = new Transaction();
            change.putKeys(
                    SWITCH_PORT,
                    is("name", OvnNames.of(existing.id())),
                    IDS,
                    Map.of(CHASSIS, chassis));
            database.transact(change);
        }
        return existing;
    }

    private void insert(LogicalPort port, Row home) {
        List<Subnet> subnets = port.addresses().stream().map(LogicalPort.Address::subnet).toList();
        Map<String, String> ids = ids(port.network(), new Subnets(subnets));
        ids.put(NAME_SERVER, port.nameServer());
        ids.put(POD, port.id().podUid());
        ids.put(CHASSIS, port.chassis());
        String identity = port.identity();
        Transaction change = new Transaction();
        change.requireUnchanged(SWITCH, home);
        change.insert(
                SWITCH_PORT,
                "port",
                new Columns()
                        .text("name", OvnNames.of(port.id()))
                        .text("addresses", identity)
                        .text("port_security", identity)
                        .map(IDS, ids));
        change.addInserted(SWITCH, row(home.uuid()), "ports", "port");
        database.transact(change);
    }

    Optional<LogicalPort> port(PortId port) {
        Transaction look = new Transaction();
        int ports =
                look.select(SWITCH_PORT, List.of(is("name", OvnNames.of(port))), "addresses", IDS);
        return database.transact(look).rows(ports).stream().findFirst().map(this::read);
    }

    List<LogicalPort> portsOfChassis(String chassis) {
        return read(List.of(has(IDS, CHASSIS, chassis)));
    }

    List<LogicalPort> portsOfNetwork(NetworkId network) {
        return read(podsOf(network));
    }

    /** Tells of pods' ports and their addresses: of those that there are, and of every change. */
    void listen(PortListener listener) {
        database.listen(
                SWITCH_PORT,
                List.of("addresses", IDS),
                new RowListener() {
                    @Override
                    public void changed(Row row) {
                        pod(row).ifPresent(port ->
                                listener.changed(
                                        port, LogicalPort.addresses(row.text("addresses"))));
                    }

                    @Override
                    public void gone(Row row) {
                        pod(row).ifPresent(port -> listener.changed(port, List.of()));
                    }
                });
    }

    private static Optional<PortId> pod(Row port) {
        Map<String, String> ids = port.map(IDS);
        return Optional.ofNullable(ids.get(POD))
                .map(uid -> new PortId(ids.getOrDefault(TENANT, ""), uid));
    }

    void deletePort(PortId port) {
        Transaction look = new Transaction();
        int ports = look.select(SWITCH_PORT, List.of(is("name", OvnNames.of(port))), IDS);
        for (Row found : database.transact(look).rows(ports)) {
            NetworkId network = read(found).network();
            Transaction change = new Transaction();
            change.removeReferences(
                    SWITCH, is("name", OvnNames.of(network)), "ports", List.of(found.uuid()));
            database.transact(change);
        }
    }

    private List<LogicalPort> read(List<Transaction.Condition> where) {
        Transaction look = new Transaction();
        int ports = look.select(SWITCH_PORT, where, "addresses", IDS);
        return database.transact(look).rows(ports).stream()
                .filter(found -> found.map(IDS).containsKey(POD))
                .map(this::read)
                .toList();
    }

    private LogicalPort read(Row port) {
        Map<String, String> ids = port.map(IDS);
        String tenant = ids.getOrDefault(TENANT, "");
        String identity = port.text("addresses");
        List<Subnet> subnets = Subnets.read(ids).all();
        List<String> ips = LogicalPort.addresses(identity);
        List<LogicalPort.Address> addresses = new ArrayList<>();
        for (int i = 0; i < ips.size(); i++) {
            addresses.add(new LogicalPort.Address(ips.get(i), subnets.get(i)));
        }
        return new LogicalPort(
                new PortId(tenant, ids.getOrDefault(POD, "")),
                new NetworkId(tenant, ids.getOrDefault(NETWORK, "")),
                identity.split(" ", 2)[0],
                addresses,
                ids.getOrDefault(NAME_SERVER, subnets.getFirst().local()),
                ids.getOrDefault(CHASSIS, ""));
    }

    static List<Transaction.Condition> podsOf(NetworkId network) {
        return List.of(has(IDS, TENANT, network.tenant()), has(IDS, NETWORK, network.name()));
    }

    static Map<String, String> ids(NetworkId network, Subnets subnets) {
        Map<String, String> ids = new HashMap<>(subnets.ids());
        ids.put(TENANT, network.tenant());
        ids.put(NETWORK, network.name());
        return ids;
    }
}
