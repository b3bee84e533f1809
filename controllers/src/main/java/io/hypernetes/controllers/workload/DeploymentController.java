package io.hypernetes.controllers.workload;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.WorkloadTypes;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.EventRecorder;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Rolls a Deployment's template out: a replica set for each template it ever had, the newest grown
 * while the others shrink, within what the strategy allows.
 *
 * <p>Every look makes the steps that are possible now; changes of the replica sets bring the next
 * look. A replica set is changed only as it was seen (its resourceVersion is sent along).
 */
final class DeploymentController implements Reconciler<ObjectKey>, AutoCloseable {

    private final Client client;
    private final Clock clock;
    private final Ownership ownership;
    private final EventRecorder events;
    private final Informer deployments;
    private final Informer replicaSets;
    private final Informer pods;
    private final Controller<ObjectKey> controller;

    DeploymentController(Client client, WorkloadMirrors mirrors, Clock clock) {
        this.client = client;
        this.clock = clock;
        this.ownership =
                new Ownership(client, WorkloadTypes.DEPLOYMENTS, WorkloadTypes.REPLICA_SETS);
        this.events =
                new EventRecorder(client, BuiltinTypes.EVENTS, "deployment-controller", clock);
        this.deployments = mirrors.deployments();
        this.replicaSets = mirrors.replicaSets();
        this.pods = mirrors.pods();
        this.controller =
                Controller.of("deployment", Workloads.WORKERS, deployments, this)
                        .watch(replicaSets, this::concernedBy)
                        .watch(pods, this::recreatedAfter);
    }

    DeploymentController start() {
        controller.start();
        return this;
    }

    @Override
    public void close() {
        controller.close();
    }

    private Stream<ObjectKey> concernedBy(ObjectKey key, ObjectNode set) {
        if (Ownership.controllerOf(set).isPresent()) {
            return ownership.ownerOf(key, set).stream();
        }
        return deployments.objects(key.tenant(), key.namespace()).stream()
                .filter(deployment -> DeploymentSpec.of(deployment).selector().matches(set))
                .map(deployment ->
                        new ObjectKey(key.tenant(), key.namespace(), Metadata.name(deployment)));
    }

    /** Recreate waits for the last old pod to go. */
    private Stream<ObjectKey> recreatedAfter(ObjectKey key, ObjectNode pod) {
        return Ownership.controllerOf(pod)
                .filter(owner -> owner.kind().equals(WorkloadTypes.REPLICA_SETS.kind()))
                .map(owner -> new ObjectKey(key.tenant(), key.namespace(), owner.name()))
                .flatMap(replicaSets::get)
                .flatMap(set -> ownership.ownerOf(key, set))
                .filter(owner ->
                        deployments
                                .get(owner)
                                .filter(found -> DeploymentSpec.of(found).recreate())
                                .isPresent())
                .stream();
    }

    @Override
    public Result reconcile(ObjectKey key) {
        Optional<ObjectNode> found = deployments.get(key);
        if (found.isEmpty()) {
            return DONE;
        }
        ObjectNode deployment = found.get().deepCopy();
        DeploymentSpec spec = DeploymentSpec.of(deployment);
        if (spec.selector().isEverything()) {
            return DONE; // would take every pod there is
        }
        ReplicaSets sets =
                ReplicaSets.of(
                        spec,
                        ownership.claim(
                                key.tenant(),
                                deployment,
                                spec.selector(),
                                replicaSets.objects(key.tenant(), key.namespace())));
        DeploymentStatus status = new DeploymentStatus(deployment, spec, sets, clock.instant());
        status.pausedOrResumed();
        if (!Metadata.isBeingDeleted(deployment)) {
            act(key.tenant(), deployment, spec, sets, status);
        }
        writeStatus(key.tenant(), deployment, status);
        return status.untilTimeout()
                .map(left -> Reconciler.again(left.plus(Duration.ofSeconds(1))))
                .orElse(DONE);
    }

    private void act(
            Tenant tenant,
            ObjectNode deployment,
            DeploymentSpec spec,
            ReplicaSets sets,
            DeploymentStatus status) {
        Rollout rollout = new Rollout(spec, sets);
        List<Rollout.Resize> rescaled =
                spec.paused() || rollout.isRescaled() ? rollout.rescale() : List.of();
        resize(tenant, deployment, spec, rescaled);
        if (spec.paused()) {
            forgetHistory(tenant, spec, sets, status);
        }
        if (spec.paused() || !rescaled.isEmpty()) {
            return;
        }
        if (spec.recreate()) {
            List<Rollout.Resize> shrinking = rollout.shrink();
            resize(tenant, deployment, spec, shrinking);
            if (!shrinking.isEmpty() || oldPodsRun(tenant, deployment, sets)) {
                status.progressed();
                return;
            }
        }
        Optional<ReplicaSets> turned = turn(tenant, deployment, spec, sets, status);
        if (turned.isPresent()) {
            rollOut(tenant, deployment, spec, turned.get());
            if (sets.current().isPresent()) {
                status.progressed();
            }
            forgetHistory(tenant, spec, turned.get(), status);
        }
    }

