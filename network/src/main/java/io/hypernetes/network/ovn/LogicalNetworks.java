package io.hypernetes.network.ovn;

import static io.hypernetes.network.ovn.Northbound.IDS;
import static io.hypernetes.network.ovn.Northbound.NETWORK;
import static io.hypernetes.network.ovn.Northbound.SWITCH;
import static io.hypernetes.network.ovn.Northbound.SWITCH_PORT;
import static io.hypernetes.network.ovn.Northbound.TENANT;
import static io.hypernetes.network.ovsdb.Transaction.Condition.has;
import static io.hypernetes.network.ovsdb.Transaction.Condition.is;
import static io.hypernetes.network.ovsdb.Transaction.Condition.row;

import io.hypernetes.api.types.networking.Prefix;
import io.hypernetes.api.types.networking.ServiceRanges;
import io.hypernetes.network.NetworkException;
import io.hypernetes.network.NetworkId;
import io.hypernetes.network.NetworkSpec;
import io.hypernetes.network.VirtualServer.Protocol;
import io.hypernetes.network.ovsdb.Columns;
import io.hypernetes.network.ovsdb.OvsdbClient;
import io.hypernetes.network.ovsdb.Results;
import io.hypernetes.network.ovsdb.Row;
import io.hypernetes.network.ovsdb.Transaction;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Networks in OVN's northbound database: a switch for each, and for each tenant one router that
 * joins its switches and one group of load balancers that all of them serve.
 *
 * <p>Every switch has the router, also of a tenant without a way out: the address of a Service is
 * reached only by way of the MAC of a next hop.
 */
final class LogicalNetworks {

    static final String ROUTER = "Logical_Router";

    private static final String ROUTER_PORT = "Logical_Router_Port";
    private static final String GROUPS = "load_balancer_group";
    private static final String TRACKED = "hypernetes-tracked";

    private final OvsdbClient database;
    private final ServiceRanges services;

    LogicalNetworks(OvsdbClient database, ServiceRanges services) {
        this.database = database;
        this.services = services;
    }

    /**
     * What there is of a network and its tenant.
     *
     * @param joints the switch's ports to the router
     * @param gates the router's ports to the switch
     * @param pods the subnets of the addresses of each pod
     * @param others the tenant's other switches
     * @param outside the port of the outside's switch to the router
     * @param tracking the rule that lets the switch follow connections
     */
    private record Found(
            Optional<Row> itself,
            List<String> joints,
            List<String> gates,
            List<Subnets> pods,
            List<Row> others,
            Optional<Row> router,
            Optional<Row> group,
            List<String> outside,
            List<String> tracking) {

        boolean isWhole() {
            return joints.size() == 1
                    && tracking.size() == 1
                    && gates.size() == 1
                    && router.stream().anyMatch(r -> r.references("ports").containsAll(gates))
                    && group.stream()
                            .anyMatch(g ->
                                    itself.stream()
                                            .anyMatch(
                                                    s -> s.references(GROUPS).contains(g.uuid())));
        }
    }

    void ensure(NetworkSpec spec) {
        Subnets subnets = Subnets.of(spec);
        Patience.untilNoConflict(() -> {
            ensureOnce(spec.id(), subnets);
            return true;
        });
        adoptServices(spec.id().tenant());
    }

    private void ensureOnce(NetworkId network, Subnets subnets) {
        Found found = look(network);
        refuseOverlap(network, subnets, found.others());
        if (found.itself().isEmpty()) {
            create(network, subnets, found);
            return;
        }
        Subnets before = Subnets.read(found.itself().get().map(IDS));
        if (subnets.equals(before) && found.isWhole()) {
            return;
        }
        refuseIfUsed(network, before, subnets, found.pods());
        renew(network, subnets, found, found.itself().get());
    }

    /** A subnet stays as it is while pods have its addresses, and the first while there are any. */
    private static void refuseIfUsed(
            NetworkId network, Subnets before, Subnets subnets, List<Subnets> ofPods) {
        boolean firstMoves = !before.first().equals(subnets.first()) && !ofPods.isEmpty();
        Optional<Subnet> leaving =
                firstMoves
                        ? Optional.of(before.first())
                        : ofPods.stream()
                                .flatMap(used -> used.all().stream())
                                .filter(used -> !subnets.has(used))
                                .findFirst();
        if (leaving.isPresent()) {
            Subnet subnet = leaving.get();
            throw new NetworkException(
                    ("network %s has the subnet %s with gateway %s and %d ports on it: delete its"
                                    + " pods before you change it to %s")
                            .formatted(
                                    network,
                                    subnet.cidr(),
                                    subnet.gateway(),
                                    ofPods.size(),
                                    String.join(", ", subnets.cidrs())));
        }
    }

