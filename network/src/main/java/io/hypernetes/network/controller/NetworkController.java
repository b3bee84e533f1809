package io.hypernetes.network.controller;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.hypernetes.Cidr;
import io.hypernetes.controllerruntime.ConditionWriter;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.EventRecorder;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;
import io.hypernetes.controllerruntime.StatusCondition;
import io.hypernetes.network.NetworkEngine;
import io.hypernetes.network.NetworkException;
import io.hypernetes.network.NetworkId;
import io.hypernetes.network.NetworkSpec;
import io.hypernetes.network.NetworkSpec.Range;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One network of the engine per Network object. A finalizer keeps the object until its network is
 * gone, and a network stays while pods are on it.
 */
public final class NetworkController implements Reconciler<ObjectKey>, AutoCloseable {

    /** Held by every Network whose network may exist in the engine. */
    public static final String FINALIZER = "hypernetes.io/network";

    /** The network of pods whose namespace names none. */
    public static final String DEFAULT_NETWORK = "default";

    private static final int WORKERS = 4;
    private static final Duration IN_USE = Duration.ofSeconds(1);

    private final Client client;
    private final NetworkEngine engine;
    private final ConditionWriter conditions;
    private final Informer networks;
    private final Informer namespaces;
    private final Informer pods;
    private final Controller<ObjectKey> controller;

    /** Shares the informers it is given; they are started if they are not yet. */
    public NetworkController(
            Client client,
            NetworkEngine engine,
            Informer networks,
            Informer namespaces,
            Informer pods) {
        this.client = client;
        this.engine = engine;
        this.networks = networks;
        this.namespaces = namespaces;
        this.pods = pods;
        Clock clock = Clock.systemUTC();
        EventRecorder events =
                new EventRecorder(client, BuiltinTypes.EVENTS, "network-controller", clock);
        this.conditions = new ConditionWriter(client, events, clock);
        this.controller =
                Controller.of("network", WORKERS, networks, this)
                        .watch(namespaces, (_, _) -> Stream.empty())
                        .watch(pods, (_, _) -> Stream.empty());
    }

    public void start() {
        controller.start();
    }

    @Override
    public void close() {
        controller.close();
    }

    @Override
    public Result reconcile(ObjectKey key) {
        Optional<ObjectNode> known = networks.get(key);
        if (known.isEmpty()) {
            engine.deleteNetwork(id(key));
            return DONE;
        }
        ObjectNode network = known.get().deepCopy();
        return Metadata.isBeingDeleted(network) ? remove(key, network) : ensure(key, network);
    }

    private Result ensure(ObjectKey key, ObjectNode network) {
        if (!Metadata.finalizers(network).contains(FINALIZER)) {
            Metadata.ensureFinalizers(network).add(FINALIZER);
            client.update(BuiltinTypes.NETWORKS, key.tenant(), network);
            return DONE;
        }
        try {
            engine.ensureNetwork(spec(id(key), network));
        } catch (NetworkException e) {
            setPhase(key, "Failed", String.valueOf(e.getMessage()));
            throw e;
        }
        setPhase(key, "Active", "");
        return DONE;
    }

    /** The ranges of the network itself come first, and its subnets after them by their names. */
    private static NetworkSpec spec(NetworkId id, ObjectNode network) {
        List<Range> ranges = new ArrayList<>();
        if (!network.path("spec").path("cidr").asString("").isEmpty()) {
            ranges.add(range(network.path("spec")));
        }
        if (network.path("spec").has("ipv6")) {
            ranges.add(range(network.path("spec").path("ipv6")));
        }
        new TreeMap<>(subnets(network)).values().forEach(subnet -> ranges.add(range(subnet)));
        return new NetworkSpec(id, ranges.getFirst(), ranges.subList(1, ranges.size()));
    }

    private static Map<String, JsonNode> subnets(ObjectNode network) {
        return network.path("spec").path("subnets").properties().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Range range(JsonNode said) {
        String cidr = said.path("cidr").asString("");
        String gateway = said.path("gateway").asString("");
        return new Range(cidr, gateway.isEmpty() ? Cidr.parse(cidr).firstHost() : gateway);
    }

    private Result remove(ObjectKey key, ObjectNode network) {
        if (!Metadata.finalizers(network).contains(FINALIZER)) {
            return DONE;
        }
        long users = podsOn(key);
        if (users > 0) {
            setPhase(key, "Terminating", users + " pods are still on this network");
            return Reconciler.again(IN_USE);
        }
        engine.deleteNetwork(id(key));
        ArrayNode finalizers = Metadata.ensureFinalizers(network);
        for (int i = finalizers.size() - 1; i >= 0; i--) {
            if (finalizers.get(i).asString("").equals(FINALIZER)) {
                finalizers.remove(i);
            }
        }
        client.update(BuiltinTypes.NETWORKS, key.tenant(), network);
        return DONE;
    }

    private long podsOn(ObjectKey network) {
        return pods.objects(network.tenant()).stream()
                .filter(pod -> !pod.path("spec").path("nodeName").asString("").isEmpty())
                .filter(pod ->
                        networkOf(
                                        namespaces.get(
                                                new ObjectKey(
                                                        network.tenant(),
                                                        "",
                                                        Metadata.namespace(pod))))
                                .equals(network.name()))
                .count();
    }

    /** The network that a namespace's pods are on. */
    public static String networkOf(Optional<ObjectNode> namespace) {
        String named =
                namespace.map(tree -> tree.path("spec").path("network").asString("")).orElse("");
        return named.isEmpty() ? DEFAULT_NETWORK : named;
    }

    private void setPhase(ObjectKey key, String phase, String message) {
        boolean active = phase.equals("Active");
        conditions.write(
                BuiltinTypes.NETWORKS,
                key,
                StatusCondition.of(
                        "Ready",
                        active,
                        active ? "NetworkReady" : phase,
                        active ? "pods can be on the network" : message),
                phase.equals("Failed") ? EventRecorder.Type.WARNING : EventRecorder.Type.NORMAL,
                status -> {
                    status.put("phase", phase);
                    if (message.isEmpty()) {
                        status.remove("message");
                    } else {
                        status.put("message", message);
                    }
                });
    }

    private static NetworkId id(ObjectKey key) {
        return new NetworkId(key.tenant().name(), key.name());
    }
}