    /** One step: the new set grows, or, when it cannot, the old ones shrink. */
    private void rollOut(
            Tenant tenant, ObjectNode deployment, DeploymentSpec spec, ReplicaSets sets) {
        Rollout rollout = new Rollout(spec, sets);
        Optional<Rollout.Resize> growing = rollout.grow();
        if (growing.isPresent()) {
            resize(tenant, deployment, spec, List.of(growing.get()));
        } else if (!spec.recreate()) {
            resize(tenant, deployment, spec, rollout.shrink());
        }
    }

    private boolean oldPodsRun(Tenant tenant, ObjectNode deployment, ReplicaSets sets) {
        List<String> old = sets.old().stream().map(Metadata::uid).toList();
        return pods.objects(tenant, Metadata.namespace(deployment)).stream()
                .filter(pod -> !PodState.hasEnded(pod))
                .flatMap(pod -> Ownership.controllerOf(pod).stream())
                .anyMatch(owner -> old.contains(owner.uid()));
    }

    /**
     * Makes the template's replica set, or marks the one there is as the latest revision; empty
     * when its name was taken by another.
     */
    private Optional<ReplicaSets> turn(
            Tenant tenant,
            ObjectNode deployment,
            DeploymentSpec spec,
            ReplicaSets sets,
            DeploymentStatus status) {
        long revision = sets.latestRevisionOfOld() + 1;
        Optional<ObjectNode> current =
                sets.current().isPresent()
                        ? sets.current().map(set -> marked(tenant, set, deployment, spec, revision))
                        : create(tenant, deployment, spec, sets, revision, status);
        current.ifPresent(set -> {
            if (sets.current().isPresent() && !deployment.path("status").has("conditions")) {
                status.turnedTo(set, false);
            }
            writeRevision(tenant, deployment, Revision.number(set));
        });
        return current.map(sets::withCurrent);
    }

    private ObjectNode marked(
            Tenant tenant,
            ObjectNode set,
            ObjectNode deployment,
            DeploymentSpec spec,
            long revision) {
        ObjectNode marked = set.deepCopy();
        Revision.annotate(marked, deployment, spec, revision);
        copyMinReadySeconds(deployment, marked);
        return Json.same(set, marked)
                ? set
                : client.update(WorkloadTypes.REPLICA_SETS, tenant, marked);
    }

    private Optional<ObjectNode> create(
            Tenant tenant,
            ObjectNode deployment,
            DeploymentSpec spec,
            ReplicaSets sets,
            long revision,
            DeploymentStatus status) {
        int collisions = deployment.path("status").path("collisionCount").asInt(0);
        ObjectNode set = replicaSet(deployment, spec, Revision.hash(spec.template(), collisions));
        Revision.annotate(set, deployment, spec, revision);
        int size = new Rollout(spec, sets).sizeOfNew(0, sets.wanted());
        ((ObjectNode) set.path("spec")).put("replicas", size);
        try {
            ObjectNode created = client.create(WorkloadTypes.REPLICA_SETS, tenant, set);
            if (size > 0) {
                tellResized(tenant, deployment, created, 0, size);
            }
            status.turnedTo(created, true);
            return Optional.of(created);
        } catch (ApiException e) {
            if (!e.is(Reason.ALREADY_EXISTS)) {
                status.couldNotTurn(e.status().message());
                writeStatus(tenant, deployment, status);
                throw e;
            }
            return taken(tenant, deployment, spec, set, collisions);
        }
    }

    /** The name is ours from a moment ago, or another template's with the same hash. */
    private Optional<ObjectNode> taken(
            Tenant tenant,
            ObjectNode deployment,
            DeploymentSpec spec,
            ObjectNode set,
            int collisions) {
        ObjectKey key = new ObjectKey(tenant, Metadata.namespace(set), Metadata.name(set));
        Optional<ObjectNode> there = client.find(WorkloadTypes.REPLICA_SETS, key);
        boolean ours =
                there.flatMap(Ownership::controllerOf)
                                .filter(owner -> owner.uid().equals(Metadata.uid(deployment)))
                                .isPresent()
                        && Revision.runs(there.get(), spec.template());
        if (!ours) {
            ObjectNode changed = deployment.deepCopy();
            changed.withObjectProperty("status").put("collisionCount", collisions + 1);
            client.updateStatus(WorkloadTypes.DEPLOYMENTS, tenant, changed);
        }
        return ours ? there : Optional.empty();
    }

