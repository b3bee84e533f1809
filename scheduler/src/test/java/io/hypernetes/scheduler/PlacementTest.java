package io.hypernetes.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.json.Json;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class PlacementTest {

    private static final VmOverhead VM = new VmOverhead(64, 96);

    private static ObjectNode tree(String json) {
        return Json.parseObject(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static ObjectNode pod(String cpu, String memory, String more) {
        return tree(
                "{'spec':{'containers':[{'resources':{'requests':{'cpu':'%s','memory':'%s'}}}]%s}}"
                        .formatted(cpu, memory, more));
    }

    private static NodeView node(String name, long milliCpu, long memory, String spec) {
        ObjectNode node =
                tree(
                        "{'metadata':{'name':'%s','labels':{'disk':'ssd','n':'7'}},'spec':{%s},'status':{'allocatable':{'cpu':'%dm','memory':'%d','pods':'2'},'conditions':[{'type':'Ready','status':'True'}]}}"
                                .formatted(name, spec, milliCpu, memory));
        return NodeView.of(node, Amounts.NONE);
    }

    private static Placement choose(ObjectNode pod, NodeView... nodes) {
        return Placement.choose(pod, Demand.of(pod, VM), List.of(nodes));
    }

    @Test
    void theVirtualMachineCounts() {
        assertThat(Demand.of(pod("1", "1000", ""), VM).get("memory")).isEqualTo(1064);
        assertThat(Demand.of(pod("1", "10", ""), VM).get("memory")).isEqualTo(160);
        assertThat(choose(pod("1", "1000", ""), node("a", 1000, 1063, "")))
                .isEqualTo(
                        new Placement.Nowhere("0/1 nodes are available: 1 Insufficient memory."));
        assertThat(choose(pod("1", "1000", ""), node("a", 1000, 1064, "")))
                .isEqualTo(new Placement.On("a"));
    }

    @Test
    void initContainersAndSidecarsCountAsTheyRun() {
        ObjectNode pod =
                tree(
                        "{'spec':{'initContainers':[{'resources':{'requests':{'cpu':'3'}}},{'restartPolicy':'Always','resources':{'requests':{'cpu':'1'}}},{'resources':{'requests':{'cpu':'1500m'}}}],'containers':[{'resources':{'requests':{'cpu':'1'}}}],'overhead':{'cpu':'100m'}}}");
        assertThat(Demand.of(pod, VM).get("cpu")).isEqualTo(3100);
    }

    @Test
    void absurdRequestsFitNowhereAndDoNotOverflow() {
        ObjectNode pod =
                tree(
                        "{'spec':{'containers':[{'resources':{'requests':{'memory':'8E','cpu':'x'}}},{'resources':{'requests':{'memory':'8E'}}}]}}");
        assertThat(choose(pod, node("a", 1000, 1 << 30, "")))
                .isEqualTo(
                        new Placement.Nowhere(
                                "0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient"
                                        + " memory."));
    }

    @Test
    void reasonsAreCountedOverTheNodes() {
        assertThat(
                        choose(
                                pod("2", "10", ",'nodeSelector':{'disk':'ssd'}"),
                                node("a", 1000, 5000, ""),
                                node("b", 1000, 100, ""),
                                node("c", 9000, 5000, "'unschedulable':true"),
                                node(
                                        "d",
                                        9000,
                                        5000,
                                        "'taints':[{'key':'k','value':'v','effect':'NoSchedule'}]")))
                .isEqualTo(
                        new Placement.Nowhere(
                                "0/4 nodes are available: 1 Insufficient memory, 1 node(s) had"
                                    + " untolerated taint {k: v}, 1 node(s) were unschedulable, 2"
                                    + " Insufficient cpu."));
        assertThat(choose(pod("1", "1", "")))
                .isEqualTo(new Placement.Nowhere("no nodes available to schedule pods"));
    }

    @Test
    void aNodeThatIsNotReadyRepels() {
        ObjectNode silent =
                tree(
                        "{'metadata':{'name':'a'},'status':{'allocatable':{'cpu':'1','memory':'1Gi','pods':'9'},'conditions':[{'type':'Ready','status':'Unknown'}]}}");
        assertThat(choose(pod("1", "1", ""), NodeView.of(silent, Amounts.NONE)))
                .isEqualTo(
                        new Placement.Nowhere(
                                "0/1 nodes are available: 1 node(s) had untolerated taint"
                                        + " {node.kubernetes.io/unreachable: }."));
    }

    @Test
    void fullNodesSayTooManyPods() {
        NodeView full =
                new NodeView(
                        "a",
                        Map.of(),
                        List.of(),
                        false,
                        Amounts.of(Map.of("cpu", 9L, "memory", 999L, "pods", 1L)),
                        Amounts.of(Map.of("pods", 1L)));
        assertThat(choose(pod("0", "0", ""), full))
                .isEqualTo(new Placement.Nowhere("0/1 nodes are available: 1 Too many pods."));
    }

    @Test
    void tolerationsOpenTaintedNodes() {
        String taints = "'taints':[{'key':'k','value':'v','effect':'NoSchedule'}]";
        for (String good :
                List.of(
                        "{'key':'k','value':'v'}",
                        "{'key':'k','operator':'Exists','effect':'NoSchedule'}",
                        "{'operator':'Exists'}")) {
            assertThat(
                            choose(
                                    pod("1", "1", ",'tolerations':[" + good + "]"),
                                    node("a", 1000, 5000, taints)))
                    .isEqualTo(new Placement.On("a"));
        }
        for (String bad :
                List.of(
                        "{'key':'k','value':'w'}",
                        "{'key':'k','operator':'Exists','effect':'NoExecute'}",
                        "{'value':'v'}")) {
            assertThat(
                            choose(
                                    pod("1", "1", ",'tolerations':[" + bad + "]"),
                                    node("a", 1000, 5000, taints)))
                    .isInstanceOf(Placement.Nowhere.class);
        }
    }

    @Test
    void requiredAffinityIsAnyTermWithAllItsRequirements() {
        Map<String, Boolean> cases =
                Map.of(
                        "{'matchExpressions':[{'key':'disk','operator':'In','values':['ssd']}]}",
                                true,
                        "{'matchExpressions':[{'key':'disk','operator':'NotIn','values':['ssd']}]}",
                                false,
                        "{'matchExpressions':[{'key':'x','operator':'NotIn','values':['ssd']}]}",
                                true,
                        "{'matchExpressions':[{'key':'x','operator':'Exists'}]},{'matchFields':[{'key':'metadata.name','operator':'In','values':['a']}]}",
                                true,
                        "{'matchExpressions':[{'key':'n','operator':'Gt','values':['6']},{'key':'n','operator':'Lt','values':['8']}]}",
                                true,
                        "{'matchExpressions':[{'key':'n','operator':'Gt','values':['7']}]}", false,
                        "{'matchExpressions':[{'key':'disk','operator':'Gt','values':['1']}]}",
                                false,
                        "{}", false);
        cases.forEach((terms, fits) ->
                assertThat(
                                choose(
                                        pod(
                                                "1",
                                                "1",
                                                ",'affinity':{'nodeAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':{'nodeSelectorTerms':["
                                                        + terms
                                                        + "]}}}"),
                                        node("a", 1000, 5000, "")))
                        .as(terms)
                        .isInstanceOf(fits ? Placement.On.class : Placement.Nowhere.class));
    }

    @Test
    void theEmptierNodeIsTakenAndOneToAvoidOnlyAsALastResort() {
        assertThat(choose(pod("1", "1", ""), node("a", 2000, 5000, ""), node("b", 4000, 5000, "")))
                .isEqualTo(new Placement.On("b"));
        assertThat(
                        choose(
                                pod("1", "1", ""),
                                node("a", 2000, 5000, ""),
                                node(
                                        "b",
                                        4000,
                                        5000,
                                        "'taints':[{'key':'k','effect':'PreferNoSchedule'}]")))
                .isEqualTo(new Placement.On("a"));
    }

    /** Each pod is (cpu, memory); each node has (cpu, memory, pods). Ledger against plain sums. */
    @Property(tries = 300)
    void noNodeIsEverOverfilledAndNoPodIsRefusedThatFits(
            @ForAll @Size(max = 30) List<@IntRange(max = 399) Integer> pods,
            @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 999) Integer> nodes,
            @ForAll @Size(max = 10) List<@IntRange(max = 29) Integer> removals) {
        Ledger ledger = new Ledger();
        List<long[]> capacity = new ArrayList<>();
        List<long[]> used = new ArrayList<>();
        for (int node : nodes) {
            capacity.add(new long[] {node / 10, node % 100, 1 + node % 7});
            used.add(new long[3]);
        }
        Map<Integer, Integer> placed = new java.util.HashMap<>();
        for (int i = 0; i < pods.size(); i++) {
            long[] want = {pods.get(i) / 20, pods.get(i) % 20, 1};
            Amounts demand = Amounts.of(Map.of("cpu", want[0], "memory", want[1], "pods", want[2]));
            List<NodeView> views = new ArrayList<>();
            boolean somewhere = false;
            for (int n = 0; n < nodes.size(); n++) {
                views.add(view(n, capacity.get(n), ledger.usedOn("n" + n)));
                somewhere |= fits(want, capacity.get(n), used.get(n));
            }
            if (Placement.choose(tree("{}"), demand, views) instanceof Placement.On(String name)) {
                int n = Integer.parseInt(name.substring(1));
                assertThat(fits(want, capacity.get(n), used.get(n))).isTrue();
                ledger.put("pod" + i, name, demand);
                ledger.put("pod" + i, name, demand); // seen again by the informer
                add(used.get(n), want, 1);
                placed.put(i, n);
            } else {
                assertThat(somewhere).isFalse();
            }
            if (i < removals.size() && placed.containsKey(removals.get(i))) {
                int gone = removals.get(i);
                int n = java.util.Objects.requireNonNull(placed.remove(gone));
                ledger.remove("pod" + gone);
                ledger.remove("pod" + gone);
                add(used.get(n), new long[] {pods.get(gone) / 20, pods.get(gone) % 20, 1}, -1);
            }
        }
    }

    private static NodeView view(int n, long[] capacity, Amounts used) {
        Amounts allocatable =
                Amounts.of(Map.of("cpu", capacity[0], "memory", capacity[1], "pods", capacity[2]));
        return new NodeView("n" + n, Map.of(), List.of(), false, allocatable, used);
    }

    private static boolean fits(long[] want, long[] capacity, long[] used) {
        for (int i = 0; i < 3; i++) {
            if (want[i] > 0 && used[i] + want[i] > capacity[i]) {
                return false;
            }
        }
        return true;
    }

    private static void add(long[] used, long[] want, int sign) {
        for (int i = 0; i < 3; i++) {
            used[i] += sign * want[i];
        }
    }
}
