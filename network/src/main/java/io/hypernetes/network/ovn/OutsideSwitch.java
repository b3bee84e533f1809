package io.hypernetes.network.ovn;

import static io.hypernetes.network.ovsdb.Transaction.Condition.has;
import static io.hypernetes.network.ovsdb.Transaction.Condition.is;
import static io.hypernetes.network.ovsdb.Transaction.Condition.row;

import io.hypernetes.network.Uplink;
import io.hypernetes.network.ovn.Subnet.Family;
import io.hypernetes.network.ovsdb.Columns;
import io.hypernetes.network.ovsdb.OvsdbClient;
import io.hypernetes.network.ovsdb.Results;
import io.hypernetes.network.ovsdb.Row;
import io.hypernetes.network.ovsdb.Transaction;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The one switch that leads outside, and its rules.
 *
 * <p>What comes from outside passes only to an address outside: without that rule a host which has
 * a route would reach inner addresses through the router, whose NAT is no wall. What pods begin
 * does not pass to the next hop, nor to ranges that are nobody's business. Of a family that the
 * uplink has no range of nothing passes. Neighbour discovery does, as ARP does.
 */
final class OutsideSwitch {

    static final String NAME = "/outside";
    static final String NETWORK_NAME = "outside";

    private static final String LINK = "/outside/uplink";
    private static final String IN = "inport == \"" + LINK + "\" && ";
    private static final String OUT = "outport == \"" + LINK + "\" && ";
    private static final String SET = "Address_Set";
    private static final String RULE_OF = "hypernetes-rule-of";
    private static final int PRIORITY = 1000;

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
                    "224.0.0.0/3",
                    "::/96", // unspecified, loopback, and IPv4 as it was once written
                    "::ffff:0:0/96", // IPv4 as it is written
                    "64:ff9b::/96", // IPv4 behind a translator, its private ranges too (RFC 6052)
                    "64:ff9b:1::/48",
                    "2002::/16", // IPv4 in a tunnel, its private ranges too (RFC 3056)
                    "fc00::/7",
                    "fe80::/10",
                    "ff00::/8");

    private final OvsdbClient database;

    OutsideSwitch(OvsdbClient database) {
        this.database = database;
    }

    /**
     * The addresses of a family that pods begin connections with. A Service's address only answers,
     * and may do so wherever it was asked from.
     */
    static String beginners(Family family) {
        return family == Family.IPV4 ? "outside.beginners" : "outside.beginners6";
    }

    /** All of a family that a pod may not begin to speak with, the next hop too. */
    static List<String> closed(Family family, Optional<Uplink> uplink) {
        Stream<String> own =
                uplink.stream().flatMap(way -> Stream.concat(way.closed().stream(), gateways(way)));
        return Stream.concat(NEVER.stream(), own).filter(r -> Family.of(r) == family).toList();
    }

    private static Stream<String> gateways(Uplink way) {
        return Stream.concat(
                Stream.of(way.gateway()), way.ipv6().map(Uplink.Ipv6::gateway).stream());
    }

    /** The switch and its rules, as this uplink wants them. */
    void ensure(Uplink wanted) {
        Transaction look = new Transaction();
        int switches = look.select(Northbound.SWITCH, List.of(is("name", NAME)));
        int acls = look.select(Acl.TABLE, List.of(has(Northbound.IDS, RULE_OF, "uplink")));
        int sets = look.select(SET, List.of(), "name");
        Results found = database.transact(look);
        List<String> known = found.rows(sets).stream().map(set -> set.text("name")).toList();
        Transaction change = new Transaction();
        for (Family family : Family.values()) {
            String name = beginners(family);
            if (!known.contains(name)) {
                change.insert(SET, family.field(), new Columns().text("name", name));
            }
        }
        List<String> rules = insert(change, rules(wanted));
        Optional<Row> existing = found.rows(switches).stream().findFirst();
        if (existing.isPresent()) {
            Transaction.Condition here = row(existing.get().uuid());
            List<String> before = found.rows(acls).stream().map(Row::uuid).toList();
            change.removeReferences(Northbound.SWITCH, here, "acls", before);
            rules.forEach(rule -> change.addInserted(Northbound.SWITCH, here, "acls", rule));
        } else {
            create(change, rules);
        }
        database.transact(change);
    }

    private static void create(Transaction change, List<String> rules) {
        change.insert(
                Northbound.SWITCH_PORT,
                "uplink",
                new Columns()
                        .text("name", LINK)
                        .text("type", "localnet")
                        .text("addresses", "unknown")
                        .map("options", Map.of("network_name", NETWORK_NAME)));
        change.insert(
                Northbound.SWITCH,
                "outside",
                new Columns()
                        .text("name", NAME)
                        .inserted("ports", "uplink")
                        .inserted("acls", rules));
    }

    private static List<String> insert(Transaction change, List<Acl> rules) {
        List<String> names = new ArrayList<>();
        for (Acl rule : rules) {
            String name = "rule" + names.size();
            rule.insert(change, name, Map.of(RULE_OF, "uplink"));
            names.add(name);
        }
        return names;
    }

    private static List<Acl> rules(Uplink uplink) {
        List<Acl> rules = new ArrayList<>();
        range(rules, uplink, Family.IPV4, uplink.cidr(), uplink.gateway());
        uplink.ipv6()
                .ifPresentOrElse(
                        ipv6 -> {
                            range(rules, uplink, Family.IPV6, ipv6.cidr(), ipv6.gateway());
                            rules.add(new Acl(PRIORITY + 1, Acl.FROM_PORT, IN + "nd", "allow"));
                            rules.add(new Acl(PRIORITY + 1, Acl.TO_PORT, OUT + "nd", "allow"));
                        },
                        () -> {
                            rules.add(inward("ip6"));
                            rules.add(outward("ip6"));
                        });
        return rules;
    }

    private static void range(
            List<Acl> rules, Uplink uplink, Family family, String range, String gateway) {
        String source = family.field() + ".src";
        String target = family.field() + ".dst";
        String begun = source + " == $" + beginners(family) + " && ";
        String closed = String.join(", ", closed(family, Optional.of(uplink)));
        rules.add(inward(target + " != " + range));
        rules.add(outward(begun + target + " == " + gateway));
        rules.add(
                outward(
                        begun + target + " != " + range + " && " + target + " == {" + closed
                                + "}"));
        rules.add(outward(source + " != " + range));
    }

    private static Acl inward(String match) {
        return new Acl(PRIORITY, Acl.FROM_PORT, IN + match, "drop");
    }

    private static Acl outward(String match) {
        return new Acl(PRIORITY, Acl.TO_PORT, OUT + match, "drop");
    }
}
