package io.hypernetes.conformance;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Patch;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Kubelet of pods that need no machine, and unless there is a real one their scheduler: binds every
 * pod to itself, writes the status of containers that run at once, and lets pods go when they are
 * deleted. The label {@code fake: unbound} leaves a pod alone, {@code fake: unready} never lets it
 * get ready, {@code fake: succeeds} is of one that has done its work at once.
 */
final class FakeNode implements Reconciler<ObjectKey>, AutoCloseable {
    private static final DateTimeFormatter BEAT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final Client client;
    private final String name;
    private final boolean schedules;
    private final Thread heart;
    private final Informer pods;
    private final Controller<ObjectKey> controller;
    private final AtomicInteger addresses = new AtomicInteger();

    private FakeNode(Client client, String name, boolean schedules, String allocatable) {
        this.client = client;
        this.name = name;
        this.schedules = schedules;
        ObjectNode node = Json.object().put("apiVersion", "v1").put("kind", "Node");
        node.putObject("metadata")
                .put("name", name)
                .putObject("labels")
                .put("kubernetes.io/hostname", name);
        client.create(BuiltinTypes.NODES, Tenant.SYSTEM, node);
        ObjectNode state = Json.object();
        ObjectNode status = state.putObject("status");
        status.set("allocatable", Objects.tree(allocatable));
        status.putArray("conditions").addObject().put("type", "Ready").put("status", "True");
        ObjectKey key = new ObjectKey(Tenant.SYSTEM, "", name);
        client.patch(BuiltinTypes.NODES, key, new Patch.Merge(state), "status");
        this.heart = Thread.ofVirtual().name("heart of " + name).start(this::beat);
        this.pods = new Informer(client, BuiltinTypes.PODS);
        this.controller = Controller.of(name, 2, pods, this).start();
    }

    /** The only node, which takes every pod. */
    static FakeNode alone(Client client) {
        return new FakeNode(client, "fake-node", true, "{}");
    }

    /** One of several, with room for what a scheduler puts there. */
    static FakeNode scheduled(Client client, String name) {
        return new FakeNode(client, name, false, "{cpu: '4', memory: 8Gi, pods: '110'}");
    }

    String name() {
        return name;
    }

    /** Nodes that are silent for 50 s are taken for lost, and their pods for not ready. */
    private void beat() {
        ObjectNode lease = Json.object();
        lease.putObject("metadata").put("name", name).put("namespace", "kube-node-lease");
        try {
            while (true) {
                lease.withObjectProperty("spec").put("renewTime", BEAT.format(Instant.now()));
                ObjectKey key = new ObjectKey(Tenant.SYSTEM, "kube-node-lease", name);
                if (client.find(BuiltinTypes.LEASES, key).isEmpty()) {
                    client.create(BuiltinTypes.LEASES, Tenant.SYSTEM, lease);
                } else {
                    client.patch(BuiltinTypes.LEASES, key, new Patch.Merge(lease), "");
                }
                Thread.sleep(Duration.ofSeconds(10));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Result reconcile(ObjectKey key) {
        try {
            pods.get(key)
                    .filter(pod -> !Metadata.label(pod, "fake").equals("unbound"))
                    .filter(this::isOurs)
                    .ifPresent(pod -> look(key, pod));
        } catch (ApiException e) {
            if (!e.is(Reason.NOT_FOUND)) {
                throw e;
            }
        }
        return DONE;
    }

    private boolean isOurs(ObjectNode pod) {
        String node = pod.path("spec").path("nodeName").asString("");
        return node.equals(name) || schedules && node.isEmpty();
    }

    private void look(ObjectKey key, ObjectNode pod) {
        if (Metadata.isBeingDeleted(pod)) {
            end(key, pod);
            client.delete(BuiltinTypes.PODS, key, DeleteOptions.NOW);
        } else if (!pod.path("spec").has("nodeName")) {
            ObjectNode binding = Json.object();
            binding.putObject("target").put("kind", "Node").put("name", name);
            client.patch(BuiltinTypes.PODS, key, new Patch.Merge(binding), "binding");
        } else if (!pod.path("status").has("startTime")) {
            ObjectNode running = pod.deepCopy();
            run(running, !Metadata.label(pod, "fake").equals("unready"));
            client.updateStatus(BuiltinTypes.PODS, key.tenant(), running);
        }
    }

    /** A pod that is killed has failed: who holds it by a finalizer waits to read that. */
    private void end(ObjectKey key, ObjectNode pod) {
        String phase = pod.path("status").path("phase").asString("");
        if (!Metadata.finalizers(pod).isEmpty() && phase.equals("Running")) {
            ObjectNode failed = pod.deepCopy();
            failed.withObjectProperty("status").put("phase", "Failed");
            client.updateStatus(BuiltinTypes.PODS, key.tenant(), failed);
        }
    }

    private void run(ObjectNode pod, boolean ready) {
        int number = addresses.incrementAndGet();
        String ip = "10.%d.%d.%d".formatted(number >> 16, number >> 8 & 255, number & 255);
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        ObjectNode status = pod.withObjectProperty("status");
        boolean succeeded = Metadata.label(pod, "fake").equals("succeeds");
        status.put("phase", succeeded ? "Succeeded" : "Running").put("startTime", now);
        status.put("hostIP", "192.0.2.1").put("podIP", ip);
        status.putArray("hostIPs").addObject().put("ip", "192.0.2.1");
        status.putArray("podIPs").addObject().put("ip", ip);
        for (String type : new String[] {"Initialized", "Ready", "ContainersReady"}) {
            boolean holds = ready || type.equals("Initialized");
            status.withArrayProperty("conditions")
                    .addObject()
                    .put("type", type)
                    .put("status", holds ? "True" : "False")
                    .put("lastTransitionTime", now);
        }
        for (JsonNode container : pod.path("spec").path("containers")) {
            ObjectNode state = status.withArrayProperty("containerStatuses").addObject();
            state.put("name", container.path("name").asString())
                    .put("image", container.path("image").asString())
                    .put("imageID", "")
                    .put("ready", ready)
                    .put("restartCount", 0);
            ObjectNode of = state.putObject("state");
            if (succeeded) {
                of.putObject("terminated").put("exitCode", 0).put("reason", "Completed");
            } else {
                of.putObject("running").put("startedAt", now);
            }
        }
    }

    @Override
    public void close() {
        heart.interrupt();
        controller.close();
        pods.close();
    }
}
