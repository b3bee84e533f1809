package io.hypernetes.network.ovn;

import static io.hypernetes.network.ovsdb.Transaction.Condition.has;
import static io.hypernetes.network.ovsdb.Transaction.Condition.is;

import io.hypernetes.network.Uplink;
import io.hypernetes.network.ovn.Subnet.Family;
import io.hypernetes.network.ovsdb.Columns;
import io.hypernetes.network.ovsdb.OvsdbClient;
import io.hypernetes.network.ovsdb.Results;
import io.hypernetes.network.ovsdb.Row;
import io.hypernetes.network.ovsdb.Transaction;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Floating addresses as rules of a tenant's router, one of type {@code dnat_and_snat} each.
 *
 * <p>A pod answers with its floating address wherever it was asked from, and begins connections
 * with the same. Which of the two a packet is only the pod's own switch knows, so what is closed to
 * pods is closed to these there, by one rule for the port group that they are in. That an answer is
 * no beginning each switch knows, as it follows connections ({@link LogicalNetworks}).
 */
final class FloatingRules {

    private static final String NAT = "NAT";
    private static final String GROUP = "Port_Group";
    private static final String FLOATING_OF = "hypernetes-floating-of";
    private static final String OUTER = "external_ip";
    private static final String INNER = "logical_ip";

    /** Stronger than what policies allow. */
    private static final int PRIORITY = 2000;

    private final OvsdbClient database;
    private final Optional<Uplink> uplink;

    FloatingRules(OvsdbClient database, Optional<Uplink> uplink) {
        this.database = database;
        this.uplink = uplink;
    }

    /**
     * @param ranges of the tenant's own networks, of either family
     * @param ports of those pods
     * @param guards what the rules of the group match
     */
    private record Found(
            List<Row> rules,
            Set<String> ranges,
            Set<String> ports,
            List<Row> groups,
            List<String> guards) {}

    /** In one transaction, with as little change as possible. */
    boolean ensure(String tenant, Map<String, String> pods) {
        Found found = look(tenant, pods);
        Map<String, String> missing = new HashMap<>(pods);
        List<String> stale = new ArrayList<>();
        for (Row rule : found.rules()) {
            if (!missing.remove(rule.text(OUTER), rule.text(INNER))) {
                stale.add(rule.uuid());
            }
        }
        Transaction change = new Transaction();
        guard(change, tenant, found);
        if (!stale.isEmpty()) {
            change.removeReferences(LogicalNetworks.ROUTER, is("name", tenant), "nat", stale);
        }
        int made = 0;
        for (Map.Entry<String, String> pod : missing.entrySet()) {
            String name = "rule" + made++;
            change.insert(
                    NAT,
                    name,
                    new Columns()
                            .text("type", "dnat_and_snat")
                            .text(OUTER, pod.getKey())
                            .text(INNER, pod.getValue())
                            .map(Northbound.IDS, Map.of(FLOATING_OF, tenant)));
            change.addInserted(LogicalNetworks.ROUTER, is("name", tenant), "nat", name);
        }
        if (!change.isEmpty()) {
            database.transact(change);
        }
        return true;
    }

    /** The rules of the router go with its others. */
    static void forget(Transaction change, String tenant) {
        change.delete(GROUP, is("name", OvnNames.floating(tenant)));
    }

    private void guard(Transaction change, String tenant, Found found) {
        String name = OvnNames.floating(tenant);
        if (found.ports().isEmpty()) {
            if (!found.groups().isEmpty()) {
                forget(change, tenant);
            }
            return;
        }
        String match = "inport == @%s && (%s)".formatted(name, closed(found.ranges()));
        boolean same =
                found.groups().size() == 1
                        && Set.copyOf(found.groups().getFirst().references("ports"))
                                .equals(found.ports())
                        && found.guards().contains(match);
        if (!same) {
            forget(change, tenant);
            new Acl(PRIORITY, Acl.FROM_PORT, match, "drop", PolicyRules.BEHIND_SERVICES)
                    .insert(change, "guard", Map.of(FLOATING_OF, tenant));
            change.insert(
                    GROUP,
                    "floating",
                    new Columns()
                            .text("name", name)
                            .references("ports", found.ports())
                            .inserted("acls", "guard"));
        }
    }

    /** What a pod may not begin to speak with, of the families that the tenant has ranges of. */
    private String closed(Set<String> ranges) {
        return Stream.of(Family.values())
                .flatMap(family -> {
                    List<String> own = ranges.stream().filter(r -> Family.of(r) == family).toList();
                    List<String> closed = OutsideSwitch.closed(family, uplink);
                    return own.isEmpty()
                            ? Stream.empty()
                            : Stream.of(
                                    "(%1$s.dst == {%2$s} && %1$s.dst != {%3$s})"
                                            .formatted(
                                                    family.field(),
                                                    String.join(", ", closed),
                                                    String.join(", ", own)));
                })
                .collect(Collectors.joining(" || "));
    }

    private Found look(String tenant, Map<String, String> pods) {
        Transaction look = new Transaction();
        int rules = look.select(NAT, ofTenant(tenant), OUTER, INNER);
        int switches =
                look.select(
                        Northbound.SWITCH,
                        List.of(has(Northbound.IDS, Northbound.TENANT, tenant)),
                        Northbound.IDS);
        int ports =
                look.select(
                        Northbound.SWITCH_PORT,
                        List.of(has(Northbound.IDS, Northbound.TENANT, tenant)),
                        "addresses");
        int groups = look.select(GROUP, List.of(is("name", OvnNames.floating(tenant))), "ports");
        int guards = look.select(Acl.TABLE, ofTenant(tenant), "match");
        Results found = database.transact(look);
        Set<String> ranges = new TreeSet<>();
        for (Row home : found.rows(switches)) {
            Subnets.read(home.map(Northbound.IDS)).all().stream()
                    .map(Subnet::cidr)
                    .forEach(ranges::add);
        }
        Set<String> reached = new HashSet<>(pods.values());
        Set<String> chosen = new HashSet<>();
        for (Row port : found.rows(ports)) {
            List<String> addresses = LogicalPort.addresses(port.text("addresses"));
            if (addresses.stream().anyMatch(reached::contains)) {
                chosen.add(port.uuid());
            }
        }
        return new Found(
                found.rows(rules),
                ranges,
                chosen,
                found.rows(groups),
                found.rows(guards).stream().map(guard -> guard.text("match")).toList());
    }

    private static List<Transaction.Condition> ofTenant(String tenant) {
        return List.of(has(Northbound.IDS, FLOATING_OF, tenant));
    }
}