    private Found look(NetworkId network) {
        String tenant = OvnNames.ofTenant(network.tenant());
        Transaction look = new Transaction();
        int switches =
                look.select(
                        SWITCH, List.of(has(IDS, TENANT, network.tenant())), "name", GROUPS, IDS);
        int joints = look.select(SWITCH_PORT, List.of(is("name", OvnNames.switchSide(network))));
        int gates = look.select(ROUTER_PORT, List.of(is("name", OvnNames.routerSide(network))));
        int pods = look.select(SWITCH_PORT, Northbound.podsOf(network), IDS);
        int routers = look.select(ROUTER, List.of(is("name", tenant)), "ports");
        int groups = look.select(LoadBalancers.GROUP, List.of(is("name", tenant)));
        int outside =
                look.select(
                        SWITCH_PORT,
                        List.of(is("name", OvnNames.gateway(network.tenant()) + "/joint")));
        String name = OvnNames.of(network);
        int tracking = look.select(Acl.TABLE, List.of(has(IDS, TRACKED, name)));
        Results found = database.transact(look);
        return new Found(
                found.rows(switches).stream().filter(s -> s.text("name").equals(name)).findFirst(),
                found.rows(joints).stream().map(Row::uuid).toList(),
                found.rows(gates).stream().map(Row::uuid).toList(),
                found.rows(pods).stream().map(pod -> Subnets.read(pod.map(IDS))).toList(),
                found.rows(switches).stream().filter(s -> !s.text("name").equals(name)).toList(),
                found.rows(routers).stream().findFirst(),
                found.rows(groups).stream().findFirst(),
                found.rows(outside).stream().map(Row::uuid).toList(),
                found.rows(tracking).stream().map(Row::uuid).toList());
    }

    /** One router joins the networks of a tenant, so their addresses must differ. */
    private void refuseOverlap(NetworkId network, Subnets subnets, List<Row> others) {
        for (Subnet subnet : subnets.all()) {
            for (String range : services.cidrs()) {
                if (Prefix.parse(range).overlaps(Prefix.parse(subnet.cidr()))) {
                    throw new NetworkException(
                            "subnet %s of network %s overlaps the addresses of services, %s: use"
                                            .formatted(subnet.cidr(), network, range)
                                    + " another");
                }
            }
        }
        for (Row other : others) {
            Map<String, String> ids = other.map(IDS);
            Subnets theirs = Subnets.read(ids);
            theirs.overlapping(subnets)
                    .ifPresent(subnet -> {
                        throw new NetworkException(
                                "subnet %s of network %s overlaps %s of the tenant's network %s: use"
                                                .formatted(
                                                        subnet.cidr(),
                                                        network,
                                                        String.join(", ", theirs.cidrs()),
                                                        ids.get(NETWORK))
                                        + " another");
                    });
        }
    }

    private void create(NetworkId network, Subnets subnets, Found found) {
        Transaction change = new Transaction();
        String name = OvnNames.of(network);
        change.require(SWITCH, is("name", name), List.of("name"), List.of());
        Columns made =
                new Columns()
                        .text("name", name)
                        .map(IDS, Northbound.ids(network, subnets))
                        .inserted("ports", "joint")
                        .inserted("acls", "tracking");
        insertTracking(change, name);
        if (found.group().isPresent()) {
            made.references(GROUPS, List.of(found.group().get().uuid()));
        } else {
            insertGroup(change, network.tenant());
            made.inserted(GROUPS, "group");
        }
        route(change, network, subnets, found);
        change.insert(SWITCH, "switch", made);
        database.transact(change);
    }

    /** Gives an existing switch this subnet and a whole way to the router. */
    private void renew(NetworkId network, Subnets subnets, Found found, Row existing) {
        Transaction change = new Transaction();
        change.requireUnchanged(SWITCH, existing);
        change.removeReferences(SWITCH, row(existing.uuid()), "ports", found.joints());
        change.putKeys(SWITCH, row(existing.uuid()), IDS, Northbound.ids(network, subnets));
        if (found.tracking().isEmpty()) {
            insertTracking(change, OvnNames.of(network));
            change.addInserted(SWITCH, row(existing.uuid()), "acls", "tracking");
        }
        if (found.group().isPresent()) {
            change.addReferences(
                    SWITCH, row(existing.uuid()), GROUPS, List.of(found.group().get().uuid()));
        } else {
            insertGroup(change, network.tenant());
            change.addInserted(SWITCH, row(existing.uuid()), GROUPS, "group");
        }
        route(change, network, subnets, found);
        change.addInserted(SWITCH, row(existing.uuid()), "ports", "joint");
        database.transact(change);
    }

