package io.hypernetes.controllers.node;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.placement.Taint;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Deletes pods that nobody else will: those on nodes that are gone or out of service, those that
 * are to go and have no node, and the oldest of a tenant's ended pods when there are too many.
 */
final class PodGarbage implements AutoCloseable {

    private static final int WORKERS = 2;
    private static final String OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";

    /**
     * @param ended pods that a tenant may keep, upstream's {@code --terminated-pod-gc-threshold}
     * @param quarantine of a node that is gone, in case it comes back
     * @param count how often a tenant's ended pods are counted at most
     */
    record Limits(int ended, Duration quarantine, Duration count) {
        static final Limits DEFAULT =
                new Limits(12_500, Duration.ofSeconds(40), Duration.ofSeconds(20));
    }

    private final Client client;
    private final Informer pods;
    private final Informer nodes;
    private final Limits limits;
    private final PodConditions conditions;
    private final Clock clock;
    private final Map<ObjectKey, Instant> lostSince = new ConcurrentHashMap<>();
    private final Controller<ObjectKey> lost;
    private final Controller<Tenant> ended;

    PodGarbage(Client client, Informer pods, Informer nodes, Clock clock, Limits limits) {
        this.client = client;
        this.pods = pods;
        this.nodes = nodes;
        this.limits = limits;
        this.clock = clock;
        this.conditions = new PodConditions(client, clock);
        this.lost = new Controller<>("pod-garbage", WORKERS, this::lost).watch(pods, this::isLost);
        this.ended = new Controller<>("pod-garbage-ended", 1, this::ended);
        pods.listen((key, _, pod) -> {
            if (pod.filter(PodConditions::hasEnded).isPresent()) {
                ended.enqueue(key.tenant(), limits.count());
            }
        });
        nodes.listen(this::nodeChanged);
    }

    PodGarbage start() {
        nodes.start();
        lost.start();
        ended.start();
        return this;
    }

    @Override
    public void close() {
        lost.close();
        ended.close();
    }

    /** Nodes without any news: those that are there and well need no look. */
    private void nodeChanged(
            ObjectKey key, Optional<ObjectNode> old, Optional<ObjectNode> current) {
        boolean well = current.filter(node -> !isOutOfService(node)).isPresent();
        if (!well) {
            pods.all().stream()
                    .filter(item -> PodConditions.node(item.object()).equals(key.name()))
                    .forEach(item -> lost.enqueue(item.key()));
        }
    }

    /** Before the nodes' mirror is complete that is everybody; the look waits for it. */
    private Stream<ObjectKey> isLost(ObjectKey key, ObjectNode pod) {
        String node = PodConditions.node(pod);
        boolean going = Metadata.isBeingDeleted(pod);
        boolean stray = node.isEmpty() ? going : node(node).isEmpty();
        boolean out = going && node(node).filter(PodGarbage::isOutOfService).isPresent();
        return stray || out ? Stream.of(key) : Stream.empty();
    }

    private Optional<ObjectNode> node(String name) {
        return nodes.get(new ObjectKey(Tenant.SYSTEM, "", name));
    }

    /** Not ready, and the operator says that it will not come back (KEP-2268). */
    private static boolean isOutOfService(ObjectNode node) {
        for (JsonNode taint : node.path("spec").path("taints")) {
            if (Taint.of(taint).key().equals(OUT_OF_SERVICE)) {
                return !PodConditions.status(node, "Ready").equals("True");
            }
        }
        return false;
    }

    private Reconciler.Result lost(ObjectKey key) throws InterruptedException {
        nodes.awaitSynced();
        Optional<ObjectNode> found = pods.get(key);
        if (found.isEmpty()) {
            lostSince.remove(key);
            return Reconciler.DONE;
        }
        ObjectNode pod = found.get();
        String name = PodConditions.node(pod);
        boolean going = Metadata.isBeingDeleted(pod);
        if (name.isEmpty()) {
            if (going) {
                end(key, pod, "");
            }
            return Reconciler.DONE;
        }
        Optional<ObjectNode> node = node(name);
        if (node.isPresent()) {
            lostSince.remove(key);
            if (going && isOutOfService(node.get())) {
                end(key, pod, "PodGC: node is out of service");
            }
            return Reconciler.DONE;
        }
        return lostWithItsNode(key, pod, name);
    }

    /** A mirror may lag, and a node may be made anew: both get the quarantine's time. */
    private Reconciler.Result lostWithItsNode(ObjectKey key, ObjectNode pod, String node) {
        Instant now = clock.instant();
        Instant end = lostSince.computeIfAbsent(key, _ -> now).plus(limits.quarantine());
        if (end.isAfter(now)) {
            return Reconciler.again(Duration.between(now, end));
        }
        lostSince.remove(key);
        boolean gone =
                client.find(BuiltinTypes.NODES, new ObjectKey(Tenant.SYSTEM, "", node)).isEmpty();
        if (gone) {
            end(key, pod, "PodGC: node no longer exists");
        }
        return Reconciler.DONE;
    }

    private void end(ObjectKey key, ObjectNode pod, String why) {
        conditions.end(
                key, pod, why.isEmpty() ? "" : "DeletionByPodGC", why, true, DeleteOptions.NOW);
    }

    private Reconciler.Result ended(Tenant tenant) throws InterruptedException {
        pods.awaitSynced();
        List<ObjectNode> all =
                pods.objects(tenant).stream().filter(PodConditions::hasEnded).toList();
        if (all.size() > limits.ended()) {
            all.stream()
                    .sorted(
                            Comparator.comparing(Metadata::creationTimestamp)
                                    .thenComparing(Metadata::name))
                    .limit(all.size() - limits.ended())
                    .map(pod -> new TenantObject(tenant, pod))
                    .forEach(item -> end(item.key(), item.object(), ""));
        }
        return Reconciler.DONE;
    }
}
