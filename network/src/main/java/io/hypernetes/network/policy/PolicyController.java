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
import io.hypernetes.network.PortId;

import tools.jackson.databind.node.ObjectNode;

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
 * Carries NetworkPolicies to the data plane, for the pods of all machines: the only writer of
 * policies. {@link PolicyGate} sees to it, on each machine, that no pod runs before they hold.
 */
public final class PolicyController implements Reconciler<ObjectKey>, AutoCloseable {

    private static final int WORKERS = 4;
    private static final int STRIPES = 64;

    private final PolicyEngine engine;
    private final Informer policies;
    private final Informer pods;
    private final Informer namespaces;
    private final Controller<ObjectKey> controller;

    /** Of the ports that there are: a pod's object tells its addresses later. */
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
    }

    public void start() {
        controller.start();
        engine.policies().forEach(id -> controller.enqueue(key(id)));
        engine.listen(this::portChanged);
    }

    @Override
    public void close() {
        controller.close();
    }

    /** At once, while the pod's object does not tell its addresses yet. */
    private void portChanged(PortId port, List<String> ips) {
        if (ips.isEmpty()) {
            addresses.remove(port);
            return;
        }
        addresses.put(port, ips);
        Tenant tenant = new Tenant(port.tenant());
        if (!policies.objects(tenant).isEmpty()) {
            pods.objects(tenant).stream()
                    .filter(pod -> Metadata.uid(pod).equals(port.podUid()))
                    .flatMap(pod -> concerned(tenant, pod))
                    .forEach(controller::enqueue);
        }
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
                        revision(policy.get()),
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
        return new PodView(pod, port, addresses.getOrDefault(port, told));
    }

    private Map<String, Map<String, String>> labels(Tenant tenant) {
        Map<String, Map<String, String>> labels = new HashMap<>();
        for (ObjectNode namespace : namespaces.objects(tenant)) {
            labels.put(Metadata.name(namespace), Metadata.labels(namespace));
        }
        return labels;
    }

    /** Grows with every change, also when a policy is deleted and made again. */
    static long revision(ObjectNode policy) {
        return Long.parseLong(Metadata.resourceVersion(policy));
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
