package io.hypernetes.controllers.workload;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Patch;
import io.hypernetes.api.client.Propagation;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.WorkloadTypes;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * Runs pods to their end as often as a job asks for, and removes jobs whose time after that is
 * over. What is to be done is {@link JobLook}'s; here it is done, in an order that a crash may cut
 * anywhere.
 */
final class JobController implements Reconciler<ObjectKey>, AutoCloseable {

    private static final String JOB_NAME = "batch.kubernetes.io/job-name";

    private final Client client;
    private final Clock clock;
    private final Ownership ownership;
    private final PodControl control;
    private final Informer jobs;
    private final Informer pods;
    private final Controller<ObjectKey> controller;

    JobController(Client client, WorkloadMirrors mirrors, Clock clock) {
        this.client = client;
        this.clock = clock;
        this.ownership = new Ownership(client, WorkloadTypes.JOBS, BuiltinTypes.PODS);
        this.control = new PodControl(client, "job-controller", clock);
        this.jobs = mirrors.jobs();
        this.pods = mirrors.pods();
        this.controller =
                Controller.of("job", Workloads.WORKERS, jobs, this).watch(pods, this::concernedBy);
    }

    JobController start() {
        controller.start();
        return this;
    }

    @Override
    public void close() {
        controller.close();
    }

    /** The owner of a pod; of one that lost it, the job that its label names. */
    private Stream<ObjectKey> concernedBy(ObjectKey key, ObjectNode pod) {
        if (Ownership.controllerOf(pod).isPresent()) {
            return ownership.ownerOf(key, pod).stream();
        }
        String name = Metadata.label(pod, JOB_NAME);
        return name.isEmpty()
                ? Stream.empty()
                : Stream.of(new ObjectKey(key.tenant(), key.namespace(), name));
    }

    @Override
    public Result reconcile(ObjectKey key) throws InterruptedException {
        Optional<ObjectNode> found = jobs.get(key);
        freeStrangers(key, found);
        if (found.isEmpty() || !JobSpec.of(found.get()).isOurs()) {
            return DONE;
        }
        JobSpec spec = JobSpec.of(found.get());
        List<ObjectNode> mine = claim(key, spec, pods.objects(key.tenant(), key.namespace()));
        if (Metadata.isBeingDeleted(spec.job())) {
            free(key, mine.stream().filter(pod -> !PodState.isActive(pod)).toList());
            return DONE;
        }
        Optional<ObjectNode> last = spec.finished();
        if (last.isPresent()) {
            free(key, mine);
            return forget(key, spec, last.get());
        }
        JobPlan plan = JobLook.at(spec.job().deepCopy(), mine, clock.instant());
        if (plan.changesPods()) {
            ObjectNode fresh = client.get(WorkloadTypes.JOBS, key);
            if (!Metadata.resourceVersion(fresh).equals(Metadata.resourceVersion(spec.job()))) {
                return DONE; // the mirror's next state brings the key back
            }
            plan =
                    JobLook.at(
                            fresh,
                            claim(key, spec, control.listed(key.tenant(), key.namespace())),
                            clock.instant());
        }
        return act(key, spec, plan);
    }

    private List<ObjectNode> claim(ObjectKey key, JobSpec spec, Collection<ObjectNode> candidates) {
        return ownership.claim(key.tenant(), spec.job(), spec.selector(), candidates);
    }

    private Result act(ObjectKey key, JobSpec spec, JobPlan plan) throws InterruptedException {
        if (!Json.same(plan.status(), spec.job().path("status"))) {
            ObjectNode changed = spec.job().deepCopy();
            changed.set("status", plan.status());
            client.updateStatus(WorkloadTypes.JOBS, key.tenant(), changed);
        }
        plan.told()
                .forEach(told ->
                        control.tell(
                                key.tenant(),
                                spec.job(),
                                told.good(),
                                told.reason(),
                                told.message()));
        free(key, plan.ended());
        if (!plan.deletedCount()) {
            free(key, plan.deleted());
        }
        run(
                plan.deleted().stream()
                        .map(pod ->
                                (Callable<ObjectNode>)
                                        () -> control.delete(key.tenant(), spec.job(), pod))
                        .toList());
        ObjectNode reference = ownership.reference(spec.job());
        run(
                plan.created().stream()
                        .map(place ->
                                (Callable<ObjectNode>)
                                        () ->
                                                control.create(
                                                        key.tenant(),
                                                        spec.job(),
                                                        spec.pod(
                                                                place.index(),
                                                                place.failures(),
                                                                reference)))
                        .toList());
        return plan.again()
                .map(after -> Reconciler.again(after.plus(Duration.ofMillis(10))))
                .orElse(DONE);
    }

    private static void run(List<Callable<ObjectNode>> calls) throws InterruptedException {
        Optional<ApiException> failure = Burst.slowly(calls).failure();
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    /** Pods that were a job's and are nobody's now are not held for its sake. */
    private void freeStrangers(ObjectKey key, Optional<ObjectNode> job) {
        String uid = job.map(Metadata::uid).orElse("");
        free(
                key,
                pods.objects(key.tenant(), key.namespace()).stream()
                        .filter(JobSpec::isTracked)
                        .filter(pod -> Metadata.label(pod, JOB_NAME).equals(key.name()))
                        .filter(pod ->
                                Ownership.controllerOf(pod)
                                        .filter(owner -> owner.uid().equals(uid))
                                        .isEmpty())
                        .toList());
    }

    private void free(ObjectKey key, List<ObjectNode> ended) {
        for (ObjectNode pod : ended) {
            if (JobSpec.isTracked(pod)) {
                free(new ObjectKey(key.tenant(), key.namespace(), Metadata.name(pod)), pod);
            }
        }
    }

    private void free(ObjectKey key, ObjectNode pod) {
        ObjectNode patch = Json.object();
        ObjectNode metadata = patch.putObject("metadata").put("uid", Metadata.uid(pod));
        metadata.put("resourceVersion", Metadata.resourceVersion(pod));
        ArrayNode left = metadata.putArray("finalizers");
        Metadata.finalizers(pod).stream()
                .filter(finalizer -> !finalizer.equals(JobSpec.TRACKED))
                .forEach(left::add);
        try {
            client.patch(BuiltinTypes.PODS, key, new Patch.Merge(patch), "");
        } catch (ApiException e) {
            if (!e.is(Reason.NOT_FOUND)) {
                throw e;
            }
        }
    }

    /** The end of a finished job's time (KEP-592). */
    private Result forget(ObjectKey key, JobSpec spec, ObjectNode last) {
        Optional<Duration> left = JobLook.untilForgotten(spec, last, clock.instant());
        if (left.isEmpty()) {
            return DONE;
        }
        if (left.get().isPositive()) {
            return Reconciler.again(left.get());
        }
        client.delete(
                WorkloadTypes.JOBS,
                key,
                DeleteOptions.DEFAULT
                        .onlyUid(Metadata.uid(spec.job()))
                        .with(Propagation.FOREGROUND));
        return DONE;
    }
}
