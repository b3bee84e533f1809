package io.hypernetes.network.ovn;

import static io.hypernetes.network.ovsdb.Transaction.Condition.has;
import static io.hypernetes.network.ovsdb.Transaction.Condition.is;
import static io.hypernetes.network.ovsdb.Transaction.Condition.row;

import io.hypernetes.network.ExternalEngine;
import io.hypernetes.network.NetworkException;
import io.hypernetes.network.NetworkId;
import io.hypernetes.network.Uplink;
import io.hypernetes.network.ovn.Subnet.Family;
import io.hypernetes.network.ovsdb.Columns;
import io.hypernetes.network.ovsdb.OvsdbClient;
import io.hypernetes.network.ovsdb.Results;
import io.hypernetes.network.ovsdb.Row;
import io.hypernetes.network.ovsdb.Transaction;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The way out: one switch for the outside, which every tenant's router has a port on once it has an
 * address there, source NAT for each network that may go out, and the tenant's group of load
 * balancers on the router, so that a Service's address outside is answered. Pods go out with both
 * families when the uplink has both.
 */
final class Outside implements ExternalEngine {

    private static final String ROUTER_PORT = "Logical_Router_Port";
    private static final String SET = "Address_Set";
    private static final String TENANT = "hypernetes-gateway-of";
    private static final String NETWORK = "hypernetes-egress-of";
    private static final String SOURCES_OF = "hypernetes-sources-of";
    private static final int RULE = 1000;

    private final OvsdbClient database;
    private final FloatingRules floating;
    private final Optional<Uplink> uplink;
    private final String chassis;

    Outside(OvsdbClient database, Optional<Uplink> uplink, String chassis) {
        this.database = database;
        this.floating = new FloatingRules(database, uplink);
        this.uplink = uplink;
        this.chassis = chassis;
    }

    @Override
    public void ensureSources(String address, List<String> ranges) {
        String match = others(address, ranges);
        Patience.steady(
                "say who may ask at " + address,
                () -> {
                    Transaction look = new Transaction();
                    int acls =
                            look.select(
                                    Acl.TABLE,
                                    List.of(has(Northbound.IDS, SOURCES_OF, address)),
                                    "match");
                    List<Row> before = database.transact(look).rows(acls);
                    boolean same =
                            ranges.isEmpty()
                                    ? before.isEmpty()
                                    : before.size() == 1
                                            && before.getFirst().text("match").equals(match);
                    if (!same) {
                        replaceSources(address, match, !ranges.isEmpty(), before);
                    }
                    return true;
                });
    }

    /** What comes to the address from elsewhere; with no range of its family, from anywhere. */
    private static String others(String address, List<String> ranges) {
        Family family = Family.of(address);
        String asked = family.field() + ".dst == " + address;
        List<String> meant = ranges.stream().filter(r -> Family.of(r) == family).toList();
        return meant.isEmpty()
                ? asked
                : asked + " && %s.src != {%s}".formatted(family.field(), String.join(", ", meant));
    }

    private void replaceSources(String address, String match, boolean limited, List<Row> before) {
        Transaction change = new Transaction();
        change.removeReferences(
                Northbound.SWITCH,
                is("name", OutsideSwitch.NAME),
                "acls",
                before.stream().map(Row::uuid).toList());
        if (limited) {
            new Acl(RULE, Acl.TO_PORT, match, "drop")
                    .insert(change, "sources", Map.of(SOURCES_OF, address));
            change.addInserted(
                    Northbound.SWITCH, is("name", OutsideSwitch.NAME), "acls", "sources");
        }
        database.transact(change);
    }

    private Uplink uplink() {
        return uplink.orElseThrow(() ->
                new NetworkException(
                        "this installation has no way out: start it with --uplink to allow one"));
    }

    @Override
    public Map<String, String> gateways() {
        return Patience.steady(
                "list gateways",
                () -> {
                    Map<String, String> gateways = new HashMap<>();
                    ranges().forEach((tenant, ranges) -> {
                        gateways.put(tenant, address(ranges, Family.IPV4));
                    });
                    return gateways;
                });
    }

