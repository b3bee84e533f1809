package io.hypernetes.bench.workload;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.scheduler.Scheduler;
import io.hypernetes.scheduler.SchedulerMirrors;
import io.hypernetes.scheduler.VmOverhead;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * {@code ./hypernetes bench scheduler [PODS]}: pods of a hundred tenants on a thousand nodes, from
 * the start of the scheduler to the last binding written and seen, with its event.
 */
public final class SchedulerBench {

    private static final int NODES = 1000;
    private static final int TENANTS = 100;
    private static final int WARM_PODS = 3000;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** What the pods of a row ask for beside cpu and memory. */
    private enum Shape {
        PLAIN("plain pods"),
        SPREAD("spread over zones (DoNotSchedule)"),
        APART("apart from their like on a host (required anti-affinity)");

        private final String words;

        Shape(String words) {
            this.words = words;
        }
    }

    private SchedulerBench() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int pods = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000;
        System.out.println("| pods | nodes | tenants | bound/s | in s | server CPU, µs each |");
        System.out.println("|---|---|---|---|---|---|");
        try (Plane plane = Plane.open()) {
            List<Tenant> tenants = plane.tenants(TENANTS);
            nodes(plane);
            run(plane, tenants, Shape.PLAIN, "warm", WARM_PODS);
            for (Shape shape : Shape.values()) {
                String name = shape.name().toLowerCase(Locale.ROOT);
                Figures figures = run(plane, tenants, shape, name, pods);
                System.out.printf(
                        Locale.ROOT,
                        "| %d %s | %d | %d | %.0f | %.1f | %.0f |%n",
                        pods,
                        shape.words,
                        NODES,
                        TENANTS,
                        pods / figures.seconds(),
                        figures.seconds(),
                        figures.cpuMicros());
            }
        }
    }

    private static void nodes(Plane plane) throws InterruptedException {
        List<Callable<ObjectNode>> writes = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            ObjectNode node = Plane.object(BuiltinTypes.NODES, "node-" + i);
            node.withObject("metadata").remove("namespace");
            node.withObject("metadata")
                    .putObject("labels")
                    .put("kubernetes.io/hostname", "node-" + i)
                    .put("topology.kubernetes.io/zone", "zone-" + i % 10);
            ObjectNode status = node.putObject("status");
            status.putObject("allocatable")
                    .put("cpu", "64")
                    .put("memory", "256Gi")
                    .put("pods", "500");
            status.putArray("conditions").addObject().put("type", "Ready").put("status", "True");
            writes.add(() -> {
                plane.client().create(BuiltinTypes.NODES, Tenant.SYSTEM, node);
                ObjectKey key =
                        new ObjectKey(
                                Tenant.SYSTEM, "", node.path("metadata").path("name").asString());
                ObjectNode made = plane.client().get(BuiltinTypes.NODES, key).deepCopy();
                made.withObject("spec").remove("taints");
                made = plane.client().update(BuiltinTypes.NODES, Tenant.SYSTEM, made).deepCopy();
                made.set("status", status);
                return plane.client().updateStatus(BuiltinTypes.NODES, Tenant.SYSTEM, made);
            });
        }
        plane.together(writes);
    }

    /**
     * @param seconds from the start of a scheduler that finds all of them waiting
     * @param cpuMicros processor time of the whole process for one pod
     */
    private record Figures(double seconds, double cpuMicros) {}

    private static Figures run(
            Plane plane, List<Tenant> tenants, Shape shape, String name, int count)
            throws InterruptedException {
        List<Callable<ObjectNode>> writes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Tenant tenant = tenants.get(i % tenants.size());
            ObjectNode pod = pod(shape, name, i);
            writes.add(() -> plane.client().create(BuiltinTypes.PODS, tenant, pod));
        }
        plane.together(writes);
        CountDownLatch waiting = new CountDownLatch(count);
        Map<ObjectKey, Boolean> bound = new ConcurrentHashMap<>();
        SchedulerMirrors mirrors = SchedulerMirrors.of(plane.client());
        mirrors.pods()
                .listen((key, _, pod) -> {
                    boolean ours = key.name().startsWith(name + "-");
                    boolean has =
                            pod.filter(p -> !p.path("spec").path("nodeName").asString("").isEmpty())
                                    .isPresent();
                    if (ours && has && bound.put(key, true) == null) {
                        waiting.countDown();
                    }
                });
        mirrors.pods().start().awaitSynced();
        long cpu = cpuNanos();
        long start = System.nanoTime();
        try (mirrors;
                Scheduler _ =
                        new Scheduler(
                                        plane.client(),
                                        mirrors,
                                        VmOverhead.DEFAULT,
                                        Clock.systemUTC())
                                .start()) {
            if (!waiting.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException(
                        waiting.getCount() + " pods have no node after " + PATIENCE);
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            return new Figures(seconds, (cpuNanos() - cpu) / 1e3 / count);
        }
    }

    private static long cpuNanos() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
    }

    private static ObjectNode pod(Shape shape, String name, int number) {
        ObjectNode pod = Plane.object(BuiltinTypes.PODS, name + "-" + number);
        pod.withObject("metadata").putObject("labels").put("app", name);
        ObjectNode spec = pod.putObject("spec");
        ObjectNode container = spec.putArray("containers").addObject();
        container.put("name", "main").put("image", "docker.io/hypernetes/hello:latest");
        container
                .putObject("resources")
                .putObject("requests")
                .put("cpu", "100m")
                .put("memory", "64Mi");
        switch (shape) {
            case PLAIN -> {}
            case SPREAD -> {
                ObjectNode constraint = spec.putArray("topologySpreadConstraints").addObject();
                constraint
                        .put("maxSkew", 1)
                        .put("topologyKey", "topology.kubernetes.io/zone")
                        .put("whenUnsatisfiable", "DoNotSchedule");
                constraint.putObject("labelSelector").putObject("matchLabels").put("app", name);
            }
            case APART -> {
                ObjectNode term =
                        spec.withObject("affinity")
                                .withObject("podAntiAffinity")
                                .withArray("requiredDuringSchedulingIgnoredDuringExecution")
                                .addObject();
                term.put("topologyKey", "kubernetes.io/hostname");
                term.putObject("labelSelector").putObject("matchLabels").put("app", name);
            }
        }
        return pod;
    }
}
