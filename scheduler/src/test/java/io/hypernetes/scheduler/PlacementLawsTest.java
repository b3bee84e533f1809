package io.hypernetes.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.scheduler.cluster.Cluster;
import io.hypernetes.scheduler.cluster.NodeView;
import io.hypernetes.scheduler.cluster.PodView;
import io.hypernetes.scheduler.decision.Decision;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/** Places pods one after the other and holds each decision against a plain model's. */
class PlacementLawsTest {

    private static final VmOverhead NO_VM = new VmOverhead(0, 0);

    private record Node(String name, String zone, int cpu, boolean tainted, boolean cordoned) {
        NodeView view() {
            return NodeView.of(
                    Worlds.tree(
                            "{'metadata':{'name':'%s','labels':{'host':'%s','zone':'%s'}},'spec':{'unschedulable':%s,'taints':[%s]},'status':{'allocatable':{'cpu':'%d','memory':'1Gi','pods':'4'},'conditions':[{'type':'Ready','status':'True'}]}}"
                                    .formatted(
                                            name,
                                            name,
                                            zone,
                                            cordoned,
                                            tainted ? "{'key':'k','effect':'NoSchedule'}" : "",
                                            cpu)));
        }

        String domain(String key) {
            return key.equals("host") ? name : zone;
        }
    }

    /**
     * @param with label of those it must be beside, in the topology {@code key}; empty for none
     * @param spread largest skew over {@code key} of those with its own label; 0 for none
     */
    private record Pod(
            String name,
            Tenant tenant,
            String app,
            int cpu,
            int priority,
            boolean tolerates,
            String zone,
            String key,
            String with,
            String apart,
            int spread) {

        PodView view() {
            String terms = "[{'topologyKey':'%s','labelSelector':{'matchLabels':{'app':'%s'}}}]";
            String required = "'requiredDuringSchedulingIgnoredDuringExecution':";
            String json =
                    "{'metadata':{'name':'%s','namespace':'n','uid':'%s','labels':{'app':'%s'}},'spec':{'priority':%d,'containers':[{'resources':{'requests':{'cpu':'%d'}}}]%s%s%s,'affinity':{%s}}}"
                            .formatted(
                                    name,
                                    name,
                                    app,
                                    priority,
                                    cpu,
                                    tolerates
                                            ? ",'tolerations':[{'operator':'Exists','key':'k'}]"
                                            : "",
                                    zone.isEmpty() ? "" : ",'nodeSelector':{'zone':'" + zone + "'}",
                                    spread == 0
                                            ? ""
                                            : ",'topologySpreadConstraints':[{'maxSkew':%d,'topologyKey':'%s','whenUnsatisfiable':'DoNotSchedule','labelSelector':{'matchLabels':{'app':'%s'}}}]"
                                                    .formatted(spread, key, app),
                                    List.of(
                                                    with.isEmpty()
                                                            ? ""
                                                            : "'podAffinity':{"
                                                                    + required
                                                                    + terms.formatted(key, with)
                                                                    + "}",
                                                    apart.isEmpty()
                                                            ? ""
                                                            : "'podAntiAffinity':{"
                                                                    + required
                                                                    + terms.formatted(key, apart)
                                                                    + "}")
                                            .stream()
                                            .filter(part -> !part.isEmpty())
                                            .collect(Collectors.joining(",")));
            return PodView.of(new ObjectKey(tenant, "n", name), Worlds.tree(json), NO_VM);
        }
    }

    private record Placed(Pod pod, Node node) {}