    /** What the tenants' ports outside have: an address of each family, with its range's length. */
    private Map<String, Set<String>> ranges() {
        Transaction look = new Transaction();
        int ports = look.select(ROUTER_PORT, List.of(), "networks", Northbound.IDS);
        Map<String, Set<String>> ranges = new HashMap<>();
        for (Row port : database.transact(look).rows(ports)) {
            String tenant = port.map(Northbound.IDS).getOrDefault(TENANT, "");
            if (!tenant.isEmpty()) {
                ranges.put(tenant, Set.copyOf(port.texts("networks")));
            }
        }
        return ranges;
    }

    /** Empty when there is none of the family. */
    private static String address(Collection<String> ranges, Family family) {
        return ranges.stream()
                .filter(range -> Family.of(range) == family)
                .map(range -> range.split("/", 2)[0])
                .findFirst()
                .orElse("");
    }

    /** An address of the pool and the one beside it. */
    private static Set<String> ranges(String address, Uplink out) {
        Set<String> ranges = new HashSet<>();
        ranges.add(address + "/" + out.cidr().split("/", 2)[1]);
        out.ipv6()
                .ifPresent(ipv6 ->
                        ranges.add(ipv6.beside(address) + "/" + ipv6.cidr().split("/", 2)[1]));
        return ranges;
    }

    @Override
    public void ensureGateway(String tenant, String address) {
        Uplink out = uplink();
        Set<String> wanted = ranges(address, out);
        Patience.steady(
                "give tenant " + tenant + " the address " + address,
                () ->
                        Patience.untilNoConflict(() -> {
                            if (!wanted.equals(ranges().get(tenant))) {
                                deleteOnce(tenant);
                                create(tenant, address, out);
                            }
                            return true;
                        }));
    }

    private void create(String tenant, String address, Uplink out) {
        String name = OvnNames.gateway(tenant);
        Set<String> ranges = ranges(address, out);
        Transaction look = new Transaction();
        int routers = look.select(LogicalNetworks.ROUTER, List.of(is("name", tenant)));
        int groups = look.select(LoadBalancers.GROUP, List.of(is("name", tenant)));
        Results found = database.transact(look);
        Row router =
                found.rows(routers).stream()
                        .findFirst()
                        .orElseThrow(() ->
                                new NetworkException("tenant " + tenant + " has no network yet"));
        List<String> services = found.rows(groups).stream().map(Row::uuid).toList();

        Transaction change = new Transaction();
        change.requireUnchanged(LogicalNetworks.ROUTER, router);
        change.insert(
                "Gateway_Chassis",
                "chassis",
                new Columns()
                        .text("name", name)
                        .text("chassis_name", chassis)
                        .number("priority", 1));
        change.insert(
                ROUTER_PORT,
                "port",
                new Columns()
                        .text("name", name)
                        .text("mac", OvnNames.mac(new NetworkId(tenant, "outside"), address))
                        .texts("networks", ranges)
                        .inserted("gateway_chassis", "chassis")
                        .map(Northbound.IDS, Map.of(TENANT, tenant)));
        change.addInserted(LogicalNetworks.ROUTER, row(router.uuid()), "ports", "port");
        route(change, router, "0.0.0.0/0", out.gateway(), name);
        out.ipv6().ifPresent(ipv6 -> route(change, router, "::/0", ipv6.gateway(), name));
        change.addReferences(
                LogicalNetworks.ROUTER, row(router.uuid()), "load_balancer_group", services);
        change.insert(
                Northbound.SWITCH_PORT,
                "joint",
                new Columns()
                        .text("name", name + "/joint")
                        .text("type", "router")
                        .text("addresses", "router")
                        .map("options", Map.of("router-port", name)));
        change.addInserted(Northbound.SWITCH, is("name", OutsideSwitch.NAME), "ports", "joint");
        for (String range : ranges) {
            Transaction.Condition set = is("name", OutsideSwitch.beginners(Family.of(range)));
            change.addTexts(SET, set, "addresses", List.of(range.split("/", 2)[0]));
        }
        database.transact(change);
    }

    private static void route(
            Transaction change, Row router, String prefix, String hop, String port) {
        String route = "route" + Family.of(prefix).field();
        change.insert(
                "Logical_Router_Static_Route",
                route,
                new Columns()
                        .text("ip_prefix", prefix)
                        .text("nexthop", hop)
                        .text("output_port", port));
        change.addInserted(LogicalNetworks.ROUTER, row(router.uuid()), "static_routes", route);
    }

