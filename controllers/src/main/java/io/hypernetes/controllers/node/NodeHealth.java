package io.hypernetes.controllers.node;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.placement.Taint;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.EventRecorder;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Watches the nodes' leases. One that is not renewed in time makes its node's conditions Unknown;
 * when a node becomes not ready its pods do, and a NoExecute taint drives them away, unless no node
 * at all is ready: then there is nowhere to go, and the fault is more likely ours. Times are this
 * process' own, so a fresh start gives every node its full grace.
 */
final class NodeHealth implements Reconciler<ObjectKey>, AutoCloseable {

    /** Upstream's {@code --node-monitor-grace-period}. */
    static final Duration GRACE = Duration.ofSeconds(50);

    private static final int WORKERS = 2;
    private static final String NO_EXECUTE = "NoExecute";
    private static final List<String> CONDITIONS =
            List.of("Ready", "MemoryPressure", "DiskPressure", "PIDPressure");

    /** What a lease said last, and when we saw it say so. */
    private record Seen(String renewed, long nanos) {}

    private final Client client;
    private final Informer pods;
    private final Informer nodes;
    private final Informer leases;
    private final Duration grace;
    private final PodConditions conditions;
    private final EventRecorder events;
    private final Controller<ObjectKey> controller;

    /** By the nodes' names. */
    private final Map<String, Seen> beats = new ConcurrentHashMap<>();

    /**
     * Nodes that are not ready and whose pods know: a pod whose node agent says later that it is
     * ready is believed, as upstream does. Lost with the process, whose first look tells it again.
     */
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    NodeHealth(
            Client client,
            Informer pods,
            Informer nodes,
            Informer leases,
            Clock clock,
            Duration grace) {
        this.client = client;
        this.pods = pods;
        this.nodes = nodes;
        this.leases = leases;
        this.grace = grace;
        this.conditions = new PodConditions(client, clock);
        this.events = new EventRecorder(client, BuiltinTypes.EVENTS, "node-controller", clock);
        this.controller =
                Controller.of("node-lifecycle", WORKERS, nodes, this).watch(leases, this::heard);
    }

    NodeHealth start() {
        leases.start();
        controller.start();
        return this;
    }

    @Override
    public void close() {
        controller.close();
    }

    private static ObjectKey node(String name) {
        return new ObjectKey(Tenant.SYSTEM, "", name);
    }

    /** A beat of a node that is well changes nothing that a look would find. */
    private Stream<ObjectKey> heard(ObjectKey lease, ObjectNode tree) {
        beat(lease.name(), tree.path("spec").path("renewTime").asString(""));
        return nodes
                .get(node(lease.name()))
                .filter(found -> PodConditions.status(found, "Ready").equals("Unknown"))
                .map(_ -> node(lease.name()))
                .stream();
    }

    private Seen beat(String node, String renewed) {
        long now = System.nanoTime();
        return beats.compute(
                node,
                (_, last) ->
                        last != null && last.renewed().compareTo(renewed) >= 0
                                ? last
                                : new Seen(renewed, now));
    }

    @Override
    public Result reconcile(ObjectKey key) throws InterruptedException {
        leases.awaitSynced();
        pods.start().awaitSynced();
        Optional<ObjectNode> found = nodes.get(key);
        if (found.isEmpty()) {
            beats.remove(key.name());
            told.remove(key.name());
            othersToo(key);
            return DONE;
        }
        ObjectNode node = found.get();
        Duration left = grace.minus(silence(node));
        if (!left.isPositive()) {
            node = silent(node);
        }
        String ready = PodConditions.status(node, "Ready");
        taint(node, ready);
        if (ready.equals("True")) {
            told.remove(key.name());
        } else if (!told.contains(key.name())) {
            podsAreNotReady(key.name());
            told.add(key.name());
        }
        return left.isPositive() ? Reconciler.again(left) : Reconciler.again(grace);
    }

