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
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Keeps pods with names, hosts and volumes of their own. {@link StatefulPlan} says the steps. */
final class StatefulSetController implements Reconciler<ObjectKey>, AutoCloseable {

    private final Client client;
    private final Clock clock;
    private final Ownership ownership;
    private final SetRevisions revisions;
    private final PodControl control;
    private final Informer sets;
    private final Informer pods;
    private final Controller<ObjectKey> controller;

    StatefulSetController(Client client, WorkloadMirrors mirrors, Clock clock) {
        this.client = client;
        this.clock = clock;
        this.ownership = new Ownership(client, WorkloadTypes.STATEFUL_SETS, BuiltinTypes.PODS);
        this.revisions = SetRevisions.ofStatefulSets(client);
        this.control = new PodControl(client, "statefulset-controller", clock);
        this.sets = mirrors.statefulSets();
        this.pods = mirrors.pods();
        this.controller =
                Controller.of("statefulset", Workloads.WORKERS, sets, this)
                        .watch(pods, this::concernedBy);
    }

    StatefulSetController start() {
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
                .filter(set -> StatefulSpec.of(set).ordinal(pod) >= 0)
                .map(set -> new ObjectKey(key.tenant(), key.namespace(), Metadata.name(set)));
    }

    @Override
    public Result reconcile(ObjectKey key) {
        Optional<ObjectNode> found = sets.get(key);
        if (found.isEmpty() || StatefulSpec.of(found.get()).selector().isEverything()) {
            return DONE;
        }
        ObjectNode set = found.get();
        StatefulSpec spec = StatefulSpec.of(set);
        SetRevisions.Known known = revisions.of(key, set);
        List<ObjectNode> mine = claim(key, spec, pods.objects(key.tenant(), key.namespace()));
        StatefulPlan plan = StatefulPlan.of(spec, known, mine, clock.instant());
        if (!plan.created.isEmpty() || !plan.deleted.isEmpty()) {
            mine = claim(key, spec, control.listed(key.tenant(), key.namespace()));
            plan = StatefulPlan.of(spec, known, mine, clock.instant());
        }
        writeStatus(key, set, plan.status());
        for (ObjectNode pod : plan.deleted) {
            delete(key, spec, pod);
        }
        for (int ordinal : plan.created) {
            create(key, spec, known, plan, ordinal);
        }
        revisions.forget(key, set, known, mine);
        return plan.next.soonest().map(Reconciler::again).orElse(DONE);
    }

    private List<ObjectNode> claim(
            ObjectKey key, StatefulSpec spec, Collection<ObjectNode> candidates) {
        List<ObjectNode> named = candidates.stream().filter(pod -> spec.ordinal(pod) >= 0).toList();
        return ownership.claim(key.tenant(), spec.set(), spec.selector(), named);
    }

    private void writeStatus(ObjectKey key, ObjectNode set, ObjectNode status) {
        ObjectNode changed = set.deepCopy();
        if (set.path("status").has("conditions")) {
            status.set("conditions", set.path("status").get("conditions"));
        }
        changed.set("status", status);
        if (!Json.same(set.path("status"), status)) {
            client.updateStatus(WorkloadTypes.STATEFUL_SETS, key.tenant(), changed);
        }
    }

    private void create(
            ObjectKey key,
            StatefulSpec spec,
            SetRevisions.Known known,
            StatefulPlan plan,
            int ordinal) {
        for (ObjectNode claim : spec.claims(ordinal)) {
            keepClaim(key, spec, claim);
        }
        boolean updated = plan.takesUpdate(ordinal);
        ObjectNode pod =
                spec.pod(
                        ordinal,
                        known.template(updated),
                        Metadata.name(updated ? known.update() : known.current()),
                        ownership.reference(spec.set()));
        try {
            client.create(BuiltinTypes.PODS, key.tenant(), pod);
            tell(key, spec, true, "SuccessfulCreate", "create Pod " + Metadata.name(pod), "");
        } catch (ApiException e) {
            String what = "create Pod " + Metadata.name(pod);
            tell(key, spec, false, "FailedCreate", what, e.status().message());
            throw e;
        }
    }

    /** A claim that is there stays as it is: the pod's data. */
    private void keepClaim(ObjectKey key, StatefulSpec spec, ObjectNode claim) {
        ObjectKey claimKey = new ObjectKey(key.tenant(), key.namespace(), Metadata.name(claim));
        if (client.find(BuiltinTypes.PERSISTENT_VOLUME_CLAIMS, claimKey).isPresent()) {
            return;
        }
        if (spec.deletesClaims("whenDeleted")) {
            Metadata.ensureMetadata(claim)
                    .putArray("ownerReferences")
                    .add(ownership.reference(spec.set()).put("blockOwnerDeletion", false));
        }
        client.create(BuiltinTypes.PERSISTENT_VOLUME_CLAIMS, key.tenant(), claim);
    }

    private void delete(ObjectKey key, StatefulSpec spec, ObjectNode pod) {
        control.remove(BuiltinTypes.PODS, key.tenant(), pod);
        tell(key, spec, true, "SuccessfulDelete", "delete Pod " + Metadata.name(pod), "");
        int ordinal = spec.ordinal(pod);
        if (spec.deletesClaims("whenScaled") && !spec.wants(ordinal)) {
            // The claim's own protection keeps it until the pod is gone.
            spec.claims(ordinal)
                    .forEach(claim ->
                            control.remove(
                                    BuiltinTypes.PERSISTENT_VOLUME_CLAIMS, key.tenant(), claim));
        }
    }

    private void tell(
            ObjectKey key,
            StatefulSpec spec,
            boolean good,
            String reason,
            String what,
            String failure) {
        control.tell(
                key.tenant(),
                spec.set(),
                good,
                reason,
                what
                        + " in StatefulSet "
                        + key.name()
                        + (good ? " successful" : " failed error: " + failure));
    }
}
