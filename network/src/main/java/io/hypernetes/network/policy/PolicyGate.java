package io.hypernetes.network.policy;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.network.NetworkException;
import io.hypernetes.network.PolicyEngine;
import io.hypernetes.network.PolicyId;
import io.hypernetes.network.Port;
import io.hypernetes.network.PortId;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lets no pod of this machine run before its policies hold for it. They are written elsewhere, by
 * {@link PolicyController}: this asks the API which policies there are at this moment, no mirror
 * that may be behind, and waits until those that select the pod are in force on this machine.
 */
public final class PolicyGate {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(2);
    private static final Duration LAST_PAUSE = Duration.ofMillis(50);

    /** While another machine keeps the networks and is just being started again. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Client client;
    private final PolicyEngine engine;
    private final Informer pods;
    private final Duration patience;

    /** With the patience that a machine has. */
    public PolicyGate(Client client, PolicyEngine engine, Informer pods) {
        this(client, engine, pods, PATIENCE);
    }

    /**
     * @param pods of all tenants; the caller's to close
     * @param patience how long a pod is kept before it is told that its policies do not hold
     */
    public PolicyGate(Client client, PolicyEngine engine, Informer pods, Duration patience) {
        this.client = client;
        this.engine = engine;
        this.pods = pods;
        this.patience = patience;
    }

    /**
     * Returns when all policies that select the port's pod hold for it.
     *
     * @throws NetworkException when they do not for too long: try again
     */
    public void await(Port port) {
        PortId id = port.id();
        long end = System.nanoTime() + patience.toNanos();
        Duration pause = FIRST_PAUSE;
        while (true) {
            Optional<ObjectNode> pod = pod(id);
            if (pod.isPresent() && holds(id, pod.get())) {
                return;
            }
            if (System.nanoTime() - end > 0) {
                throw new NetworkException(
                        pod.isPresent()
                                ? "the network policies that select pod %s are not in force: is the"
                                                .formatted(id.podUid())
                                        + " machine that keeps the networks running?"
                                : "pod %s is not known to this machine".formatted(id.podUid()));
            }
            sleep(pause);
            pause = pause.multipliedBy(2);
            pause = pause.compareTo(LAST_PAUSE) < 0 ? pause : LAST_PAUSE;
        }
    }

    private boolean holds(PortId port, ObjectNode pod) {
        Map<PolicyId, Long> selecting = selecting(new Tenant(port.tenant()), pod);
        if (selecting.isEmpty()) {
            return true;
        }
        boolean written = engine.holds(port, selecting);
        if (written) {
            engine.awaitApplied();
        }
        return written;
    }

    /** The policies that select the pod, and the revision of each. */
    private Map<PolicyId, Long> selecting(Tenant tenant, ObjectNode pod) {
        PodView view = new PodView(pod, new PortId(tenant.name(), Metadata.uid(pod)), List.of());
        Selection namespace = Selection.of(tenant, view.namespace());
        Map<PolicyId, Long> selecting = new HashMap<>();
        client.list(BuiltinTypes.NETWORK_POLICIES, namespace).items().stream()
                .filter(found -> !Metadata.isBeingDeleted(found.tree()))
                .filter(found ->
                        new PolicyPlan(
                                        view.namespace(),
                                        found.tree().path("spec"),
                                        List.of(),
                                        Map.of())
                                .selects(view))
                .forEach(found -> {
                    ObjectKey key = found.key();
                    selecting.put(
                            new PolicyId(tenant.name(), key.namespace(), key.name()),
                            PolicyController.revision(found.tree()));
                });
        return selecting;
    }

    /** The mirror may be a moment behind the agent that starts the pod. */
    private Optional<ObjectNode> pod(PortId port) {
        return pods.objects(new Tenant(port.tenant())).stream()
                .filter(pod -> Metadata.uid(pod).equals(port.podUid()))
                .findFirst();
    }

    private static void sleep(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NetworkException("interrupted while waiting for network policies", e);
        }
    }
}
