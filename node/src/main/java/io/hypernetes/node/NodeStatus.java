package io.hypernetes.node;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.EventRecorder;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Keeps this machine's Node object and its heartbeat, a Lease, in the system world ("Node
 * heartbeats", Kubernetes documentation). One virtual thread.
 */
final class NodeStatus implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeStatus.class);
    private static final Duration BEAT = Duration.ofSeconds(10);
    private static final int LEASE_SECONDS = 40;
    private static final String LEASES = "kube-node-lease";

    private final Client client;
    private final NodeConfig config;
    private final PodRuntime runtime;
    private final Predicate<Shortage.Kind> pressure;
    private final EventRecorder events;
    private final Clock clock;
    private final Semaphore news = new Semaphore(0);
    private final Thread thread;

    NodeStatus(
            Client client,
            NodeConfig config,
            PodRuntime runtime,
            Predicate<Shortage.Kind> pressure,
            EventRecorder events,
            Clock clock) {
        this.pressure = pressure;
        this.events = events;
        this.client = client;
        this.config = config;
        this.runtime = runtime;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("node-status").unstarted(this::run);
    }

    /** Registers the node, then beats. */
    void start() {
        beat();
        thread.start();
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    /** Something has changed that need not wait for the next beat. */
    void soon() {
        news.release();
    }

    private void run() {
        try {
            while (true) {
                boolean unused = news.tryAcquire(BEAT.toMillis(), TimeUnit.MILLISECONDS);
                int told = news.drainPermits(); // by the same write
                LOG.trace("heartbeat, {} more pieces of news", told);
                beat();
            }
        } catch (InterruptedException _) {
            LOG.debug("heartbeats end");
        }
    }

    private void beat() {
        try {
            try {
                writeNode();
            } catch (ApiException e) {
                if (!e.is(Reason.CONFLICT)) {
                    throw e;
                }
                writeNode(); // a controller wrote to it in between
            }
            writeLease();
        } catch (ApiException e) {
            LOG.warn("a heartbeat of node {} is lost: {}", config.name(), e.getMessage());
        }
    }

    private void writeNode() {
        ObjectKey key = new ObjectKey(Tenant.SYSTEM, "", config.name());
        Optional<ObjectNode> known = client.find(BuiltinTypes.NODES, key);
        ObjectNode node =
                known.isPresent()
                        ? known.get()
                        : client.create(BuiltinTypes.NODES, Tenant.SYSTEM, newNode());
        ObjectNode status = status(node.path("status"));
        JsonNode before = node.path("status");
        if (!status.equals(before)) {
            node.set("status", status);
            client.updateStatus(BuiltinTypes.NODES, Tenant.SYSTEM, node);
            tell(before, status);
        }
    }

    /** An event for each condition that has changed, with upstream's words. */
    private void tell(JsonNode before, ObjectNode status) {
        for (JsonNode condition : status.path("conditions")) {
            boolean changed =
                    before.path("conditions")
                            .valueStream()
                            .anyMatch(old ->
                                    old.path("type").equals(condition.path("type"))
                                            && !old.path("status")
                                                    .equals(condition.path("status")));
            if (changed) {
                String word = word(condition);
                events.record(
                        Tenant.SYSTEM,
                        reference(config.name()),
                        EventRecorder.Type.NORMAL,
                        word,
                        "Node " + config.name() + " status is now: " + word);
            }
        }
    }

    /** {@code NodeHasDiskPressure} for a condition's {@code KubeletHasDiskPressure}. */
    private static String word(JsonNode condition) {
        if (condition.path("type").asString("").equals("Ready")) {
            return condition.path("status").asString("").equals("True")
                    ? "NodeReady"
                    : "NodeNotReady";
        }
        return condition.path("reason").asString("").replace("Kubelet", "Node");
    }

    /** What events are about; upstream's kubelet also gives the name as the uid. */
    static ObjectNode reference(String node) {
        ObjectNode reference = JsonNodeFactory.instance.objectNode();
        reference.put("apiVersion", "v1").put("kind", "Node");
        reference.putObject("metadata").put("name", node).put("uid", node);
        return reference;
    }

    private ObjectNode newNode() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("apiVersion", "v1").put("kind", "Node");
        ObjectNode metadata = node.putObject("metadata");
        metadata.put("name", config.name());
        metadata.putObject("labels")
                .put("kubernetes.io/hostname", config.name())
                .put("kubernetes.io/os", "linux")
                .put("kubernetes.io/arch", "amd64");
        node.putObject("spec");
        return node;
    }

    private ObjectNode status(JsonNode old) {
        Capacity capacity = config.capacity();
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        resources(status.putObject("capacity"), capacity, capacity.memoryBytes());
        resources(status.putObject("allocatable"), capacity, capacity.allocatableBytes());
        ArrayNode addresses = status.putArray("addresses");
        addresses.addObject().put("type", "InternalIP").put("address", config.address());
        addresses.addObject().put("type", "Hostname").put("address", config.name());
        if (config.port() > 0) {
            status.putObject("daemonEndpoints")
                    .putObject("kubeletEndpoint")
                    .put("Port", config.port());
        }
        ArrayNode conditions = status.putArray("conditions");
        Optional<String> trouble = runtime.trouble();
        condition(
                conditions,
                old,
                "Ready",
                trouble.isEmpty(),
                trouble.isEmpty() ? "KubeletReady" : "RuntimeNotReady",
                trouble.orElse("the node agent and its runtime are ready"));
        for (Shortage.Kind kind : Shortage.Kind.values()) {
            boolean under = pressure.test(kind);
            condition(
                    conditions,
                    old,
                    kind.condition(),
                    under,
                    under ? kind.reason() : kind.relief(),
                    under
                            ? "the machine is, or was lately, short of " + kind.resource()
                            : "the machine has enough of " + kind.resource());
        }
        ObjectNode info = status.putObject("nodeInfo");
        info.put("architecture", "amd64").put("operatingSystem", "linux");
        info.put("kernelVersion", System.getProperty("os.version", ""));
        info.put("osImage", osImage());
        info.put("containerRuntimeVersion", runtime.version());
        info.put("kubeletVersion", config.version()).put("kubeProxyVersion", "");
        info.put("machineID", "").put("systemUUID", "").put("bootID", "");
        return status;
    }

    private static void resources(ObjectNode list, Capacity capacity, long memoryBytes) {
        list.put("cpu", Long.toString(capacity.milliCpu() / 1000));
        list.put("memory", memoryBytes / 1024 + "Ki");
        list.put("ephemeral-storage", capacity.storageBytes() / 1024 + "Ki");
        list.put("pods", Integer.toString(capacity.pods()));
    }

    private void condition(
            ArrayNode conditions,
            JsonNode old,
            String type,
            boolean met,
            String reason,
            String message) {
        String value = met ? "True" : "False";
        String now = StatusBuilder.time(clock.instant());
        String since = now;
        for (JsonNode known : old.path("conditions")) {
            if (known.path("type").asString("").equals(type)
                    && known.path("status").asString("").equals(value)) {
                since = known.path("lastTransitionTime").asString(now);
            }
        }
        conditions
                .addObject()
                .put("type", type)
                .put("status", value)
                .put("reason", reason)
                .put("message", message)
                .put("lastTransitionTime", since);
    }

    private static String osImage() {
        try {
            for (String line : Files.readAllLines(Path.of("/etc/os-release"))) {
                if (line.startsWith("PRETTY_NAME=")) {
                    return line.substring("PRETTY_NAME=".length()).replace("\"", "");
                }
            }
        } catch (IOException e) {
            LOG.debug("no /etc/os-release: {}", e.getMessage());
        }
        return "Linux";
    }

    private void writeLease() {
        ObjectKey key = new ObjectKey(Tenant.SYSTEM, LEASES, config.name());
        Optional<ObjectNode> known = client.find(BuiltinTypes.LEASES, key);
        ObjectNode lease = known.orElseGet(this::newLease);
        lease.withObject("spec").put("renewTime", micros(clock.instant()));
        if (known.isPresent()) {
            client.update(BuiltinTypes.LEASES, Tenant.SYSTEM, lease);
        } else {
            create(lease);
        }
    }

    private void create(ObjectNode lease) {
        try {
            client.create(BuiltinTypes.LEASES, Tenant.SYSTEM, lease);
        } catch (ApiException e) {
            if (!e.is(Reason.ALREADY_EXISTS)) {
                throw e;
            }
        }
    }

    private ObjectNode newLease() {
        ObjectNode lease = JsonNodeFactory.instance.objectNode();
        lease.put("apiVersion", "coordination.k8s.io/v1").put("kind", "Lease");
        lease.putObject("metadata").put("namespace", LEASES).put("name", config.name());
        lease.putObject("spec")
                .put("holderIdentity", config.name())
                .put("leaseDurationSeconds", LEASE_SECONDS);
        return lease;
    }

    /** MicroTime has exactly six digits. */
    private static String micros(Instant instant) {
        return "%s.%06dZ".formatted(instant.toString().substring(0, 19), instant.getNano() / 1000);
    }
}
