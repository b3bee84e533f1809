package io.hypernetes.network.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.json.Json;
import io.hypernetes.network.PolicyEngine.Allowance;
import io.hypernetes.network.PolicyEngine.Direction;
import io.hypernetes.network.PolicyEngine.Peers;
import io.hypernetes.network.PolicyEngine.Policy;
import io.hypernetes.network.PolicyEngine.PortRange;
import io.hypernetes.network.PortId;
import io.hypernetes.network.VirtualServer.Protocol;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

class PolicyPlanTest {

    private static final Map<String, Map<String, String>> NAMESPACES =
            Map.of("web", Map.of("team", "a"), "data", Map.of("team", "b"));

    private static final List<PodView> PODS =
            List.of(
                    pod("web", "shop", "10.0.0.3", 8080),
                    pod("web", "shop2", "10.0.0.4", 9090),
                    pod("web", "visitor", "10.0.0.5", 0),
                    pod("data", "db", "10.0.0.6,fd00::6", 5432),
                    pod("data", "starting", "", 0));

    private static ObjectNode tree(String json) {
        return Json.parseObject(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static PodView pod(String namespace, String name, String address, int port) {
        String ports = port == 0 ? "" : "{'name':'main','containerPort':%d}".formatted(port);
        ObjectNode pod =
                tree(
                        "{'metadata':{'namespace':'%s','name':'%s','labels':{'app':'%s'}},'spec':{'containers':[{'ports':[%s]}]}}"
                                .formatted(namespace, name, name.replaceAll("[0-9]", ""), ports));
        return new PodView(
                pod,
                new PortId("acme", name),
                address.isEmpty() ? List.of() : List.of(address.split(",")));
    }

    private static Policy plan(String spec) {
        return PolicyPlan.of("web", tree("{'spec':{%s}}".formatted(spec)), PODS, NAMESPACES);
    }

    private static PortRange tcp(int first, int last) {
        return new PortRange(Protocol.TCP, first, last);
    }

    private static Allowance ingress(Peers peers, PortRange... ports) {
        return new Allowance(Direction.INGRESS, peers, List.of(ports), Optional.empty());
    }

    private static Peers addresses(String... addresses) {
        return new Peers.Addresses(Set.of(addresses));
    }

    @Test
    void emptySelectorIsTheWholeNamespaceAndNothingIsAllowed() {
        Policy deny = plan("'podSelector':{},'policyTypes':['Ingress','Egress']");
        assertThat(deny.selected())
                .extracting(PortId::podUid)
                .containsExactlyInAnyOrder("shop", "shop2", "visitor");
        assertThat(deny.isolated()).containsExactlyInAnyOrder(Direction.INGRESS, Direction.EGRESS);
        assertThat(deny.allowed()).isEmpty();
    }

    @Test
    void directionsThatAreNotSaidFollowTheRules() {
        assertThat(plan("'podSelector':{}").isolated()).containsExactly(Direction.INGRESS);
        assertThat(plan("'podSelector':{},'egress':[{}]").isolated()).hasSize(2);
        Policy egressOnly =
                plan("'podSelector':{},'ingress':[{}],'egress':[{}],'policyTypes':['Egress']");
        assertThat(egressOnly.allowed())
                .containsExactly(
                        new Allowance(
                                Direction.EGRESS, new Peers.Anyone(), List.of(), Optional.empty()));
    }

    @Test
    void selectorsOfPodsAndNamespacesMeetOrAdd() {
        String rule =
                "'podSelector':{'matchLabels':{'app':'shop'}},'ingress':[{'from':[%s],'ports':[{'port':80,'endPort':90},{'protocol':'UDP'}]}]";
        PortRange udp = new PortRange(Protocol.UDP, 1, 65_535);
        assertThat(
                        plan(rule.formatted("{'podSelector':{'matchLabels':{'app':'visitor'}}}"))
                                .allowed())
                .containsExactly(ingress(addresses("10.0.0.5"), tcp(80, 90), udp));
        assertThat(
                        plan(rule.formatted("{'namespaceSelector':{'matchLabels':{'team':'b'}}}"))
                                .allowed())
                .containsExactly(ingress(addresses("10.0.0.6", "fd00::6"), tcp(80, 90), udp));
        assertThat(
                        plan(rule.formatted(
                                        "{'namespaceSelector':{},'podSelector':{'matchLabels':{'app':'db'}}},{'podSelector':{}}"))
                                .allowed())
                .containsExactly(
                        ingress(addresses("10.0.0.6", "fd00::6"), tcp(80, 90), udp),
                        ingress(addresses("10.0.0.3", "10.0.0.4", "10.0.0.5"), tcp(80, 90), udp));
    }

    @Test
    void rangesHaveExceptions() {
        assertThat(
                        plan("'podSelector':{},'ingress':[{'from':[{'ipBlock':{'cidr':'10.0.0.0/8','except':['10.1.0.0/16']}},{'ipBlock':{'cidr':'fd00::/8'}}]}]")
                                .allowed())
                .containsExactly(
                        ingress(new Peers.Block("10.0.0.0/8", List.of("10.1.0.0/16"))),
                        ingress(new Peers.Block("fd00::/8", List.of())));
    }

    @Test
    void namedPortsAreWhatEachPodMeansByThem() {
        assertThat(plan("'podSelector':{},'ingress':[{'ports':[{'port':'main'}]}]").allowed())
                .containsExactly(
                        new Allowance(
                                Direction.INGRESS,
                                new Peers.Anyone(),
                                List.of(tcp(8080, 8080)),
                                Optional.of(Set.of("10.0.0.3"))),
                        new Allowance(
                                Direction.INGRESS,
                                new Peers.Anyone(),
                                List.of(tcp(9090, 9090)),
                                Optional.of(Set.of("10.0.0.4"))));
        assertThat(
                        plan("'podSelector':{},'policyTypes':['Egress'],'egress':[{'to':[{'namespaceSelector':{'matchLabels':{'team':'b'}}}],'ports':[{'port':'main'}]}]")
                                .allowed())
                .containsExactly(
                        new Allowance(
                                Direction.EGRESS,
                                addresses("10.0.0.6", "fd00::6"),
                                List.of(tcp(5432, 5432)),
                                Optional.empty()));
        assertThat(plan("'podSelector':{},'ingress':[{'ports':[{'port':'none'}]}]").allowed())
                .isEmpty();
    }
}
