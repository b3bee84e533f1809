package io.hypernetes.node;

import io.grpc.StatusRuntimeException;
import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.EventRecorder;
import io.hypernetes.controllerruntime.EventRecorder.Type;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;
import io.hypernetes.network.NetworkException;
import io.hypernetes.node.PodMemory.Eviction;
import io.hypernetes.volume.VolumeException;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * The life of one pod on this machine: looks at what the API asks for and what the runtime has,
 * does the next step, and writes the status.
 *
 * <p>The controller's queue sees to it that one worker at a time works on a pod.
 */
final class PodReconciler implements Reconciler<ObjectKey> {

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);
    private static final String NO_SANDBOX = "FailedCreatePodSandBox";
    private static final long DEFAULT_GRACE = 30;
    private static final String EVICTED = "Evicted";

    /** Seconds, as upstream: the machine needs what the pod has. */
    private static final long EVICTION_GRACE = 1;

    private static final String DEADLINE = "DeadlineExceeded";
    private static final String NO_SPACE = "NodeDiskFull";
    private static final String NO_SPACE_WHY =
            "A disk of the pod cannot be written because the node's disk is full: the pod's machine"
                    + " stands still, and goes on when there is room";
    private static final String SUSPENDED = "TenantSuspended";
    private static final String SUSPENDED_WHY =
            "The tenant is suspended: the pod's machine is stopped until the operator resumes it";

    private final Client client;
    private final Informer pods;
    private final PodRuntime runtime;
    private final PodStarter starter;
    private final ContainerStopper stopper;
    private final RestartAll restartAll;
    private final Probes probes;
    private final StatusBuilder statuses;
    private final Allocation allocation;
    private final EventRecorder events;
    private final Clock clock;
    private final BiPredicate<Tenant, ObjectNode> ours;
    private final Predicate<Tenant> suspended;
    private final Map<String, PodMemory> memories = new ConcurrentHashMap<>();

    /**
     * @param ours which pods this runtime runs here; of others nothing is kept
     */
    PodReconciler(
            Client client,
            Informer pods,
            PodRuntime runtime,
            PodStarter starter,
            ContainerStopper stopper,
            Probes probes,
            StatusBuilder statuses,
            Allocation allocation,
            EventRecorder events,
            Clock clock,
            BiPredicate<Tenant, ObjectNode> ours,
            Predicate<Tenant> suspended) {
        this.client = client;
        this.pods = pods;
        this.runtime = runtime;
        this.starter = starter;
        this.stopper = stopper;
        this.restartAll = new RestartAll(runtime, stopper);
        this.probes = probes;
        this.statuses = statuses;
        this.allocation = allocation;
        this.events = events;
        this.clock = clock;
        this.ours = ours;
        this.suspended = suspended;
    }

    @Override
    public Result reconcile(ObjectKey key) throws InterruptedException {
        Optional<ObjectNode> pod = pods.get(key).filter(object -> ours.test(key.tenant(), object));
        List<SandboxView> sandboxes = runtime.sandboxes(key);
        String uid = pod.map(Metadata::uid).orElse("");
        for (SandboxView other : sandboxes) {
            if (!other.uid().equals(uid)) {
                discard(other);
            }
        }
        if (pod.isEmpty()) {
            return DONE;
        }
        Optional<SandboxView> sandbox =
                sandboxes.stream().filter(view -> view.uid().equals(uid)).findFirst();
        PodMemory memory = memories.computeIfAbsent(uid, _ -> new PodMemory());
        if (Metadata.isBeingDeleted(pod.get())) {
            return terminate(key, pod.get(), sandbox, memory);
        }
        if (StatusBuilder.isOver(pod.get())) {
            return retire(key, pod.get(), sandbox, memory);
        }
        if (memory.eviction().isPresent()) {
            return evict(key, pod.get(), sandbox, memory, memory.eviction().get());
        }
        if (suspended.test(key.tenant())) {
            return rest(key, pod.get(), sandbox, memory);
        }
        Optional<Duration> left = timeLeft(pod.get());
        if (left.filter(time -> !time.isPositive()).isPresent()) {
            return expire(key, pod.get(), sandbox, memory);
        }
        return soonest(run(key, pod.get(), sandbox, memory), left);
    }

    private static Result soonest(Result next, Optional<Duration> left) {
        return switch (next) {
            case Result.Done() -> left.map(Reconciler::again).orElse(next);
            case Result.Again(Duration after) ->
                    left.filter(time -> time.compareTo(after) < 0)
                            .map(Reconciler::again)
                            .orElse(next);
        };
    }

    /** Removes what an incarnation that is no more has left. */
    private void discard(SandboxView sandbox) {
        probes.forget(sandbox.uid());
        runtime.removeSandbox(sandbox.id());
        starter.release(sandbox.pod().tenant(), sandbox.uid());
        starter.removeLogs(sandbox);
        memories.remove(sandbox.uid());
    }

    private Result run(
            ObjectKey key, ObjectNode pod, Optional<SandboxView> sandbox, PodMemory memory)
            throws InterruptedException {
        if (sandbox.filter(SandboxView::waitsForSpace).isPresent()) {
            events.record(key.tenant(), pod, Type.WARNING, NO_SPACE, NO_SPACE_WHY);
        }
        ObjectNode given = allocation.given(key, pod, memory);
        Optional<String> origin = memory.restartsAll();
        if (origin.isPresent() && sandbox.filter(SandboxView::ready).isPresent()) {
            writeStatus(key, given, sandbox, memory);
            probes.forget(Metadata.uid(pod));
            restartAll.run(
                    key.tenant(),
                    given,
                    sandbox.get(),
                    () -> current(key, pod),
                    origin.get(),
                    memory);
            return Reconciler.again(Duration.ZERO);
        }
        Result next;
        try {
            next =
                    starter.advance(key.tenant(), given, sandbox, memory)
                            .map(Reconciler::again)
                            .orElse(Reconciler.again(LOOK_AGAIN));
            memory.starts().reset();
        } catch (PodConfigException e) {
            next = later(key, pod, memory, e.reason(), String.valueOf(e.getMessage()));
        } catch (NetworkException | VolumeException e) {
            next = later(key, pod, memory, NO_SANDBOX, String.valueOf(e.getMessage()));
        } catch (StatusRuntimeException e) {
            String why = "Failed to create pod sandbox: " + PodRuntime.message(e);
            next = later(key, pod, memory, NO_SANDBOX, why);
        }
        Optional<SandboxView> now = current(key, pod);
        now.ifPresent(view -> probes.watch(key, pod, view, memory));
        writeStatus(key, given, now, memory);
        return next;
    }

    /** Says why the pod cannot be started now, and when it is tried again. */
    private Result later(
            ObjectKey key, ObjectNode pod, PodMemory memory, String reason, String message) {
        events.record(key.tenant(), pod, Type.WARNING, reason, message);
        memory.starts().failed(clock.instant());
        return Reconciler.again(Duration.ofSeconds(memory.starts().seconds()));
    }

    private Optional<SandboxView> current(ObjectKey key, ObjectNode pod) {
        return runtime.sandboxes(key).stream()
                .filter(view -> view.uid().equals(Metadata.uid(pod)))
                .findFirst();
    }

    private void writeStatus(
            ObjectKey key, ObjectNode pod, Optional<SandboxView> sandbox, PodMemory memory) {
        ObjectNode status =
                statuses.build(
                        pod, sandbox, starter.ips(key.tenant(), pod), memory, clock.instant());
        if (!status.equals(pod.path("status"))) {
            write(key, pod, status);
        }
    }

    /** Last write wins: the node owns what it writes, and keeps the conditions of others. */
    private void write(ObjectKey key, ObjectNode pod, ObjectNode status) {
        ObjectNode written = pod.deepCopy();
        written.set("status", status);
        client.updateStatus(BuiltinTypes.PODS, key.tenant(), written);
    }

    /**
     * A pod that has run to its end: its sidecars are ended, its machine goes, its logs stay until
     * it is deleted.
     */
    private Result retire(
            ObjectKey key, ObjectNode pod, Optional<SandboxView> sandbox, PodMemory memory)
            throws InterruptedException {
        probes.forget(Metadata.uid(pod));
        if (sandbox.isPresent() && sandbox.get().ready()) {
            JsonNode grace = pod.path("spec").path("terminationGracePeriodSeconds");
            stopper.stopAll(key.tenant(), pod, sandbox.get(), grace.asLong(DEFAULT_GRACE));
            runtime.stopSandbox(sandbox.get().id());
        }
        starter.release(key.tenant(), Metadata.uid(pod));
        return DONE;
    }

    /** What is left of {@code activeDeadlineSeconds}, counted from when this node first saw it. */
    private Optional<Duration> timeLeft(ObjectNode pod) {
        JsonNode given = pod.path("spec").path("activeDeadlineSeconds");
        String start = pod.path("status").path("startTime").asString("");
        if (!given.isNumber()) {
            return Optional.empty();
        }
        Instant begin = start.isEmpty() ? clock.instant() : Instant.parse(start);
        return Optional.of(Duration.between(clock.instant(), begin.plusSeconds(given.asLong())));
    }

    /**
     * Has a pod of this machine end.
     *
     * @return whether that is news
     */
    boolean evict(ObjectNode pod, Eviction why) {
        return memories.computeIfAbsent(Metadata.uid(pod), _ -> new PodMemory()).evict(why);
    }

    private Result evict(
            ObjectKey key,
            ObjectNode pod,
            Optional<SandboxView> sandbox,
            PodMemory memory,
            Eviction why)
            throws InterruptedException {
        events.record(key.tenant(), pod, Type.WARNING, EVICTED, why.message());
        probes.forget(Metadata.uid(pod));
        if (sandbox.isPresent() && sandbox.get().ready()) {
            stopper.stopAll(key.tenant(), pod, sandbox.get(), EVICTION_GRACE);
            runtime.stopSandbox(sandbox.get().id());
        }
        ObjectNode last = pod.deepCopy();
        ObjectNode status =
                statuses.build(pod, current(key, pod), List.of(), memory, clock.instant());
        if (why.byShortage()) {
            StatusBuilder.disrupted(status, why.message(), clock.instant());
        }
        last.set("status", status);
        write(key, pod, StatusBuilder.failed(last, EVICTED, why.message()));
        // Last: on a full disk the network's database may not take it yet; the next look tries
        // again.
        starter.release(key.tenant(), Metadata.uid(pod));
        return DONE;
    }

    private Result expire(
            ObjectKey key, ObjectNode pod, Optional<SandboxView> sandbox, PodMemory memory)
            throws InterruptedException {
        String why = "Pod was active on the node longer than the specified deadline";
        events.record(key.tenant(), pod, Type.NORMAL, DEADLINE, why);
        retire(key, pod, sandbox, memory);
        ObjectNode status =
                statuses.build(pod, current(key, pod), List.of(), memory, clock.instant());
        ObjectNode last = pod.deepCopy();
        last.set("status", status);
        write(key, pod, StatusBuilder.failed(last, DEADLINE, why));
        return DONE;
    }

    /**
     * A pod of a suspended tenant: its machine goes, its address and its disks stay, and it starts
     * again when the tenant goes on. One that may not be restarted has failed with its machine.
     */
    private Result rest(
            ObjectKey key, ObjectNode pod, Optional<SandboxView> sandbox, PodMemory memory)
            throws InterruptedException {
        probes.forget(Metadata.uid(pod));
        for (JsonNode container : pod.path("spec").path("containers")) {
            memory.waits(container.path("name").asString(""), SUSPENDED, SUSPENDED_WHY);
        }
        if (sandbox.isPresent() && sandbox.get().ready()) {
            events.record(key.tenant(), pod, Type.NORMAL, SUSPENDED, SUSPENDED_WHY);
            JsonNode grace = pod.path("spec").path("terminationGracePeriodSeconds");
            stopper.stopAll(key.tenant(), pod, sandbox.get(), grace.asLong(DEFAULT_GRACE));
            runtime.stopSandbox(sandbox.get().id());
        }
        writeStatus(key, pod, current(key, pod), memory);
        return DONE;
    }

    private Result terminate(
            ObjectKey key, ObjectNode pod, Optional<SandboxView> sandbox, PodMemory memory)
            throws InterruptedException {
        probes.forget(Metadata.uid(pod));
        if (sandbox.isPresent()) {
            if (sandbox.get().ready()) {
                stopper.stopAll(key.tenant(), pod, sandbox.get(), graceLeft(pod));
                runtime.stopSandbox(sandbox.get().id());
                writeStatus(key, pod, current(key, pod), memory);
            }
            discard(sandbox.get());
        }
        starter.release(key.tenant(), Metadata.uid(pod));
        memories.remove(Metadata.uid(pod));
        try {
            client.delete(
                    BuiltinTypes.PODS,
                    key,
                    new DeleteOptions(OptionalLong.of(0), Metadata.uid(pod)));
        } catch (ApiException e) {
            if (!e.is(Reason.NOT_FOUND) && !e.is(Reason.CONFLICT)) {
                throw e;
            }
        }
        return DONE;
    }

    private long graceLeft(ObjectNode pod) {
        long grace = pod.path("metadata").path("deletionGracePeriodSeconds").asLong(DEFAULT_GRACE);
        Instant end = Instant.parse(Metadata.deletionTimestamp(pod));
        long left = Duration.between(clock.instant(), end).toSeconds();
        return Math.clamp(left, 0, Math.max(0, grace));
    }
}