    @Override
    public void deleteGateway(String tenant) {
        Patience.steady(
                "close the way out of tenant " + tenant,
                () -> Patience.untilNoConflict(() -> deleteOnce(tenant)));
    }

    private boolean deleteOnce(String tenant) {
        String name = OvnNames.gateway(tenant);
        Transaction look = new Transaction();
        int routers =
                look.select(
                        LogicalNetworks.ROUTER,
                        List.of(is("name", tenant)),
                        "static_routes",
                        "nat",
                        "load_balancer_group");
        int ports = look.select(ROUTER_PORT, List.of(is("name", name)), "networks");
        int joints = look.select(Northbound.SWITCH_PORT, List.of(is("name", name + "/joint")));
        Results found = database.transact(look);
        List<String> port = found.rows(ports).stream().map(Row::uuid).toList();
        List<String> joint = found.rows(joints).stream().map(Row::uuid).toList();
        List<String> ranges =
                found.rows(ports).stream().flatMap(p -> p.texts("networks").stream()).toList();
        Transaction change = new Transaction();
        FloatingRules.forget(change, tenant);
        for (Row router : found.rows(routers)) {
            change.requireUnchanged(LogicalNetworks.ROUTER, router);
            change.removeReferences(LogicalNetworks.ROUTER, row(router.uuid()), "ports", port);
            for (String column : List.of("static_routes", "nat", "load_balancer_group")) {
                change.removeReferences(
                        LogicalNetworks.ROUTER,
                        row(router.uuid()),
                        column,
                        router.references(column));
            }
        }
        change.removeReferences(Northbound.SWITCH, is("name", OutsideSwitch.NAME), "ports", joint);
        for (String range : ranges) {
            Transaction.Condition set = is("name", OutsideSwitch.beginners(Family.of(range)));
            change.removeKeys(SET, set, "addresses", List.of(range.split("/", 2)[0]));
        }
        database.transact(change);
        return true;
    }

    @Override
    public void ensureFloating(String tenant, Map<String, String> pods) {
        Patience.steady(
                "lead to the pods of tenant " + tenant,
                () -> Patience.untilNoConflict(() -> floating.ensure(tenant, pods)));
    }

    @Override
    public void ensureEgress(NetworkId network, boolean allowed) {
        Patience.steady(
                (allowed ? "open" : "close") + " the way out of network " + network,
                () -> Patience.untilNoConflict(() -> egressOnce(network, allowed)));
    }

    private boolean egressOnce(NetworkId network, boolean allowed) {
        String tenant = OvnNames.ofTenant(network.tenant());
        Transaction look = new Transaction();
        int rules =
                look.select(
                        "NAT",
                        List.of(has(Northbound.IDS, NETWORK, network.toString())),
                        "external_ip",
                        "logical_ip");
        int switches =
                look.select(
                        Northbound.SWITCH,
                        List.of(is("name", OvnNames.of(network))),
                        Northbound.IDS);
        Results found = database.transact(look);
        Set<String> outer = allowed ? ranges().getOrDefault(tenant, Set.of()) : Set.of();
        Map<String, String> wanted = new HashMap<>();
        found.rows(switches).stream()
                .flatMap(home -> Subnets.read(home.map(Northbound.IDS)).all().stream())
                .filter(subnet -> !address(outer, subnet.family()).isEmpty())
                .forEach(subnet -> wanted.put(subnet.cidr(), address(outer, subnet.family())));
        List<Row> before = found.rows(rules);
        Map<String, String> present = new HashMap<>();
        before.forEach(rule -> present.put(rule.text("logical_ip"), rule.text("external_ip")));
        if (present.equals(wanted)) {
            return true;
        }
        Transaction change = new Transaction();
        change.removeReferences(
                LogicalNetworks.ROUTER,
                is("name", tenant),
                "nat",
                before.stream().map(Row::uuid).toList());
        int made = 0;
        for (Map.Entry<String, String> range : wanted.entrySet()) {
            String name = "rule" + made++;
            change.insert(
                    "NAT",
                    name,
                    new Columns()
                            .text("type", "snat")
                            .text("external_ip", range.getValue())
                            .text("logical_ip", range.getKey())
                            .map(Northbound.IDS, Map.of(NETWORK, network.toString())));
            change.addInserted(LogicalNetworks.ROUTER, is("name", tenant), "nat", name);
        }
        database.transact(change);
        return true;
    }
}
