package io.hypernetes.network.ovn;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.types.networking.ServiceRanges;
import io.hypernetes.network.PolicyEngine.Allowance;
import io.hypernetes.network.PolicyEngine.Direction;
import io.hypernetes.network.PolicyEngine.Peers;
import io.hypernetes.network.PolicyEngine.Policy;
import io.hypernetes.network.PolicyEngine.PortRange;
import io.hypernetes.network.VirtualServer.Protocol;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;
import java.util.Set;

class PolicyRulesTest {

    private static PolicyRules rules(Direction direction, Allowance... allowed) {
        Policy policy = new Policy(Set.of(), Set.of(direction), List.of(allowed));
        return PolicyRules.of("np_x", policy, Set.of("10.0.0.2"), ServiceRanges.DEFAULT);
    }

    @Test
    void aPodThatMayAskNobodyMayAskForNames() {
        PolicyRules rules = rules(Direction.EGRESS);
        assertThat(rules.rules())
                .extracting(Acl::match)
                .containsExactly(
                        "inport == @np_x && ip",
                        "inport == @np_x && (ip4.dst == $np_x.names || ip6.dst == $np_x.names.six)"
                                + " && (udp.dst == 53 || tcp.dst == 53)");
        assertThat(rules.sets()).containsEntry("np_x.names", Set.of("10.0.0.2"));
        assertThat(rules.rules())
                .allSatisfy(rule -> assertThat(rule.options()).containsKey("apply-after-lb"));
    }

    @Test
    void peersAndPortsAreBothNeeded() {
        Allowance allowance =
                new Allowance(
                        Direction.INGRESS,
                        new Peers.Block("10.0.0.0/8", List.of("10.1.0.0/16", "10.2.0.0/16")),
                        List.of(
                                new PortRange(Protocol.TCP, 80, 80),
                                new PortRange(Protocol.UDP, 1, 9)),
                        Optional.of(Set.of("10.0.0.3")));
        PolicyRules rules = rules(Direction.INGRESS, allowance);
        assertThat(rules.rules().getLast().match())
                .isEqualTo(
                        "outport == @np_x && ip4.src == 10.0.0.0/8 && ip4.src != {10.1.0.0/16,"
                                + " 10.2.0.0/16} && (ip4.dst == $np_x.0.to || ip6.dst =="
                                + " $np_x.0.to.six) && (tcp.dst == 80 || (udp.dst >= 1 &&"
                                + " udp.dst <= 9))");
        assertThat(rules.sets()).containsEntry("np_x.0.to", Set.of("10.0.0.3"));
    }

    @Test
    void eachFamilyHasASetOfItsOwn() {
        Allowance allowance =
                new Allowance(
                        Direction.INGRESS,
                        new Peers.Addresses(Set.of("10.0.0.9", "fd00::9")),
                        List.of(),
                        Optional.empty());
        Allowance range =
                new Allowance(
                        Direction.INGRESS,
                        new Peers.Block("fd00::/64", List.of("fd00::80/121")),
                        List.of(),
                        Optional.empty());
        PolicyRules rules = rules(Direction.INGRESS, allowance, range);
        assertThat(rules.rules())
                .extracting(Acl::match)
                .containsExactly(
                        "outport == @np_x && ip",
                        "outport == @np_x && ip4.src == 10.96.0.0/12",
                        "outport == @np_x && ip6.src == fd00:10:96::/108",
                        "outport == @np_x && (ip4.src == $np_x.0 || ip6.src == $np_x.0.six)",
                        "outport == @np_x && ip6.src == fd00::/64 && ip6.src != {fd00::80/121}");
        assertThat(rules.sets())
                .containsEntry("np_x.0", Set.of("10.0.0.9"))
                .containsEntry("np_x.0.six", Set.of("fd00::9"));
    }

    @Test
    void theSamePolicyIsTheSameRules() {
        Allowance allowance =
                new Allowance(
                        Direction.INGRESS,
                        new Peers.Addresses(Set.of("10.0.0.9")),
                        List.of(),
                        Optional.empty());
        Allowance other =
                new Allowance(
                        Direction.INGRESS,
                        new Peers.Addresses(Set.of("10.0.0.7", "10.0.0.8")),
                        List.of(),
                        Optional.empty());
        assertThat(rules(Direction.INGRESS, allowance).rules())
                .as("another peer changes a set, not a rule")
                .isEqualTo(rules(Direction.INGRESS, other).rules());
    }
}
