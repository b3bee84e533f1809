package io.hypernetes.controllers.workload;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
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
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Keeps as many pods as a ReplicaSet or a ReplicationController asks for.
 *
 * <p>The mirror tells whether something is to be done; before pods are made or deleted the truth is
 * listed, so no memory of what was just done is needed, and a restart forgets nothing.
 */
final class ReplicaController implements Reconciler<ObjectKey>, AutoCloseable {

    private final Client client;
    private final Clock clock;
    private final ResourceType type;
    private final Ownership ownership;
    private final PodControl control;
    private final Informer owners;
    private final Informer pods;
    private final Controller<ObjectKey> controller;

    private ReplicaController(
            Client client,
            ResourceType type,
            String name,
            Informer owners,
            Informer pods,
            Clock clock) {
        this.client = client;
        this.clock = clock;
        this.type = type;
        this.ownership = new Ownership(client, type, BuiltinTypes.PODS);
        this.control = new PodControl(client, name, clock);
        this.owners = owners;
        this.pods = pods;
        this.controller =
                Controller.of(name, Workloads.WORKERS, owners, this).watch(pods, this::concernedBy);
    }

    static ReplicaController ofReplicaSets(Client client, WorkloadMirrors mirrors, Clock clock) {
        return new ReplicaController(
                client,
                WorkloadTypes.REPLICA_SETS,
                "replicaset-controller",
                mirrors.replicaSets(),
                mirrors.pods(),
                clock);
    }

    static ReplicaController ofReplicationControllers(
            Client client, WorkloadMirrors mirrors, Clock clock) {
        return new ReplicaController(
                client,
                BuiltinTypes.REPLICATION_CONTROLLERS,
                "replication-controller",
                mirrors.replicationControllers(),
                mirrors.pods(),
                clock);
    }

    ReplicaController start() {
        controller.start();
        return this;
    }

    @Override
    public void close() {
        controller.close();
    }

    /** The owner of a pod, or, of an orphan, everyone who would have it. */
    private Stream<ObjectKey> concernedBy(ObjectKey key, ObjectNode pod) {
        if (Ownership.controllerOf(pod).isPresent()) {
            return ownership.ownerOf(key, pod).stream();
        }
        return owners.objects(key.tenant(), key.namespace()).stream()
                .filter(owner -> ReplicaSpec.of(owner).selector().matches(pod))
                .map(owner -> new ObjectKey(key.tenant(), key.namespace(), Metadata.name(owner)));
    }

    @Override
    public Result reconcile(ObjectKey key) throws InterruptedException {
        Optional<ObjectNode> found = owners.get(key);
        if (found.isEmpty()) {
            return DONE;
        }
        ObjectNode owner = found.get();
        ReplicaSpec spec = ReplicaSpec.of(owner);
        List<ObjectNode> mine =
                claim(key, owner, spec, pods.objects(key.tenant(), key.namespace()));
        Scaling scaling = Scaling.NOTHING;
        if (!Metadata.isBeingDeleted(owner) && missing(spec, mine) != 0) {
            mine = claim(key, owner, spec, control.listed(key.tenant(), key.namespace()));
            if (control.isStillThere(type, key, owner)) {
                scaling = scale(key.tenant(), owner, spec, mine);
            }
        }
        writeStatus(key.tenant(), owner, spec, mine, scaling);
        if (scaling.failure().isPresent()) {
            throw scaling.failure().get();
        }
        return ReplicaStatus.nextAvailable(spec, mine, clock.instant())
                .map(Reconciler::again)
                .orElse(DONE);
    }

    private List<ObjectNode> claim(
            ObjectKey key, ObjectNode owner, ReplicaSpec spec, Collection<ObjectNode> candidates) {
        return ownership.claim(key.tenant(), owner, spec.selector(), candidates).stream()
                .filter(pod -> !PodState.hasEnded(pod))
                .toList();
    }

    private static int missing(ReplicaSpec spec, List<ObjectNode> mine) {
        return spec.replicas() - (int) mine.stream().filter(PodState::isActive).count();
    }

    /**
     * @param reason of the failure, as the condition ReplicaFailure has it
     */
    private record Scaling(Optional<ApiException> failure, String reason) {
        static final Scaling NOTHING = new Scaling(Optional.empty(), "");
    }

    private Scaling scale(Tenant tenant, ObjectNode owner, ReplicaSpec spec, List<ObjectNode> mine)
            throws InterruptedException {
        int missing = missing(spec, mine);
        if (missing > 0) {
            ObjectNode pod = PodTemplate.pod(owner, spec.template(), ownership.reference(owner));
            Callable<ObjectNode> create = () -> control.create(tenant, owner, pod);
            List<Callable<ObjectNode>> calls =
                    Stream.generate(() -> create).limit(Math.min(missing, Burst.MOST)).toList();
            return new Scaling(Burst.slowly(calls).failure(), "FailedCreate");
        }
        if (missing < 0) {
            List<ObjectNode> active = mine.stream().filter(PodState::isActive).toList();
            List<Callable<ObjectNode>> calls =
                    VictimOrder.of(active, siblings(tenant, owner, active)).stream()
                            .limit(Math.min(-missing, Burst.MOST))
                            .map(pod ->
                                    (Callable<ObjectNode>) () -> control.delete(tenant, owner, pod))
                            .toList();
            return new Scaling(Burst.slowly(calls).failure(), "FailedDelete");
        }
        return Scaling.NOTHING;
    }

    /** The active pods of all replica sets of the same deployment: they share its nodes. */
    private Collection<ObjectNode> siblings(
            Tenant tenant, ObjectNode owner, List<ObjectNode> active) {
        Optional<Metadata.OwnerReference> parent = Ownership.controllerOf(owner);
        if (parent.isEmpty()) {
            return active;
        }
        Function<ObjectNode, Optional<String>> parentUid =
                object -> Ownership.controllerOf(object).map(Metadata.OwnerReference::uid);
        List<String> uids =
                owners.objects(tenant, Metadata.namespace(owner)).stream()
                        .filter(set -> parentUid.apply(set).equals(parentUid.apply(owner)))
                        .map(Metadata::uid)
                        .toList();
        return pods.objects(tenant, Metadata.namespace(owner)).stream()
                .filter(PodState::isActive)
                .filter(pod -> parentUid.apply(pod).filter(uids::contains).isPresent())
                .toList();
    }

    private void writeStatus(
            Tenant tenant,
            ObjectNode owner,
            ReplicaSpec spec,
            List<ObjectNode> mine,
            Scaling scaling) {
        ObjectNode status =
                ReplicaStatus.count(spec, mine, clock.instant())
                        .write(
                                owner,
                                scaling.failure(),
                                scaling.reason(),
                                type.equals(WorkloadTypes.REPLICA_SETS),
                                clock);
        if (!Json.same(owner.path("status"), status)) {
            ObjectNode changed = owner.deepCopy();
            changed.set("status", status);
            client.updateStatus(type, tenant, changed);
        }
    }
}
