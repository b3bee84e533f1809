package io.hypernetes.network.ovn;

import static io.hypernetes.network.ovsdb.Transaction.Condition.has;
import static io.hypernetes.network.ovsdb.Transaction.Condition.is;
import static io.hypernetes.network.ovsdb.Transaction.Condition.row;

import io.hypernetes.network.ExternalEngine;
import io.hypernetes.network.NetworkException;
import io.hypernetes.network.NetworkId;
import io.hypernetes.network.Uplink;
import io.hypernetes.network.ovsdb.Columns;
import io.hypernetes.network.ovsdb.OvsdbClient;
import io.hypernetes.network.ovsdb.Results;
import io.hypernetes.network.ovsdb.Row;
import io.hypernetes.network.ovsdb.Transaction;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The way out: one switch for the outside, which every tenant's router has a port on once it has an
 * address there, source NAT for each network that may go out, and the tenant's group of load
 * balancers on the router, so that a Service's address outside is answered.
 *
 * <p>What comes from outside passes only to an address outside: without that rule a host which has
 * a route would reach inner addresses through the router, whose NAT is no wall.
 */
final class Outside implements ExternalEngine {

    static final String SWITCH = "/outside";
    static final String NETWORK_NAME = "outside";

    private static final String LINK = "/outside/uplink";
    private static final String ROUTER_PORT = "Logical_Router_Port";
    private static final String TENANT = "hypernetes-gateway-of";
    private static final String NETWORK = "hypernetes-egress-of";
    private static final String RULE_OF = "hypernetes-rule-of";
    private static final String SOURCES_OF = "hypernetes-sources-of";
    private static final int RULE = 1000;

    /**
     * The addresses that pods begin connections with. A Service's address only answers, and may do
     * so wherever it was asked from.
     */
    private static final String BEGINNERS = "outside.beginners";

    /** What no host answers for in good faith, and ranges that are private to somebody. */
    private static final List<String> NEVER =
            List.of(
                    "0.0.0.0/8",
                    "10.0.0.0/8",
                    "100.64.0.0/10",
                    "127.0.0.0/8",
                    "169.254.0.0/16",
                    "172.16.0.0/12",
                    "192.168.0.0/16",
                    "224.0.0.0/3");

    private final OvsdbClient database;
    private final FloatingRules floating;
    private final Optional<Uplink> uplink;
    private final String chassis;

    Outside(OvsdbClient database, Optional<Uplink> uplink, String chassis) {
        this.database = database;
        this.floating = new FloatingRules(database, closed(uplink));
        this.uplink = uplink;
        this.chassis = chassis;
    }

    /** All that a pod may not begin to speak with, the next hop too. */
    private static List<String> closed(Optional<Uplink> uplink) {
        List<String> closed = new ArrayList<>(NEVER);
        uplink.ifPresent(way -> {
            closed.addAll(way.closed());
            closed.add(way.gateway());
        });
        return closed;
    }

    /** The switch and its rules, as this uplink wants them. */
    void ensureSwitch(Uplink wanted) {
        Transaction change = new Transaction();
        Transaction look = new Transaction();
        int switches = look.select(Northbound.SWITCH, List.of(is("name", SWITCH)));
        Optional<Row> existing = database.transact(look).rows(switches).stream().findFirst();
        List<String> closed = new ArrayList<>(NEVER);
        closed.addAll(wanted.closed());
        String range = wanted.cidr();
        String outward = "outport == \"" + LINK + "\" && ";
        String begun = outward + "ip4.src == $" + BEGINNERS + " && ";
        String ranges = "{" + String.join(", ", closed) + "}";
        rule(change, 0, Acl.FROM_PORT, "inport == \"" + LINK + "\" && ip4.dst != " + range);
        rule(change, 1, Acl.TO_PORT, begun + "ip4.dst == " + wanted.gateway());
        rule(change, 2, Acl.TO_PORT, begun + "ip4.dst != " + range + " && ip4.dst == " + ranges);
        rule(change, 3, Acl.TO_PORT, outward + "ip6");
        rule(change, 4, Acl.TO_PORT, outward + "ip4.src != " + range);
        rule(change, 5, Acl.FROM_PORT, "inport == \"" + LINK + "\" && ip6");
        List<String> made = List.of("rule0", "rule1", "rule2", "rule3", "rule4", "rule5");
        if (existing.isPresent()) {
            Transaction.Condition here = row(existing.get().uuid());
            change.removeReferences(Northbound.SWITCH, here, "acls", rules(RULE_OF, "uplink"));
            made.forEach(rule -> change.addInserted(Northbound.SWITCH, here, "acls", rule));
        } else {
            change.insert(
                    Northbound.SWITCH_PORT,
                    "uplink",
                    new Columns()
                            .text("name", LINK)
                            .text("type", "localnet")
                            .text("addresses", "unknown")
                            .map("options", Map.of("network_name", NETWORK_NAME)));
            change.delete("Address_Set", is("name", BEGINNERS));
            change.insert("Address_Set", "beginners", new Columns().text("name", BEGINNERS));
            change.insert(
                    Northbound.SWITCH,
                    "outside",
                    new Columns()
                            .text("name", SWITCH)
                            .inserted("ports", "uplink")
                            .inserted("acls", made));
        }
        database.transact(change);
    }

