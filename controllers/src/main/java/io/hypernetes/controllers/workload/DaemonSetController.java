package io.hypernetes.controllers.workload;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.WorkloadTypes;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;

import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * Keeps a pod on each node of the DaemonSet's own world. The operator's world has nodes; a tenant's
 * has none, so a tenant's DaemonSet is complete with no pod, and an event says so. {@link
 * DaemonPlan} says the steps.
 */
final class DaemonSetController implements Reconciler<ObjectKey>, AutoCloseable {

    private static final int WORKERS = 2;

    private final Client client;
    private final Clock clock;
    private final Ownership ownership;
    private final SetRevisions revisions;
    private final PodControl control;
    private final Informer sets;
    private final Informer pods;
    private final Informer nodes;
    private final Controller<ObjectKey> controller;

    DaemonSetController(Client client, WorkloadMirrors mirrors, Clock clock) {
        this.client = client;
        this.clock = clock;
        this.ownership = new Ownership(client, WorkloadTypes.DAEMON_SETS, BuiltinTypes.PODS);
        this.revisions = SetRevisions.ofDaemonSets(client);
        this.control = new PodControl(client, "daemonset-controller", clock);
        this.sets = mirrors.daemonSets();
        this.pods = mirrors.pods();
        this.nodes = mirrors.nodes();
        this.controller =
                Controller.of("daemonset", WORKERS, sets, this).watch(pods, this::concernedBy);
        nodes.listen(this::nodeChanged);
    }

    DaemonSetController start() {
        nodes.start();
        controller.start();
        return this;
    }

    @Override
    public void close() {
        controller.close();
    }

    private Stream<ObjectKey> concernedBy(ObjectKey key, ObjectNode pod) {
        if (Ownership.controllerOf(pod).isPresent()) {
            return ownership.ownerOf(key, pod).stream();
        }
        return sets.objects(key.tenant(), key.namespace()).stream()
                .filter(set -> DaemonSpec.of(set).selector().matches(pod))
                .map(set -> new ObjectKey(key.tenant(), key.namespace(), Metadata.name(set)));
    }

    /** A node's heartbeats concern nobody. */
    private void nodeChanged(
            ObjectKey key, Optional<ObjectNode> old, Optional<ObjectNode> current) {
        boolean same =
                old.isPresent()
                        && current.isPresent()
                        && old.get().path("spec").equals(current.get().path("spec"))
                        && Metadata.labels(old.get()).equals(Metadata.labels(current.get()));
        if (!same) {
            sets.objects(key.tenant())
                    .forEach(set ->
                            controller.enqueue(
                                    new ObjectKey(
                                            key.tenant(),
                                            Metadata.namespace(set),
                                            Metadata.name(set))));
        }
    }

    @Override
    public Result reconcile(ObjectKey key) throws InterruptedException {
        nodes.awaitSynced();
        Optional<ObjectNode> found = sets.get(key);
        if (found.isEmpty()) {
            return DONE;
        }
        DaemonSpec spec = DaemonSpec.of(found.get());
        if (spec.selector().isEverything()) {
            control.tell(
                    key.tenant(),
                    spec.set(),
                    false,
                    "SelectingAll",
                    "This daemon set is selecting all pods. A non-empty selector is required.");
            return DONE;
        }
        SetRevisions.Known known = revisions.of(key, spec.set());
        String hash = Metadata.label(known.update(), SetRevisions.HASH_LABEL);
        List<ObjectNode> mine = claim(key, spec, pods.objects(key.tenant(), key.namespace()));
        DaemonPlan plan = plan(key, spec, hash, mine);
        Optional<ApiException> failure = Optional.empty();
        if (!plan.created.isEmpty() || !plan.deleted.isEmpty()) {
            mine = claim(key, spec, control.listed(key.tenant(), key.namespace()));
            plan = plan(key, spec, hash, mine);
            if (control.isStillThere(WorkloadTypes.DAEMON_SETS, key, spec.set())) {
                failure = act(key, spec, hash, plan);
            }
        }
        writeStatus(key, spec, plan.status());
        revisions.forget(key, spec.set(), known, mine);
        if (failure.isPresent()) {
            throw failure.get();
        }
        tellOfNoNodes(key, spec);
        return plan.next.soonest().map(Reconciler::again).orElse(DONE);
    }

    private DaemonPlan plan(ObjectKey key, DaemonSpec spec, String hash, List<ObjectNode> mine) {
        return DaemonPlan.of(spec, hash, nodes.objects(key.tenant()), mine, clock.instant());
    }

    private List<ObjectNode> claim(
            ObjectKey key, DaemonSpec spec, Collection<ObjectNode> candidates) {
        return ownership.claim(key.tenant(), spec.set(), spec.selector(), candidates);
    }

    private Optional<ApiException> act(ObjectKey key, DaemonSpec spec, String hash, DaemonPlan plan)
            throws InterruptedException {
        plan.told.forEach(told ->
                control.tell(key.tenant(), spec.set(), told.good(), told.reason(), told.message()));
        ObjectNode reference = ownership.reference(spec.set());
        List<Callable<ObjectNode>> calls = new ArrayList<>();
        for (ObjectNode pod : plan.deleted) {
            calls.add(() -> control.delete(key.tenant(), spec.set(), pod));
        }
        for (String node : plan.created) {
            ObjectNode pod = spec.pod(node, hash, reference);
            calls.add(() -> control.create(key.tenant(), spec.set(), pod));
        }
        return Burst.slowly(calls).failure();
    }

    private void writeStatus(ObjectKey key, DaemonSpec spec, ObjectNode status) {
        ObjectNode before = spec.set();
        for (String kept : List.of("collisionCount", "conditions")) {
            if (before.path("status").has(kept)) {
                status.set(kept, before.path("status").get(kept));
            }
        }
        if (!Json.same(before.path("status"), status)) {
            ObjectNode changed = before.deepCopy();
            changed.set("status", status);
            client.updateStatus(WorkloadTypes.DAEMON_SETS, key.tenant(), changed);
        }
    }

    /** Once per generation: whoever wonders where the pods are finds it in {@code describe}. */
    private void tellOfNoNodes(ObjectKey key, DaemonSpec spec) {
        long seen = spec.set().path("status").path("observedGeneration").asLong(0);
        if (!key.tenant().isSystem() && seen != Metadata.generation(spec.set())) {
            control.tell(
                    key.tenant(),
                    spec.set(),
                    false,
                    "NoNodes",
                    "A tenant's world has no nodes, so there is none to run a daemon on; use a"
                            + " Deployment");
        }
    }
}