    private ObjectNode replicaSet(ObjectNode deployment, DeploymentSpec spec, String hash) {
        ObjectNode set = Json.object();
        ObjectNode metadata = set.putObject("metadata");
        metadata.put("namespace", Metadata.namespace(deployment));
        metadata.put("name", Metadata.name(deployment) + "-" + hash);
        metadata.putArray("ownerReferences").add(ownership.reference(deployment));
        ObjectNode template = (ObjectNode) spec.template().deepCopy();
        Metadata.ensureLabels(template).put(Revision.HASH_LABEL, hash);
        metadata.set("labels", Metadata.ensureLabels(template).deepCopy());
        ObjectNode selector = (ObjectNode) deployment.path("spec").path("selector").deepCopy();
        selector.withObjectProperty("matchLabels").put(Revision.HASH_LABEL, hash);
        set.putObject("spec").set("selector", selector);
        set.withObjectProperty("spec").set("template", template);
        copyMinReadySeconds(deployment, set);
        return set;
    }

    private static void copyMinReadySeconds(ObjectNode deployment, ObjectNode set) {
        JsonNode seconds = deployment.path("spec").path("minReadySeconds");
        ObjectNode spec = (ObjectNode) set.path("spec");
        if (seconds.asInt(0) > 0) {
            spec.set("minReadySeconds", seconds);
        } else {
            spec.remove("minReadySeconds");
        }
    }

    private void resize(
            Tenant tenant, ObjectNode deployment, DeploymentSpec spec, List<Rollout.Resize> sizes) {
        for (Rollout.Resize resize : sizes) {
            ObjectNode set = resize.set().deepCopy();
            int from = ReplicaSets.wanted(set);
            ((ObjectNode) set.path("spec")).put("replicas", resize.to());
            Revision.annotateSize(set, spec);
            if (!Json.same(resize.set(), set)) {
                client.update(WorkloadTypes.REPLICA_SETS, tenant, set);
                if (from != resize.to()) {
                    tellResized(tenant, deployment, set, from, resize.to());
                }
            }
        }
    }

    private void tellResized(
            Tenant tenant, ObjectNode deployment, ObjectNode set, int from, int to) {
        events.record(
                tenant,
                deployment,
                EventRecorder.Type.NORMAL,
                "ScalingReplicaSet",
                "Scaled %s replica set %s from %d to %d"
                        .formatted(from < to ? "up" : "down", Metadata.name(set), from, to));
    }

    /** Old, empty replica sets beyond the limit go, the oldest first. */
    private void forgetHistory(
            Tenant tenant, DeploymentSpec spec, ReplicaSets sets, DeploymentStatus status) {
        if (!status.isComplete() && !spec.paused()) {
            return;
        }
        List<ObjectNode> empty = new ArrayList<>();
        for (ObjectNode set : sets.old()) {
            boolean observed =
                    set.path("status").path("observedGeneration").asLong(0)
                            >= Metadata.generation(set);
            if (observed
                    && ReplicaSets.wanted(set) == 0
                    && ReplicaSets.count(set, "replicas") == 0
                    && !Metadata.isBeingDeleted(set)) {
                empty.add(set);
            }
        }
        empty.sort(Comparator.comparingLong(Revision::number));
        int tooMany = Math.max(0, sets.old().size() - spec.historyLimit());
        for (ObjectNode set : empty.subList(0, Math.min(tooMany, empty.size()))) {
            ObjectKey key = new ObjectKey(tenant, Metadata.namespace(set), Metadata.name(set));
            client.delete(
                    WorkloadTypes.REPLICA_SETS,
                    key,
                    DeleteOptions.DEFAULT.onlyUid(Metadata.uid(set)));
        }
    }

    private void writeRevision(Tenant tenant, ObjectNode deployment, long number) {
        if (Revision.number(deployment) != number) {
            ObjectNode changed = deployment.deepCopy();
            Metadata.ensureAnnotations(changed).put(Revision.NUMBER, Long.toString(number));
            ObjectNode written = client.update(WorkloadTypes.DEPLOYMENTS, tenant, changed);
            // The status that follows is written onto this version.
            deployment.set("metadata", written.path("metadata").deepCopy());
        }
    }

    private void writeStatus(Tenant tenant, ObjectNode deployment, DeploymentStatus status) {
        ObjectNode written = status.write();
        if (!Json.same(written, deployment.path("status"))) {
            ObjectNode changed = deployment.deepCopy();
            changed.set("status", written);
            client.updateStatus(WorkloadTypes.DEPLOYMENTS, tenant, changed);
        }
    }
}