    /**
     * A rule that never matches, but is of the kind for which a switch follows every connection
     * from its begin. Without it the first policy of a network would meet open connections that it
     * takes, by whichever packet comes first, for new ones of the other side, which are allowed.
     */
    private static void insertTracking(Transaction change, String name) {
        new Acl(0, Acl.TO_PORT, "0", "allow-related")
                .insert(change, "tracking", Map.of(TRACKED, name));
    }

    private static void insertGroup(Transaction change, String tenant) {
        String name = OvnNames.ofTenant(tenant);
        change.require(LoadBalancers.GROUP, is("name", name), List.of("name"), List.of());
        change.insert(LoadBalancers.GROUP, "group", new Columns().text("name", name));
    }

    /** Inserts the port {@code joint} of a switch, and its peer into the tenant's router. */
    private static void route(Transaction change, NetworkId network, Subnets subnets, Found found) {
        String gate = OvnNames.routerSide(network);
        String router = OvnNames.ofTenant(network.tenant());
        change.insert(
                ROUTER_PORT,
                "gate",
                new Columns()
                        .text("name", gate)
                        .text("mac", OvnNames.mac(network, subnets.first().gateway()))
                        .texts("networks", subnets.gateways()));
        if (found.router().isPresent()) {
            Row existing = found.router().get();
            change.requireUnchanged(ROUTER, existing);
            change.removeReferences(ROUTER, row(existing.uuid()), "ports", found.gates());
            change.addInserted(ROUTER, row(existing.uuid()), "ports", "gate");
        } else {
            change.require(ROUTER, is("name", router), List.of("name"), List.of());
            change.insert(
                    ROUTER,
                    "router",
                    new Columns()
                            .text("name", router)
                            .map(IDS, Map.of(TENANT, network.tenant()))
                            .inserted("ports", "gate"));
        }
        change.insert(
                SWITCH_PORT,
                "joint",
                new Columns()
                        .text("name", OvnNames.switchSide(network))
                        .text("type", "router")
                        .text("addresses", "router")
                        .map("options", Map.of("router-port", gate)));
    }

    /** Services may be older than the tenant's first network, with which their group came. */
    private void adoptServices(String tenant) {
        Transaction look = new Transaction();
        int balancers = look.select(LoadBalancers.BALANCER, List.of(has(IDS, TENANT, tenant)));
        int groups =
                look.select(
                        LoadBalancers.GROUP,
                        List.of(is("name", OvnNames.ofTenant(tenant))),
                        LoadBalancers.MEMBERS);
        Results found = database.transact(look);
        Set<String> missing = new HashSet<>();
        found.rows(balancers).forEach(balancer -> missing.add(balancer.uuid()));
        for (Row group : found.rows(groups)) {
            group.references(LoadBalancers.MEMBERS).forEach(missing::remove);
            if (!missing.isEmpty()) {
                Transaction change = new Transaction();
                change.addReferences(
                        LoadBalancers.GROUP, row(group.uuid()), LoadBalancers.MEMBERS, missing);
                database.transact(change);
            }
        }
    }

    /** Removes a network with all ports on it; with a tenant's last one its router goes. */
    void delete(NetworkId network) {
        Patience.untilNoConflict(() -> {
            Found found = look(network);
            Transaction change = new Transaction();
            change.delete(SWITCH, is("name", OvnNames.of(network)));
            for (Protocol protocol : Protocol.values()) {
                String local = OvnNames.localServices(network, protocol);
                change.delete(LoadBalancers.BALANCER, is("name", local));
            }
            if (found.router().isPresent()) {
                Row router = found.router().get();
                change.requireUnchanged(ROUTER, router);
                change.removeReferences(ROUTER, row(router.uuid()), "ports", found.gates());
            }
            if (found.others().isEmpty()) {
                String tenant = OvnNames.ofTenant(network.tenant());
                change.removeReferences(
                        SWITCH, is("name", OutsideSwitch.NAME), "ports", found.outside());
                change.delete(ROUTER, is("name", tenant));
                change.delete(LoadBalancers.GROUP, is("name", tenant));
            }
            return database.transact(change);
        });
    }

    List<NetworkId> networks() {
        Transaction look = new Transaction();
        int switches = look.select(SWITCH, List.of(), IDS);
        return database.transact(look).rows(switches).stream()
                .map(found -> found.map(IDS))
                .filter(ids -> ids.containsKey(NETWORK))
                .map(ids -> new NetworkId(ids.getOrDefault(TENANT, ""), ids.get(NETWORK)))
                .toList();
    }
}
