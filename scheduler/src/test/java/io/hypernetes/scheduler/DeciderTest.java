package io.hypernetes.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.json.Json;
import io.hypernetes.scheduler.cluster.Amounts;
import io.hypernetes.scheduler.cluster.Cluster;
import io.hypernetes.scheduler.cluster.Demand;
import io.hypernetes.scheduler.cluster.NodeView;
import io.hypernetes.scheduler.cluster.PodView;
import io.hypernetes.scheduler.decision.Decider;
import io.hypernetes.scheduler.decision.Decision;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

class DeciderTest {

    private static final VmOverhead VM = new VmOverhead(64, 96);
    private static final Decider DECIDER = new Worlds().decider();

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
        return NodeView.of(node);
    }

    private static Decision choose(ObjectNode pod, NodeView... nodes) {
        Cluster cluster = new Cluster();
        List.of(nodes).forEach(cluster::putNode);
        ObjectKey key = new ObjectKey(new Tenant("acme"), "web", "p");
        return DECIDER.decide(PodView.of(key, pod, VM), cluster, List.of());
    }

    /** Without what preemption says. */
    private static String refusal(ObjectNode pod, NodeView... nodes) {
        return choose(pod, nodes) instanceof Decision.Nowhere(String message, _)
                ? message.replaceAll(" preemption:.*", "")
                : "it fits";
    }

    private static Amounts demand(ObjectNode pod) {
        return Demand.of(pod.path("spec"), VM);
    }

    @Test
    void theVirtualMachineCounts() {
        assertThat(demand(pod("1", "1000", "")).memory()).isEqualTo(1064);
        assertThat(demand(pod("1", "10", "")).memory()).isEqualTo(160);
        assertThat(refusal(pod("1", "1000", ""), node("a", 1000, 1063, "")))
                .isEqualTo("0/1 nodes are available: 1 Insufficient memory.");
        assertThat(choose(pod("1", "1000", ""), node("a", 1000, 1064, "")))
                .isEqualTo(new Decision.On("a"));
    }

    @Test
    void initContainersAndSidecarsCountAsTheyRun() {
        ObjectNode pod =
                tree(
                        "{'spec':{'initContainers':[{'resources':{'requests':{'cpu':'3'}}},{'restartPolicy':'Always','resources':{'requests':{'cpu':'1'}}},{'resources':{'requests':{'cpu':'1500m'}}}],'containers':[{'resources':{'requests':{'cpu':'1'}}}],'overhead':{'cpu':'100m'}}}");
        assertThat(demand(pod).cpu()).isEqualTo(3100);
    }

    @Test
    void absurdRequestsFitNowhereAndDoNotOverflow() {
        ObjectNode pod =
                tree(
                        "{'spec':{'containers':[{'resources':{'requests':{'memory':'8E','cpu':'x'}}},{'resources':{'requests':{'memory':'8E'}}}]}}");
        assertThat(refusal(pod, node("a", 1000, 1 << 30, "")))
                .isEqualTo(
                        "0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient" + " memory.");
    }

    @Test
    void reasonsAreCountedOverTheNodes() {
        assertThat(
                        refusal(
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
                        "0/4 nodes are available: 1 Insufficient memory, 1 node(s) had"
                                + " untolerated taint {k: v}, 1 node(s) were unschedulable, 2"
                                + " Insufficient cpu.");
        assertThat(refusal(pod("1", "1", ""))).isEqualTo("no nodes available to schedule pods");
    }

    @Test
    void aNodeThatIsNotReadyRepels() {
        ObjectNode silent =
                tree(
                        "{'metadata':{'name':'a'},'status':{'allocatable':{'cpu':'1','memory':'1Gi','pods':'9'},'conditions':[{'type':'Ready','status':'Unknown'}]}}");
        assertThat(refusal(pod("1", "1", ""), NodeView.of(silent)))
                .isEqualTo(
                        "0/1 nodes are available: 1 node(s) had untolerated taint"
                                + " {node.kubernetes.io/unreachable: }.");
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
                    .isEqualTo(new Decision.On("a"));
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
                    .isInstanceOf(Decision.Nowhere.class);
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
                        .isInstanceOf(fits ? Decision.On.class : Decision.Nowhere.class));
    }

    @Test
    void theEmptierNodeIsTakenAndOneToAvoidOnlyAsALastResort() {
        assertThat(choose(pod("1", "1", ""), node("a", 2000, 5000, ""), node("b", 4000, 5000, "")))
                .isEqualTo(new Decision.On("b"));
        assertThat(
                        choose(
                                pod("1", "1", ""),
                                node("a", 2000, 5000, ""),
                                node(
                                        "b",
                                        4000,
                                        5000,
                                        "'taints':[{'key':'k','effect':'PreferNoSchedule'}]")))
                .isEqualTo(new Decision.On("a"));
    }

    private static PodView view(String namespace, String name, String json) {
        return PodView.of(
                new ObjectKey(new Tenant("acme"), namespace, name),
                tree(
                        "{'metadata':{'name':'%s','namespace':'%s','uid':'%s','labels':{'app':'web'}},%s}"
                                .formatted(name, namespace, name, json)),
                new VmOverhead(0, 0));
    }

    private static Decision decide(Worlds worlds, Cluster cluster, PodView pod) {
        return worlds.decider().decide(pod, cluster, List.of());
    }

    @Test
    void aVolumeTiesItsPodToItsNodesAndAnUnboundClaimToNone() {
        Worlds worlds = new Worlds();
        Cluster cluster = new Cluster();
        cluster.putNode(node("a", 1000, 5000, ""));
        cluster.putNode(node("b", 9000, 9000, ""));
        worlds.claim(
                "web",
                "data",
                "{'spec':{'volumeName':'v','accessModes':['ReadWriteOncePod']},'status':{'phase':'Bound'}}");
        worlds.volume(
                "v",
                "{'spec':{'nodeAffinity':{'required':{'nodeSelectorTerms':[{'matchFields':[{'key':'metadata.name','operator':'In','values':['a']}]}]}}}}");
        worlds.claim("web", "later", "{'spec':{'storageClassName':'late'}}");
        worlds.storageClass("late", "{'volumeBindingMode':'WaitForFirstConsumer'}");
        worlds.claim("web", "now", "{'spec':{'storageClassName':'soon'}}");
        worlds.storageClass("soon", "{'volumeBindingMode':'Immediate'}");
        String uses =
                "'spec':{'volumes':[{'name':'d','persistentVolumeClaim':{'claimName':'%s'}}]}";

        assertThat(decide(worlds, cluster, view("web", "p", uses.formatted("data"))))
                .isEqualTo(new Decision.On("a"));
        assertThat(decide(worlds, cluster, view("web", "p", uses.formatted("later"))))
                .isEqualTo(new Decision.On("a"));
        assertThat(message(decide(worlds, cluster, view("web", "p", uses.formatted("now")))))
                .isEqualTo(
                        "0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims."
                            + " preemption: 0/2 nodes are available: 2 Preemption is not helpful"
                            + " for scheduling.");
        cluster.removeNode("a");
        assertThat(message(decide(worlds, cluster, view("web", "p", uses.formatted("data")))))
                .startsWith(
                        "0/1 nodes are available: 1 node(s) didn't match PersistentVolume's node"
                                + " affinity.");
        cluster.putNode(node("a", 1000, 5000, ""));
        cluster.put(view("web", "first", uses.formatted("data")).on("a"));
        assertThat(message(decide(worlds, cluster, view("web", "p", uses.formatted("data")))))
                .contains("ReadWriteOncePod access mode already in-use by another pod");
    }

    @Test
    void aPodThatAsksForDevicesWaitsForThemAndGoesWhereTheyAre() {
        Worlds worlds = new Worlds();
        Cluster cluster = new Cluster();
        cluster.putNode(node("a", 1000, 5000, ""));
        cluster.putNode(node("b", 9000, 9000, ""));
        String spec = "'spec':{'resourceClaims':[{'name':'gpu','resourceClaimTemplateName':'t'}]}";
        String made =
                spec
                        + ",'status':{'resourceClaimStatuses':[{'name':'gpu','resourceClaimName':'p-gpu'}]}";
        assertThat(message(decide(worlds, cluster, view("web", "p", spec))))
                .contains("waiting for the resource claim of the pod's \"gpu\"");
        assertThat(message(decide(worlds, cluster, view("web", "p", made))))
                .contains("resourceclaim \"p-gpu\" not found");
        worlds.deviceClaim("web", "p-gpu", "{'spec':{}}");
        assertThat(message(decide(worlds, cluster, view("web", "p", made))))
                .contains("cannot allocate all claims");
        String there =
                "{'status':{'allocation':{'nodeSelector':{'nodeSelectorTerms':[{'matchFields':[{'key':'metadata.name','operator':'In','values':['a']}]}]}}}}";
        worlds.deviceClaim("web", "p-gpu", there);
        assertThat(decide(worlds, cluster, view("web", "p", made))).isEqualTo(new Decision.On("a"));
        cluster.removeNode("a");
        assertThat(message(decide(worlds, cluster, view("web", "p", made))))
                .contains("1 resourceclaim not available on the node");
        String none = spec + ",'status':{'resourceClaimStatuses':[{'name':'gpu'}]}";
        assertThat(decide(worlds, cluster, view("web", "p", none))).isEqualTo(new Decision.On("b"));
    }

    private static String message(Decision decision) {
        return decision instanceof Decision.Nowhere(String message, _)
                ? message
                : decision.toString();
    }

    @Test
    void portsOfTheNodeAndExtendedResourcesAreCounted() {
        Worlds worlds = new Worlds();
        Cluster cluster = new Cluster();
        cluster.putNode(
                NodeView.of(
                        tree(
                                "{'metadata':{'name':'a'},'status':{'allocatable':{'cpu':'9','memory':'9Gi','pods':'9','example.com/gpu':'1'},'conditions':[{'type':'Ready','status':'True'}]}}")));
        String gpu = "'spec':{'containers':[{'resources':{'requests':{'example.com/gpu':'%d'}}}]}";
        assertThat(decide(worlds, cluster, view("web", "p", gpu.formatted(1))))
                .isEqualTo(new Decision.On("a"));
        assertThat(message(decide(worlds, cluster, view("web", "p", gpu.formatted(2)))))
                .startsWith(
                        "0/1 nodes are available: 1 Insufficient example.com/gpu. preemption: 0/1"
                                + " nodes are available: 1 Preemption is not helpful");
        String port = "'spec':{'containers':[{'ports':[{'hostPort':80,'protocol':'%s'}]}]}";
        cluster.put(view("web", "first", port.formatted("TCP")).on("a"));
        assertThat(decide(worlds, cluster, view("web", "p", port.formatted("UDP"))))
                .isEqualTo(new Decision.On("a"));
        assertThat(message(decide(worlds, cluster, view("web", "p", port.formatted("TCP")))))
                .startsWith(
                        "0/1 nodes are available: 1 node(s) didn't have free ports for the"
                                + " requested pod ports.");
    }

    @Test
    void preferencesImagesAndSiblingsDecideBetweenNodesThatFit() {
        Worlds worlds = new Worlds();
        Cluster cluster = new Cluster();
        for (String name : List.of("a", "b", "c")) {
            cluster.putNode(
                    NodeView.of(
                            tree(
                                    "{'metadata':{'name':'%s','labels':{'kubernetes.io/hostname':'%s'}},'status':{'images':[%s],'allocatable':{'cpu':'9','memory':'9Gi','pods':'9'},'conditions':[{'type':'Ready','status':'True'}]}}"
                                            .formatted(
                                                    name,
                                                    name,
                                                    name.equals("b")
                                                            ? "{'names':['docker.io/big:latest'],'sizeBytes':900000000}"
                                                            : ""))));
        }
        assertThat(decide(worlds, cluster, view("web", "p", "'spec':{}")))
                .isEqualTo(new Decision.On("a"));
        assertThat(
                        decide(
                                worlds,
                                cluster,
                                view(
                                        "web",
                                        "p",
                                        "'spec':{'containers':[{'image':'docker.io/big'}]}")))
                .isEqualTo(new Decision.On("b"));
        assertThat(
                        decide(
                                worlds,
                                cluster,
                                view(
                                        "web",
                                        "p",
                                        "'spec':{'affinity':{'nodeAffinity':{'preferredDuringSchedulingIgnoredDuringExecution':[{'weight':5,'preference':{'matchExpressions':[{'key':'kubernetes.io/hostname','operator':'In','values':['c']}]}}]}}}")))
                .isEqualTo(new Decision.On("c"));
        cluster.put(
                view(
                                "web",
                                "first",
                                "'spec':{'containers':[{'resources':{'requests':{'cpu':'1'}}}]}")
                        .on("a"));
        String near =
                "'spec':{'affinity':{'%s':{'preferredDuringSchedulingIgnoredDuringExecution':[{'weight':50,'podAffinityTerm':{'topologyKey':'kubernetes.io/hostname','labelSelector':{'matchLabels':{'app':'web'}}}}]}}}";
        assertThat(decide(worlds, cluster, view("web", "p", near.formatted("podAffinity"))))
                .isEqualTo(new Decision.On("a"));
        assertThat(decide(worlds, cluster, view("web", "p", near.formatted("podAntiAffinity"))))
                .isEqualTo(new Decision.On("b"));
        assertThat(decide(worlds, cluster, view("other", "p", near.formatted("podAffinity"))))
                .as("another namespace")
                .isEqualTo(new Decision.On("b"));
        String anywhere = near.replace("'topologyKey'", "'namespaceSelector':{},'topologyKey'");
        assertThat(decide(worlds, cluster, view("other", "p", anywhere.formatted("podAffinity"))))
                .isEqualTo(new Decision.On("a"));
    }

    @Test
    void whoWasPromisedANodeIsCounted() {
        Worlds worlds = new Worlds();
        Cluster cluster = new Cluster();
        cluster.putNode(node("a", 1000, 5000, ""));
        String large =
                "'spec':{'priority':%d,'containers':[{'resources':{'requests':{'cpu':'800m'}}}]}";
        PodView promised = view("web", "promised", large.formatted(5)).on("a");
        assertThat(
                        worlds.decider()
                                .decide(
                                        view("web", "p", large.formatted(4)),
                                        cluster,
                                        List.of(promised)))
                .isInstanceOf(Decision.Nowhere.class);
        assertThat(
                        worlds.decider()
                                .decide(
                                        view("web", "p", large.formatted(6)),
                                        cluster,
                                        List.of(promised)))
                .isEqualTo(new Decision.On("a"));
        assertThat(cluster.placed("promised")).isEmpty();
    }
}
