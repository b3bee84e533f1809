package io.hypernetes.network.policy;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;
import io.hypernetes.network.PodAddresses;
import io.hypernetes.network.PolicyEngine;
import io.hypernetes.network.PolicyId;
import io.hypernetes.network.Port;
import io.hypernetes.network.PortId;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Carries NetworkPolicies to the data plane. A pod is protected before it runs: {@link #attached}
 * is called when it has its port, and returns when all policies that select it hold for it.
 */
public final class PolicyController implements Reconciler<ObjectKey>, AutoCloseable {

    private static final int WORKERS = 4;
    private static final int STRIPES = 64;
    private static final Duration POD_IS_SEEN = Duration.ofSeconds(5);

    private final PolicyEngine engine;
    private final Informer policies;
    private final Informer pods;
    private final Informer namespaces;
    private final Controller<ObjectKey> controller;

    /** Addresses of pods of this machine whose objects may not tell them yet. */
    private final Map<PortId, List<String>> addresses = new ConcurrentHashMap<>();

    /** A policy is computed and written by one thread at a time, so that the newest wins. */
    private final List<ReentrantLock> locks =
            IntStream.range(0, STRIPES).mapToObj(_ -> new ReentrantLock()).toList();

    /**
     * @param policies of all tenants, as all of these; the caller's to close
     */
    public PolicyController(
            PolicyEngine engine, Informer policies, Informer pods, Informer namespaces) {
        this.engine = engine;
        this.policies = policies;
        this.pods = pods;
        this.namespaces = namespaces;
        this.controller =
                Controller.of("policies", WORKERS, policies, this)
                        .watch(pods, (key, pod) -> concerned(key.tenant(), pod))
                        .watch(namespaces, (key, _) -> all(key.tenant()));
        pods.listen(this::forget);
    }

    public void start() {
        controller.start();
        engine.policies().forEach(id -> controller.enqueue(key(id)));
    }

    @Override
    public void close() {
        controller.close();
    }

    private void forget(ObjectKey key, Optional<ObjectNode> old, Optional<ObjectNode> current) {
        if (current.isEmpty()) {
            old.ifPresent(pod -> addresses.remove(port(key.tenant(), pod)));
        }
    }

    /** Returns when the policies of a pod that is about to run hold. */
    public void attached(Port port) {
        Tenant tenant = new Tenant(port.id().tenant());
        addresses.put(port.id(), port.ips());
        if (policies.objects(tenant).isEmpty()) {
            return;
        }
        find(tenant, port.id()).ifPresent(pod -> protect(tenant, pod));
    }

    /** Those that let it reach others, or others reach it, need not be waited for. */
    private void protect(Tenant tenant, ObjectNode pod) {
        boolean selected = false;
        for (ObjectKey key : concerned(tenant, pod).toList()) {
            if (selects(key, pod)) {
                reconcile(key);
                selected = true;
            } else {
                controller.enqueue(key);
            }
        }
        if (selected) {
            engine.awaitApplied();
        }
    }

    /** The mirror may be a moment behind the agent that starts the pod. */
    private Optional<ObjectNode> find(Tenant tenant, PortId port) {
        long end = System.nanoTime() + POD_IS_SEEN.toNanos();
        while (true) {
            Optional<ObjectNode> found =
                    pods.objects(tenant).stream()
                            .filter(pod -> Metadata.uid(pod).equals(port.podUid()))
                            .findFirst();
            if (found.isPresent() || System.nanoTime() - end > 0) {
                return found;
            }
            try {
                Thread.sleep(Duration.ofMillis(2));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return found;
            }
        }
    }

    private boolean selects(ObjectKey key, ObjectNode pod) {
        PodView view = view(key.tenant(), pod);
        return policies.get(key)
                .map(policy ->
                        new PolicyPlan(key.namespace(), policy.path("spec"), List.of(), Map.of()))
                .filter(plan -> plan.selects(view))
                .isPresent();
    }

    private Stream<ObjectKey> all(Tenant tenant) {
        return policies.objects(tenant).stream()
                .map(policy ->
                        new ObjectKey(tenant, Metadata.namespace(policy), Metadata.name(policy)));
    }

    /** A policy of another namespace may mean a pod only by a selector of namespaces. */
    private Stream<ObjectKey> concerned(Tenant tenant, ObjectNode pod) {
        return policies.objects(tenant).stream()
                .filter(policy ->
                        Metadata.namespace(policy).equals(Metadata.namespace(pod))
                                || namesNamespaces(policy))
                .map(policy ->
                        new ObjectKey(tenant, Metadata.namespace(policy), Metadata.name(policy)));
    }

    private static boolean namesNamespaces(ObjectNode policy) {
        return Stream.concat(
                        policy.path("spec").path("ingress").valueStream(),
                        policy.path("spec").path("egress").valueStream())
                .flatMap(rule ->
                        Stream.concat(
                                rule.path("from").valueStream(), rule.path("to").valueStream()))
                .anyMatch(peer -> peer.has("namespaceSelector"));
    }

    @Override
    public Result reconcile(ObjectKey key) {
        ReentrantLock lock = locks.get(Math.floorMod(key.hashCode(), STRIPES));
        lock.lock();
        try {
            Optional<ObjectNode> policy =
                    policies.get(key).filter(found -> !Metadata.isBeingDeleted(found));
            if (policy.isEmpty()) {
                engine.deletePolicy(id(key));
            } else {
                engine.ensurePolicy(
                        id(key),
                        PolicyPlan.of(
                                key.namespace(),
                                policy.get(),
                                views(key.tenant()),
                                labels(key.tenant())));
            }
            return DONE;
        } finally {
            lock.unlock();
        }
    }

    private Collection<PodView> views(Tenant tenant) {
        return pods.objects(tenant).stream()
                .filter(PodView::lives)
                .map(pod -> view(tenant, pod))
                .toList();
    }

    private PodView view(Tenant tenant, ObjectNode pod) {
        PortId port = port(tenant, pod);
        List<String> told = PodAddresses.of(pod).all();
        return new PodView(
                pod, port, told.isEmpty() ? addresses.getOrDefault(port, List.of()) : told);
    }

    private Map<String, Map<String, String>> labels(Tenant tenant) {
        Map<String, Map<String, String>> labels = new HashMap<>();
        for (ObjectNode namespace : namespaces.objects(tenant)) {
            labels.put(Metadata.name(namespace), Metadata.labels(namespace));
        }
        return labels;
    }

    private static PortId port(Tenant tenant, ObjectNode pod) {
        return new PortId(tenant.name(), Metadata.uid(pod));
    }

    private static PolicyId id(ObjectKey key) {
        return new PolicyId(key.tenant().name(), key.namespace(), key.name());
    }

    private static ObjectKey key(PolicyId id) {
        return new ObjectKey(new Tenant(id.tenant()), id.namespace(), id.name());
    }
}