    private static List<Node> nodes(Random random) {
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(6); i++) {
            nodes.add(
                    new Node(
                            "n" + i,
                            "z" + random.nextInt(3),
                            1 + random.nextInt(6),
                            random.nextInt(5) == 0,
                            random.nextInt(8) == 0));
        }
        return nodes;
    }

    private static Pod pod(Random random, int number) {
        String[] apps = {"", "", "", "a", "b"};
        return new Pod(
                "p" + number,
                new Tenant(random.nextInt(4) == 0 ? "globex" : "acme"),
                random.nextBoolean() ? "a" : "b",
                random.nextInt(4),
                random.nextInt(3),
                random.nextInt(4) == 0,
                random.nextInt(6) == 0 ? "z" + random.nextInt(3) : "",
                random.nextBoolean() ? "host" : "zone",
                apps[random.nextInt(5)],
                apps[random.nextInt(5)],
                random.nextInt(3) == 0 ? 1 + random.nextInt(2) : 0);
    }

    /** The model: each rule as its documentation says it, over everything there is. */
    private static boolean fits(Pod pod, Node node, List<Node> nodes, List<Placed> placed) {
        List<Placed> here = placed.stream().filter(p -> p.node().equals(node)).toList();
        int used = here.stream().mapToInt(p -> p.pod().cpu()).sum();
        if (node.cordoned()
                || (node.tainted() && !pod.tolerates())
                || (!pod.zone().isEmpty() && !pod.zone().equals(node.zone()))
                || here.size() >= 4
                || (pod.cpu() > 0 && used + pod.cpu() > node.cpu())) {
            return false;
        }
        List<Placed> ours =
                placed.stream().filter(p -> p.pod().tenant().equals(pod.tenant())).toList();
        for (Placed other : ours) {
            String key = other.pod().key();
            if (other.pod().apart().equals(pod.app())
                    && other.node().domain(key).equals(node.domain(key))) {
                return false;
            }
            if (other.pod().app().equals(pod.apart())
                    && other.node().domain(pod.key()).equals(node.domain(pod.key()))) {
                return false;
            }
        }
        return isBesideItsOwn(pod, node, ours) && isSpread(pod, node, nodes, ours);
    }

    private static boolean isBesideItsOwn(Pod pod, Node node, List<Placed> ours) {
        List<Placed> wanted = ours.stream().filter(p -> p.pod().app().equals(pod.with())).toList();
        return pod.with().isEmpty()
                || (wanted.isEmpty() && pod.with().equals(pod.app()))
                || wanted.stream()
                        .anyMatch(p -> p.node().domain(pod.key()).equals(node.domain(pod.key())));
    }

    private static boolean isSpread(Pod pod, Node node, List<Node> nodes, List<Placed> ours) {
        if (pod.spread() == 0) {
            return true;
        }
        Set<String> domains =
                nodes.stream()
                        .filter(n -> pod.zone().isEmpty() || pod.zone().equals(n.zone()))
                        .map(n -> n.domain(pod.key()))
                        .collect(Collectors.toSet());
        long least = domains.stream().mapToLong(d -> inDomain(d, pod, ours)).min().orElse(0);
        return inDomain(node.domain(pod.key()), pod, ours) + 1 - least <= pod.spread();
    }

    /** Pods on nodes that the pod's selector leaves out do not count. */
    private static long inDomain(String domain, Pod pod, List<Placed> ours) {
        return ours.stream()
                .filter(p -> p.pod().app().equals(pod.app()))
                .filter(p -> pod.zone().isEmpty() || pod.zone().equals(p.node().zone()))
                .filter(p -> p.node().domain(pod.key()).equals(domain))
                .count();
    }

    @Property(tries = 300)
    void aPodGoesWhereTheModelLetsItAndNowhereOnlyIfItLetsItNowhere(@ForAll long seed) {
        Random random = new Random(seed);
        List<Node> nodes = nodes(random);
        Cluster cluster = new Cluster();
        nodes.forEach(node -> cluster.putNode(node.view()));
        List<Placed> placed = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            Pod pod = pod(random, i);
            PodView view = pod.view();
            List<Node> fitting =
                    nodes.stream().filter(node -> fits(pod, node, nodes, placed)).toList();
            Decision decision = new Worlds().decider().decide(view, cluster, List.of());
            switch (decision) {
                case Decision.On(String name) -> {
                    assertThat(fitting).extracting(Node::name).contains(name);
                    cluster.put(view.on(name));
                    placed.add(new Placed(pod, named(nodes, name)));
                }
                case Decision.Nowhere _ -> assertThat(fitting).isEmpty();
                case Decision.Preempt(String name, List<PodView> victims, _) -> {
                    assertThat(fitting).isEmpty();
                    onlyWhoMustGo(pod, named(nodes, name), victims, nodes, placed);
                }
            }
            if (!placed.isEmpty() && random.nextInt(4) == 0) {
                cluster.remove(placed.remove(random.nextInt(placed.size())).pod().name());
            }
        }
    }

    private static Node named(List<Node> nodes, String name) {
        return nodes.stream().filter(node -> node.name().equals(name)).findFirst().orElseThrow();
    }

    /** Lesser pods of the same tenant on that node, without whom it fits, and none too many. */
    private static void onlyWhoMustGo(
            Pod pod, Node node, List<PodView> victims, List<Node> nodes, List<Placed> placed) {
        Set<String> names =
                victims.stream().map(PodView::uid).collect(Collectors.toCollection(HashSet::new));
        assertThat(placed)
                .filteredOn(p -> names.contains(p.pod().name()))
                .hasSameSizeAs(victims)
                .allMatch(p ->
                        p.node().equals(node)
                                && p.pod().priority() < pod.priority()
                                && p.pod().tenant().equals(pod.tenant()));
        assertThat(fits(pod, node, nodes, without(placed, names))).isTrue();
        if (victims.size() == 1) {
            assertThat(fits(pod, node, nodes, placed)).isFalse();
        }
    }

    private static List<Placed> without(List<Placed> placed, Set<String> names) {
        return placed.stream().filter(p -> !names.contains(p.pod().name())).toList();
    }
}
