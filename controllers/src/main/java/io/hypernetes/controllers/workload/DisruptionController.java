package io.hypernetes.controllers.workload;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.select.LabelSelector;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.WorkloadTypes;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.EventRecorder;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;

import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Tells how many pods of a PodDisruptionBudget may be evicted now. Evictions take from that number;
 * each is remembered until its pod goes, for two minutes at most.
 */
final class DisruptionController implements Reconciler<ObjectKey>, AutoCloseable {

    private static final int WORKERS = 2;
    private static final String UNMANAGED =
            "Pods selected by this PodDisruptionBudget (selector: %s) were found to be unmanaged."
                + " As a result, the status of the PDB cannot be calculated correctly, which may"
                + " result in undefined behavior. To account for these pods please set"
                + " \".spec.minAvailable\" field of the PDB to an integer value.";

    private final Client client;
    private final Clock clock;
    private final WorkloadMirrors mirrors;
    private final ExpectedPods expected;
    private final EventRecorder events;
    private final Informer budgets;
    private final Controller<ObjectKey> controller;

    DisruptionController(Client client, WorkloadMirrors mirrors, Clock clock) {
        this.client = client;
        this.clock = clock;
        this.mirrors = mirrors;
        this.expected = new ExpectedPods(mirrors);
        this.events = new EventRecorder(client, BuiltinTypes.EVENTS, "controllermanager", clock);
        this.budgets = new Informer(client, WorkloadTypes.POD_DISRUPTION_BUDGETS);
        this.controller =
                Controller.of("disruption", WORKERS, budgets, this)
                        .watch(mirrors.pods(), this::covering)
                        .watch(mirrors.replicationControllers(), this::allOfNamespace)
                        .watch(mirrors.replicaSets(), this::allOfNamespace)
                        .watch(mirrors.deployments(), this::allOfNamespace)
                        .watch(mirrors.statefulSets(), this::allOfNamespace);
    }

    DisruptionController start() {
        controller.start();
        return this;
    }

    @Override
    public void close() {
        controller.close();
        budgets.close();
    }

    private Stream<ObjectKey> covering(ObjectKey key, ObjectNode pod) {
        return budgets.objects(key.tenant(), key.namespace()).stream()
                .filter(budget -> selector(budget).matches(pod))
                .map(budget -> new ObjectKey(key.tenant(), key.namespace(), Metadata.name(budget)));
    }

    /** A changed size may change what a budget expects. */
    private Stream<ObjectKey> allOfNamespace(ObjectKey key, ObjectNode owner) {
        return budgets.objects(key.tenant(), key.namespace()).stream()
                .map(budget -> new ObjectKey(key.tenant(), key.namespace(), Metadata.name(budget)));
    }

    /** Without a selector a budget covers nothing, with an empty one everything. */
    private static LabelSelector selector(ObjectNode budget) {
        return budget.path("spec").path("selector").isObject()
                ? LabelSelector.fromObject(budget.path("spec").path("selector"))
                : LabelSelector.NOTHING;
    }

    @Override
    public Result reconcile(ObjectKey key) {
        Optional<ObjectNode> found = budgets.get(key);
        if (found.isEmpty()) {
            return DONE;
        }
        ObjectNode budget = found.get();
        LabelSelector selector = selector(budget);
        List<ObjectNode> covered =
                mirrors.pods().objects(key.tenant(), key.namespace()).stream()
                        .filter(selector::matches)
                        .filter(pod -> !PodState.hasEnded(pod))
                        .toList();
        if (covered.isEmpty()) {
            record(key, budget, EventRecorder.Type.NORMAL, "NoPods", "No matching pods found");
        }
        ExpectedPods.Count count = expected.of(key, budget.path("spec"), covered);
        if (count.unmanaged()) {
            String message = UNMANAGED.formatted(selector);
            record(key, budget, EventRecorder.Type.WARNING, "UnmanagedPods", message);
        }
        DisruptionStatus status = new DisruptionStatus(budget, covered, clock.instant());
        ObjectNode written = status.write(count);
        if (!Json.same(budget.path("status"), written)) {
            ObjectNode changed = budget.deepCopy();
            changed.set("status", written);
            client.updateStatus(WorkloadTypes.POD_DISRUPTION_BUDGETS, key.tenant(), changed);
        }
        return status.untilForgotten().map(Reconciler::again).orElse(DONE);
    }

    private void record(
            ObjectKey key,
            ObjectNode budget,
            EventRecorder.Type type,
            String reason,
            String message) {
        events.record(key.tenant(), budget, type, reason, message);
    }
}
