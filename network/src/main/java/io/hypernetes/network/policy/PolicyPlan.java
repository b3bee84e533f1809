package io.hypernetes.network.policy;

import io.hypernetes.api.select.LabelSelector;
import io.hypernetes.network.PolicyEngine.Allowance;
import io.hypernetes.network.PolicyEngine.Direction;
import io.hypernetes.network.PolicyEngine.Peers;
import io.hypernetes.network.PolicyEngine.Policy;
import io.hypernetes.network.PolicyEngine.PortRange;
import io.hypernetes.network.VirtualServer.Protocol;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What a NetworkPolicy means among the pods that there are (networking.k8s.io/v1). Pure.
 *
 * @param namespaces labels of the tenant's namespaces
 */
record PolicyPlan(
        String namespace,
        JsonNode spec,
        Collection<PodView> pods,
        Map<String, Map<String, String>> namespaces) {

    static Policy of(
            String namespace,
            ObjectNode policy,
            Collection<PodView> pods,
            Map<String, Map<String, String>> namespaces) {
        return new PolicyPlan(namespace, policy.path("spec"), pods, namespaces).policy();
    }

    private Policy policy() {
        List<PodView> selected = pods.stream().filter(this::selects).toList();
        Set<Direction> isolated = directions();
        List<Allowance> allowed = new ArrayList<>();
        if (isolated.contains(Direction.INGRESS)) {
            for (JsonNode rule : spec.path("ingress")) {
                peers(rule.path("from"))
                        .forEach(peers -> allow(allowed, rule, Direction.INGRESS, peers, selected));
            }
        }
        if (isolated.contains(Direction.EGRESS)) {
            for (JsonNode rule : spec.path("egress")) {
                peers(rule.path("to"))
                        .forEach(peers -> allow(allowed, rule, Direction.EGRESS, peers, selected));
            }
        }
        return new Policy(
                selected.stream().map(PodView::port).collect(Collectors.toSet()),
                isolated,
                allowed);
    }

    boolean selects(PodView pod) {
        return pod.namespace().equals(namespace)
                && LabelSelector.fromObject(spec.path("podSelector")).matches(pod.labels());
    }

    private Set<Direction> directions() {
        Set<Direction> directions = EnumSet.noneOf(Direction.class);
        for (JsonNode type : spec.path("policyTypes")) {
            directions.add(
                    type.asString("").equals("Egress") ? Direction.EGRESS : Direction.INGRESS);
        }
        if (directions.isEmpty()) {
            directions.add(Direction.INGRESS);
            if (!spec.path("egress").isEmpty()) {
                directions.add(Direction.EGRESS);
            }
        }
        return directions;
    }

    /**
     * Whom one entry of a rule means.
     *
     * @param pods those of them that are pods; empty for a range
     */
    private record Meant(Peers peers, List<PodView> pods) {}

    private List<Meant> peers(JsonNode entries) {
        if (entries.isEmpty()) {
            return List.of(new Meant(new Peers.Anyone(), List.copyOf(pods)));
        }
        List<Meant> meant = new ArrayList<>();
        for (JsonNode entry : entries) {
            if (entry.has("ipBlock")) {
                meant.add(block(entry.path("ipBlock")));
            } else {
                List<PodView> chosen = pods.stream().filter(chosenBy(entry)).toList();
                meant.add(new Meant(new Peers.Addresses(addresses(chosen)), chosen));
            }
        }
        return meant;
    }

    private static Meant block(JsonNode block) {
        List<String> except =
                block.path("except").valueStream().map(range -> range.asString("")).toList();
        return new Meant(new Peers.Block(block.path("cidr").asString(""), except), List.of());
    }

    private Predicate<PodView> chosenBy(JsonNode entry) {
        Predicate<PodView> here =
                entry.has("namespaceSelector")
                        ? pod ->
                                LabelSelector.fromObject(entry.path("namespaceSelector"))
                                        .matches(namespaces.getOrDefault(pod.namespace(), Map.of()))
                        : pod -> pod.namespace().equals(namespace);
        return here.and(pod ->
                !entry.has("podSelector")
                        || LabelSelector.fromObject(entry.path("podSelector"))
                                .matches(pod.labels()));
    }

    private static Set<String> addresses(Collection<PodView> pods) {
        return pods.stream()
                .flatMap(pod -> pod.addresses().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void allow(
            List<Allowance> allowed,
            JsonNode rule,
            Direction direction,
            Meant meant,
            List<PodView> selected) {
        List<PortRange> numbers = new ArrayList<>();
        for (JsonNode port : rule.path("ports")) {
            if (port.path("port").isString()) {
                named(allowed, port, direction, meant, selected);
            } else {
                numbers.add(range(port));
            }
        }
        if (!numbers.isEmpty() || rule.path("ports").isEmpty()) {
            allowed.add(new Allowance(direction, meant.peers(), numbers, Optional.empty()));
        }
    }

    private static PortRange range(JsonNode port) {
        Protocol protocol = Protocol.valueOf(port.path("protocol").asString("TCP"));
        if (!port.has("port")) {
            return new PortRange(protocol, 1, 65_535);
        }
        int first = port.path("port").asInt(0);
        return new PortRange(protocol, first, port.path("endPort").asInt(first));
    }

    /** A name may mean another number at each pod: the pods of each number are allowed apart. */
    private static void named(
            List<Allowance> allowed,
            JsonNode port,
            Direction direction,
            Meant meant,
            List<PodView> selected) {
        String protocol = port.path("protocol").asString("TCP");
        List<PodView> servers =
                switch (direction) {
                    case INGRESS -> selected;
                    case EGRESS -> meant.pods();
                };
        Map<Integer, List<PodView>> byNumber = new TreeMap<>();
        for (PodView server : servers) {
            server.number(port.path("port").asString(""), protocol)
                    .ifPresent(number ->
                            byNumber.computeIfAbsent(number, _ -> new ArrayList<>()).add(server));
        }
        byNumber.forEach((number, at) -> {
            List<PortRange> ports =
                    List.of(new PortRange(Protocol.valueOf(protocol), number, number));
            Set<String> there = addresses(at);
            allowed.add(
                    switch (direction) {
                        case INGRESS ->
                                new Allowance(direction, meant.peers(), ports, Optional.of(there));
                        case EGRESS ->
                                new Allowance(
                                        direction,
                                        new Peers.Addresses(there),
                                        ports,
                                        Optional.empty());
                    });
        });
    }
}
