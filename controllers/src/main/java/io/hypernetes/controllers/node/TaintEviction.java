package io.hypernetes.controllers.node;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.placement.Taint;
import io.hypernetes.api.placement.Toleration;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.EventRecorder;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Deletes the pods that do not tolerate a NoExecute taint of their node, or whose toleration of it
 * has run out. The time counts from when the taint says it was added; where it does not say so
 * (kubectl writes no time), from our first look at the pod under it.
 */
final class TaintEviction implements Reconciler<ObjectKey>, AutoCloseable {

    private static final int WORKERS = 2;

    private final Informer pods;
    private final Informer nodes;
    private final Clock clock;
    private final PodConditions conditions;
    private final EventRecorder events;
    private final Controller<ObjectKey> controller;

    /** Pods with an eviction ahead, and when that was seen; it is told when it is called off. */
    private final Map<ObjectKey, Instant> ahead = new ConcurrentHashMap<>();

    TaintEviction(Client client, Informer pods, Informer nodes, Clock clock) {
        this.pods = pods;
        this.nodes = nodes;
        this.clock = clock;
        this.conditions = new PodConditions(client, clock);
        this.events =
                new EventRecorder(client, BuiltinTypes.EVENTS, "taint-eviction-controller", clock);
        this.controller =
                new Controller<>("taint-eviction", WORKERS, this).watch(pods, this::onTainted);
        nodes.listen(this::nodeChanged);
    }

    TaintEviction start() {
        nodes.start();
        controller.start();
        return this;
    }

    @Override
    public void close() {
        controller.close();
    }

    /** Most pods are on nodes without such taints: nothing is queued for them. */
    private Stream<ObjectKey> onTainted(ObjectKey key, ObjectNode pod) {
        return node(pod).filter(node -> !taints(node).isEmpty()).isPresent()
                ? Stream.of(key)
                : Stream.empty();
    }

    private void nodeChanged(
            ObjectKey key, Optional<ObjectNode> old, Optional<ObjectNode> current) {
        boolean tainted = current.filter(node -> !taints(node).isEmpty()).isPresent();
        boolean was = old.filter(node -> !taints(node).isEmpty()).isPresent();
        if (!tainted && !was) {
            return;
        }
        pods.all().stream()
                .filter(item -> PodConditions.node(item.object()).equals(key.name()))
                .forEach(item -> controller.enqueue(item.key()));
    }

    private Optional<ObjectNode> node(ObjectNode pod) {
        return nodes.get(new ObjectKey(Tenant.SYSTEM, "", PodConditions.node(pod)));
    }

    private static List<JsonNode> taints(ObjectNode node) {
        List<JsonNode> taints = new ArrayList<>();
        for (JsonNode taint : node.path("spec").path("taints")) {
            if (taint.path("effect").asString("").equals("NoExecute")) {
                taints.add(taint);
            }
        }
        return taints;
    }

    @Override
    public Result reconcile(ObjectKey key) {
        Optional<ObjectNode> found = pods.get(key);
        if (found.isEmpty()
                || Metadata.isBeingDeleted(found.get())
                || PodConditions.hasEnded(found.get())) {
            ahead.remove(key);
            return DONE;
        }
        ObjectNode pod = found.get();
        Instant seen = ahead.getOrDefault(key, clock.instant());
        Optional<Duration> left = node(pod).flatMap(node -> left(pod, taints(node), seen));
        if (left.isEmpty()) {
            if (ahead.remove(key) != null) {
                tell(key, pod, "Cancelling deletion of Pod ");
            }
            return DONE;
        }
        if (left.get().isPositive()) {
            ahead.put(key, seen);
            return Reconciler.again(left.get());
        }
        ahead.remove(key);
        tell(key, pod, "Marking for deletion Pod ");
        conditions.end(
                key,
                pod,
                "DeletionByTaintManager",
                "Taint manager: deleting due to NoExecute taint",
                false,
                DeleteOptions.DEFAULT);
        return DONE;
    }

    private void tell(ObjectKey key, ObjectNode pod, String what) {
        events.record(
                key.tenant(),
                pod,
                EventRecorder.Type.NORMAL,
                "TaintManagerEviction",
                what + key.namespace() + "/" + key.name());
    }

    /** How long the pod may stay; empty for ever. */
    private Optional<Duration> left(ObjectNode pod, List<JsonNode> taints, Instant seen) {
        Optional<Instant> end = Optional.empty();
        for (JsonNode taint : taints) {
            Optional<Instant> one = end(pod, taint, seen);
            if (one.isPresent() && (end.isEmpty() || one.get().isBefore(end.get()))) {
                end = one;
            }
        }
        return end.map(at -> Duration.between(clock.instant(), at));
    }

    /** The shortest toleration of the taint counts; one without seconds is for ever. */
    private static Optional<Instant> end(ObjectNode pod, JsonNode tree, Instant seen) {
        Taint taint = Taint.of(tree);
        String text = tree.path("timeAdded").asString("");
        Instant added = text.isEmpty() ? seen : Instant.parse(text);
        long least = Long.MAX_VALUE;
        boolean tolerated = false;
        for (JsonNode each : pod.path("spec").path("tolerations")) {
            if (Toleration.of(each).tolerates(taint)) {
                tolerated = true;
                JsonNode seconds = each.path("tolerationSeconds");
                least = seconds.isNumber() ? Math.min(least, Math.max(0, seconds.asLong())) : least;
            }
        }
        if (!tolerated) {
            return Optional.of(added);
        }
        return least == Long.MAX_VALUE ? Optional.empty() : Optional.of(added.plusSeconds(least));
    }
}
