package io.hypernetes.network.ovn;

import io.hypernetes.api.types.networking.ServiceRanges;
import io.hypernetes.network.PolicyEngine.Allowance;
import io.hypernetes.network.PolicyEngine.Direction;
import io.hypernetes.network.PolicyEngine.Peers;
import io.hypernetes.network.PolicyEngine.Policy;
import io.hypernetes.network.PolicyEngine.PortRange;
import io.hypernetes.network.ovn.Subnet.Family;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A policy in the words of OVN. Pure.
 *
 * @param sets the address sets that the rules name
 */
record PolicyRules(List<Acl> rules, Map<String, Set<String>> sets) {

    private static final int DENY = 1000;
    private static final int ALLOW = 1001;

    /** Sees where a Service led to, not the Service (ovn-nb(5), ACL options). */
    static final Map<String, String> BEHIND_SERVICES = Map.of("apply-after-lb", "true");

    /**
     * @param services their addresses: only a pod that meets itself behind one has such a sender
     */
    static PolicyRules of(
            String group, Policy policy, Set<String> nameServers, ServiceRanges services) {
        List<Acl> rules = new ArrayList<>();
        Map<String, Set<String>> sets = new TreeMap<>();
        if (policy.isolated().contains(Direction.INGRESS)) {
            rules.add(deny(Direction.INGRESS, group));
            for (String range : services.cidrs()) {
                String itself = Family.of(range).field() + ".src == " + range;
                rules.add(allow(Direction.INGRESS, group, itself));
            }
        }
        if (policy.isolated().contains(Direction.EGRESS)) {
            rules.add(deny(Direction.EGRESS, group));
            rules.add(
                    allow(
                            Direction.EGRESS,
                            group,
                            among("dst", group + ".names", nameServers, sets)
                                    + " && (udp.dst == 53 || tcp.dst == 53)"));
        }
        for (int i = 0; i < policy.allowed().size(); i++) {
            Allowance allowance = policy.allowed().get(i);
            List<String> match = new ArrayList<>();
            String set = group + "." + i;
            peers(allowance, set, sets).ifPresent(match::add);
            if (allowance.destinations().isPresent()) {
                match.add(among("dst", set + ".to", allowance.destinations().get(), sets));
            }
            if (!allowance.ports().isEmpty()) {
                match.add(
                        allowance.ports().stream()
                                .map(PolicyRules::port)
                                .collect(Collectors.joining(" || ", "(", ")")));
            }
            String all = match.isEmpty() ? "ip" : String.join(" && ", match);
            rules.add(allow(allowance.direction(), group, all));
        }
        return new PolicyRules(List.copyOf(rules), Map.copyOf(sets));
    }

    /**
     * That an end is one of these. A set of OVN's has addresses of one family; both are named in
     * any case, so that the first pod with an address of the other is no new rule.
     */
    private static String among(
            String end, String set, Set<String> addresses, Map<String, Set<String>> sets) {
        String second = set + ".six";
        sets.put(set, of(Family.IPV4, addresses));
        sets.put(second, of(Family.IPV6, addresses));
        return "(ip4.%s == $%s || ip6.%s == $%s)".formatted(end, set, end, second);
    }

    private static Set<String> of(Family family, Set<String> addresses) {
        return addresses.stream()
                .filter(address -> Family.of(address) == family)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Optional<String> peers(
            Allowance allowance, String set, Map<String, Set<String>> sets) {
        String end =
                switch (allowance.direction()) {
                    case INGRESS -> "src";
                    case EGRESS -> "dst";
                };
        return switch (allowance.peers()) {
            case Peers.Anyone() -> Optional.empty();
            case Peers.Addresses(Set<String> addresses) ->
                    Optional.of(among(end, set, addresses, sets));
            case Peers.Block(String cidr, List<String> except) -> {
                String field = Family.of(cidr).field() + "." + end;
                String inside = field + " == " + cidr;
                yield Optional.of(
                        except.isEmpty()
                                ? inside
                                : inside
                                        + " && "
                                        + field
                                        + " != {"
                                        + String.join(", ", except)
                                        + "}");
            }
        };
    }

    private static String port(PortRange range) {
        String field = range.protocol().text() + ".dst";
        return range.first() == range.last()
                ? field + " == " + range.first()
                : "(%s >= %d && %s <= %d)".formatted(field, range.first(), field, range.last());
    }

    private static Acl deny(Direction direction, String group) {
        return rule(direction, group, DENY, "ip", "drop");
    }

    private static Acl allow(Direction direction, String group, String match) {
        return rule(direction, group, ALLOW, match, "allow-related");
    }

    private static Acl rule(
            Direction direction, String group, int priority, String match, String action) {
        return switch (direction) {
            case INGRESS ->
                    new Acl(priority, Acl.TO_PORT, "outport == @" + group + " && " + match, action);
            case EGRESS ->
                    new Acl(
                            priority,
                            Acl.FROM_PORT,
                            "inport == @" + group + " && " + match,
                            action,
                            BEHIND_SERVICES);
        };
    }
}
