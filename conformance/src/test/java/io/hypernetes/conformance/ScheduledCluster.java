package io.hypernetes.conformance;

import io.hypernetes.api.Metadata;
import io.hypernetes.embedded.KubernetesApiServer;
import io.hypernetes.embedded.World;
import io.hypernetes.scheduler.Scheduler;
import io.hypernetes.scheduler.SchedulerMirrors;
import io.hypernetes.scheduler.VmOverhead;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * A server with the real scheduler and three nodes, whose kubelets alone are fake. A test class
 * that fills, labels or taints nodes has one to itself, and its tests take turns.
 */
final class ScheduledCluster implements AutoCloseable {
    static final List<String> NODES = List.of("node-a", "node-b", "node-c");

    private final KubernetesApiServer server = KubernetesApiServer.builder().workloads().start();
    private final List<FakeNode> kubelets =
            NODES.stream().map(name -> FakeNode.scheduled(server.client(), name)).toList();
    private final SchedulerMirrors mirrors = SchedulerMirrors.of(server.client());
    private final Scheduler scheduler =
            new Scheduler(server.client(), mirrors, VmOverhead.DEFAULT, Clock.systemUTC()).start();
    private final List<Space> spaces = new ArrayList<>();

    KubernetesApiServer server() {
        return server;
    }

    /** A namespace in a new tenant's world, or in the operator's. */
    Space space(boolean tenants) {
        World world = tenants ? server.createTenant() : server.system();
        Space space = Space.in(world);
        spaces.add(space);
        return space;
    }

    Objects nodes() {
        World system = server.system();
        return Objects.of(Http.of(system, system.kubeconfig()), "v1", "nodes", "");
    }

    /** Every node has this much of a resource that only tests know. */
    void offer(String resource, int amount) {
        for (String node : NODES) {
            nodes().merge(
                            node,
                            "{status: {capacity: {%1$s: '%2$d'}, allocatable: {%1$s: '%2$d'}}}"
                                    .formatted(resource, amount),
                            "status");
        }
    }

    /** A pod that only tests know how to place. */
    static ObjectNode pod(
            Space space, String name, String metadata, String spec, String resources) {
        return space.pods()
                .create(
                        """
                        apiVersion: v1
                        kind: Pod
                        metadata: {name: %s, %s}
                        spec:
                          %s
                          containers: [{name: pause, image: pause, resources: %s}]
                        """
                                .formatted(name, metadata, spec, resources));
    }

    static String on(String node) {
        return "nodeSelector: {kubernetes.io/hostname: %s}".formatted(node);
    }

    static String limited(String resource, int amount) {
        return "{requests: {%1$s: '%2$d'}, limits: {%1$s: '%2$d'}}".formatted(resource, amount);
    }

    static String nodeOf(ObjectNode pod) {
        return pod.path("spec").path("nodeName").asString("");
    }

    static String awaitRunning(Space space, String pod) {
        return nodeOf(
                space.pods()
                        .await(
                                pod,
                                p ->
                                        p.path("status")
                                                .path("phase")
                                                .asString("")
                                                .equals("Running")));
    }

    /** Back with the scheduler's words when it has found no node. */
    static String awaitUnschedulable(Space space, String pod) {
        ObjectNode waiting =
                space.pods()
                        .await(
                                pod,
                                p ->
                                        condition(p, "PodScheduled")
                                                .path("reason")
                                                .asString("")
                                                .equals("Unschedulable"));
        return condition(waiting, "PodScheduled").path("message").asString("");
    }

    static JsonNode condition(ObjectNode object, String type) {
        JsonNode conditions = object.path("status").path("conditions");
        return conditions
                .valueStream()
                .filter(c -> c.path("type").asString("").equals(type))
                .findFirst()
                .orElse(conditions.path(-1));
    }

    static boolean isGoing(Space space, String pod) {
        return space.pods().found(pod).map(Metadata::isBeingDeleted).orElse(true);
    }

    /** Empty nodes for the next test. */
    void clear() {
        for (Space space : spaces) {
            space.pods().deleteAll("");
            space.pods().awaitCount(0);
        }
        spaces.clear();
    }

    @Override
    public void close() {
        scheduler.close();
        mirrors.close();
        kubelets.forEach(FakeNode::close);
        server.close();
    }
}