    private static void rule(Transaction change, int number, String direction, String match) {
        new Acl(RULE, direction, match, "drop")
                .insert(change, "rule" + number, Map.of(RULE_OF, "uplink"));
    }

    private List<String> rules(String key, String value) {
        Transaction look = new Transaction();
        int acls = look.select(Acl.TABLE, List.of(has(Northbound.IDS, key, value)), "match");
        return database.transact(look).rows(acls).stream().map(Row::uuid).toList();
    }

    @Override
    public void ensureSources(String address, List<String> ranges) {
        String match =
                "ip4.dst == %s && ip4.src != {%s}".formatted(address, String.join(", ", ranges));
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

    private void replaceSources(String address, String match, boolean limited, List<Row> before) {
        Transaction change = new Transaction();
        change.removeReferences(
                Northbound.SWITCH,
                is("name", SWITCH),
                "acls",
                before.stream().map(Row::uuid).toList());
        if (limited) {
            new Acl(RULE, Acl.TO_PORT, match, "drop")
                    .insert(change, "sources", Map.of(SOURCES_OF, address));
            change.addInserted(Northbound.SWITCH, is("name", SWITCH), "acls", "sources");
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
                    Transaction look = new Transaction();
                    int ports = look.select(ROUTER_PORT, List.of(), "networks", Northbound.IDS);
                    Map<String, String> gateways = new HashMap<>();
                    for (Row port : database.transact(look).rows(ports)) {
                        String tenant = port.map(Northbound.IDS).getOrDefault(TENANT, "");
                        if (!tenant.isEmpty()) {
                            gateways.put(tenant, port.text("networks").split("/", 2)[0]);
                        }
                    }
                    return gateways;
                });
    }

    @Override
    public void ensureGateway(String tenant, String address) {
        Uplink out = uplink();
        Patience.steady(
                "give tenant " + tenant + " the address " + address,
                () ->
                        Patience.untilNoConflict(() -> {
                            if (!address.equals(gateways().get(tenant))) {
                                deleteOnce(tenant);
                                create(tenant, address, out);
                            }
                            return true;
                        }));
    }

    private void create(String tenant, String address, Uplink out) {
        String name = OvnNames.gateway(tenant);
        Subnet range = Subnet.parse(out.cidr(), out.gateway());
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
                        .texts("networks", List.of(address + "/" + range.prefixLength()))
                        .inserted("gateway_chassis", "chassis")
                        .map(Northbound.IDS, Map.of(TENANT, tenant)));
        change.insert(
                "Logical_Router_Static_Route",
                "route",
                new Columns()
                        .text("ip_prefix", "0.0.0.0/0")
                        .text("nexthop", out.gateway())
                        .text("output_port", name));
        change.addInserted(LogicalNetworks.ROUTER, row(router.uuid()), "ports", "port");
        change.addInserted(LogicalNetworks.ROUTER, row(router.uuid()), "static_routes", "route");
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
        change.addInserted(Northbound.SWITCH, is("name", SWITCH), "ports", "joint");
        change.addTexts("Address_Set", is("name", BEGINNERS), "addresses", List.of(address));
        database.transact(change);
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
        List<String> addresses =
                found.rows(ports).stream().map(p -> p.text("networks").split("/", 2)[0]).toList();
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
        change.removeReferences(Northbound.SWITCH, is("name", SWITCH), "ports", joint);
        change.removeKeys("Address_Set", is("name", BEGINNERS), "addresses", addresses);
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

    /** IPv6 has no way out. */
    static Set<String> ranges(Subnets subnets) {
        return subnets.of(Subnet.Family.IPV4).stream()
                .map(Subnet::cidr)
                .collect(Collectors.toSet());
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
        Set<String> inner =
                found.rows(switches).stream()
                        .findFirst()
                        .map(home -> ranges(Subnets.read(home.map(Northbound.IDS))))
                        .orElse(Set.of());
        String outer = allowed ? gateways().getOrDefault(tenant, "") : "";
        Set<String> wanted = outer.isEmpty() ? Set.of() : inner;
        List<Row> before = found.rows(rules);
        boolean same =
                before.stream().allMatch(rule -> rule.text("external_ip").equals(outer))
                        && wanted.equals(
                                before.stream()
                                        .map(rule -> rule.text("logical_ip"))
                                        .collect(Collectors.toSet()));
        if (same) {
            return true;
        }
        Transaction change = new Transaction();
        change.removeReferences(
                LogicalNetworks.ROUTER,
                is("name", tenant),
                "nat",
                before.stream().map(Row::uuid).toList());
        int made = 0;
        for (String range : wanted) {
            String name = "rule" + made++;
            change.insert(
                    "NAT",
                    name,
                    new Columns()
                            .text("type", "snat")
                            .text("external_ip", outer)
                            .text("logical_ip", range)
                            .map(Northbound.IDS, Map.of(NETWORK, network.toString())));
            change.addInserted(LogicalNetworks.ROUTER, is("name", tenant), "nat", name);
        }
        database.transact(change);
        return true;
    }
}
