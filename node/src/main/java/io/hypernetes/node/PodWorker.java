package io.hypernetes.node;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.controllerruntime.EventRecorder;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;
import io.hypernetes.network.NetworkEngine;
import io.hypernetes.node.PodMemory.Eviction;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Runs those of this machine's pods that are for one of its runtimes, wired together. */
final class PodWorker implements AutoCloseable {

    /** What all runtimes of a machine share. */
    record Machine(
            NodeConfig config,
            Client client,
            NetworkEngine network,
            Informer pods,
            Informer namespaces,
            DownwardApi downward,
            PodLogs logs,
            Supplier<List<TenantObject>> running,
            Predicate<Tenant> suspended,
            EventRecorder events,
            Clock clock,
            Consumer<ObjectKey> lookAgain) {}

    private static final Logger LOG = LoggerFactory.getLogger(PodWorker.class);

    private final PodRuntime runtime;
    private final PodSetup setup;
    private final BiPredicate<Tenant, ObjectNode> ours;
    private final Prober prober;
    private final Probes probes;
    private final PodReconciler reconciler;
    private final StorageLimits storage;
    private final RuntimeEvents runtimeEvents;
    private final Consumer<ObjectKey> lookAgain;

    /**
     * @param ours which of the pods that are bound to this machine are for this runtime
     */
    PodWorker(
            Machine machine,
            PodRuntime runtime,
            PodSetup setup,
            PodVolumes volumes,
            BiPredicate<Tenant, ObjectNode> ours) {
        this.runtime = runtime;
        this.setup = setup;
        this.ours = ours;
        this.lookAgain = machine.lookAgain();
        NodeConfig config = machine.config();
        EventRecorder events = machine.events();
        Clock clock = machine.clock();
        CriConfigs configs = new CriConfigs(machine.logs(), setup);
        this.prober = new Prober(runtime);
        LifecycleHooks hooks = LifecycleHooks.by(prober);
        ContainerStopper stopper = new ContainerStopper(runtime, hooks, events);
        ContainerStarter containers =
                new ContainerStarter(
                        runtime,
                        new ContainerImages(
                                runtime,
                                new ImagePulls(runtime::pull),
                                new PullSecrets(machine.client()),
                                events,
                                clock,
                                lookAgain),
                        new Environment(machine.client(), machine.downward()),
                        setup,
                        configs,
                        hooks,
                        events,
                        clock,
                        lookAgain);
        PodPorts ports =
                new PodPorts(machine.network(), machine.namespaces(), setup, config.address());
        PodStarter starter =
                new PodStarter(
                        ports,
                        volumes,
                        runtime,
                        setup,
                        configs,
                        machine.logs(),
                        containers,
                        events,
                        clock);
        this.probes = new Probes(prober, stopper, events, lookAgain);
        this.reconciler =
                new PodReconciler(
                        machine.client(),
                        machine.pods(),
                        runtime,
                        starter,
                        stopper,
                        probes,
                        new StatusBuilder(config.address(), runtime.name()),
                        new Allocation(
                                config.name(),
                                config.capacity(),
                                machine.pods()::objects,
                                events,
                                runtime.resizes()),
                        events,
                        clock,
                        (tenant, pod) -> isHere(config, pod) && ours.test(tenant, pod),
                        machine.suspended());
        this.storage =
                new StorageLimits(
                        () ->
                                machine.running().get().stream()
                                        .filter(item -> ours.test(item.tenant(), item.object()))
                                        .toList(),
                        runtime,
                        setup,
                        machine.logs(),
                        (key, pod, message) -> evict(key, pod, new Eviction(message, false)),
                        NodePressure.period(config.pressureLasts()));
        this.runtimeEvents = new RuntimeEvents(runtime, lookAgain);
    }

    private static boolean isHere(NodeConfig config, ObjectNode pod) {
        return pod.path("spec").path("nodeName").asString("").equals(config.name());
    }

    PodRuntime runtime() {
        return runtime;
    }

    /** Whether a pod of this machine is for this runtime. */
    boolean runs(Tenant tenant, ObjectNode pod) {
        return ours.test(tenant, pod);
    }

    Reconciler.Result reconcile(ObjectKey key) throws InterruptedException {
        return reconciler.reconcile(key);
    }

    /**
     * Has a pod of this runtime end.
     *
     * @return whether that is news
     */
    boolean evict(ObjectKey key, ObjectNode pod, Eviction why) {
        boolean news = reconciler.evict(pod, why);
        if (news || why.byShortage()) {
            lookAgain.accept(key);
        }
        return news;
    }

    /**
     * Removes the files of pods that are no more. What has files is read before who lives.
     *
     * @param pods the uids of those that are known
     */
    void sweep(Supplier<Set<String>> pods) {
        Set<String> holders = new HashSet<>(setup.holders());
        if (holders.isEmpty()) {
            return;
        }
        holders.removeAll(pods.get());
        runtime.sandboxes().forEach(sandbox -> holders.remove(sandbox.uid()));
        for (String holder : holders) {
            LOG.info("files of pod {} are removed", holder);
            setup.remove(holder);
        }
    }

    void start() {
        runtimeEvents.start();
        storage.start();
    }

    @Override
    public void close() {
        runtimeEvents.close();
        storage.close();
    }

    /** Ends the probes, when nothing starts new ones any more. */
    void closeProbes() {
        probes.close();
        prober.close();
    }
}