    /** How long its lease has said nothing new; a node without one counts from its first look. */
    private Duration silence(ObjectNode node) {
        ObjectKey lease = new ObjectKey(Tenant.SYSTEM, "kube-node-lease", Metadata.name(node));
        String renewed =
                leases.get(lease)
                        .map(l -> l.path("spec").path("renewTime").asString(""))
                        .orElse("");
        return Duration.ofNanos(System.nanoTime() - beat(Metadata.name(node), renewed).nanos());
    }

    private ObjectNode silent(ObjectNode seen) {
        boolean was = PodConditions.status(seen, "Ready").equals("True");
        ObjectNode node = client.get(BuiltinTypes.NODES, node(Metadata.name(seen))).deepCopy();
        boolean changed = false;
        for (String type : CONDITIONS) {
            boolean never = PodConditions.status(node, type).isEmpty();
            changed |=
                    conditions.set(
                            node,
                            type,
                            "Unknown",
                            never ? "NodeStatusNeverUpdated" : "NodeStatusUnknown",
                            never
                                    ? "Kubelet never posted node status."
                                    : "Kubelet stopped posting node status.");
        }
        if (!changed) {
            return node;
        }
        ObjectNode written = client.updateStatus(BuiltinTypes.NODES, Tenant.SYSTEM, node);
        if (was) {
            events.record(
                    Tenant.SYSTEM,
                    node,
                    EventRecorder.Type.NORMAL,
                    "NodeNotReady",
                    "Node " + Metadata.name(node) + " status is now: NodeNotReady");
            othersToo(node(Metadata.name(node)));
        }
        return written;
    }

    /** Whether any node is left decides what the others' silence means. */
    private void othersToo(ObjectKey but) {
        nodes.objects(Tenant.SYSTEM).stream()
                .map(other -> node(Metadata.name(other)))
                .filter(other -> !other.equals(but))
                .forEach(controller::enqueue);
    }

    /** The NoExecute taint that goes with the Ready condition; NoSchedule is another's. */
    private void taint(ObjectNode node, String ready) {
        boolean everyoneIsOut =
                nodes.objects(Tenant.SYSTEM).stream()
                        .noneMatch(n -> PodConditions.status(n, "Ready").equals("True"));
        String wanted =
                ready.equals("True") || everyoneIsOut
                        ? ""
                        : ready.equals("Unknown") ? Taint.UNREACHABLE : Taint.NOT_READY;
        ArrayNode taints = Json.object().putArray("taints");
        boolean there = false;
        boolean changed = false;
        for (JsonNode taint : node.path("spec").path("taints")) {
            String key = taint.path("key").asString("");
            boolean ours =
                    taint.path("effect").asString("").equals(NO_EXECUTE)
                            && (key.equals(Taint.UNREACHABLE) || key.equals(Taint.NOT_READY));
            there |= ours && key.equals(wanted);
            if (ours && !key.equals(wanted)) {
                changed = true;
            } else {
                taints.add(taint.deepCopy());
            }
        }
        if (!wanted.isEmpty() && !there) {
            taints.addObject()
                    .put("key", wanted)
                    .put("effect", NO_EXECUTE)
                    .put(
                            "timeAdded",
                            conditions.clock().instant().toString().substring(0, 19) + "Z");
            changed = true;
        }
        if (changed) {
            ObjectNode tainted = node.deepCopy();
            tainted.withObject("spec").set("taints", taints);
            client.update(BuiltinTypes.NODES, Tenant.SYSTEM, tainted);
        }
    }

    private void podsAreNotReady(String node) {
        for (TenantObject item : pods.all()) {
            ObjectNode pod = item.object();
            if (PodConditions.node(pod).equals(node)
                    && PodConditions.status(pod, "Ready").equals("True")) {
                ObjectNode changed = pod.deepCopy();
                conditions.set(changed, "Ready", "False", "NodeNotReady", "");
                client.updateStatus(BuiltinTypes.PODS, item.tenant(), changed);
                events.record(
                        item.tenant(),
                        pod,
                        EventRecorder.Type.WARNING,
                        "NodeNotReady",
                        "Node is not ready");
            }
        }
    }
}
