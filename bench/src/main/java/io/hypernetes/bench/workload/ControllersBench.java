package io.hypernetes.bench.workload;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.types.WorkloadTypes;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllers.workload.Workloads;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * {@code ./hypernetes bench controllers [DEPLOYMENTS [TENANTS]]}: from the start of the controllers
 * until each Deployment has its ReplicaSet, its pod, and a status that says so; and a start on that
 * state, with a hundred of them scaled while no controller ran.
 */
public final class ControllersBench {

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int SCALED = 100;

    private ControllersBench() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int deployments = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5000;
        int tenants = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1000;
        try (Plane plane = Plane.open()) {
            create(plane, plane.tenants(tenants), deployments);
            System.out.println("| what | s |");
            System.out.println("|---|---|");
            double cold = run(plane, deployments, 1);
            row(
                    "%d Deployments of %d tenants, nothing made yet"
                            .formatted(deployments, tenants),
                    cold);
            int scaled = Math.min(SCALED, deployments);
            scale(plane, scaled);
            row(
                    "the same, everything there but for %d scaled to 2".formatted(scaled),
                    run(plane, scaled, 2));
        }
    }

    private static void row(String what, double seconds) {
        System.out.printf(Locale.ROOT, "| %s | %.1f |%n", what, seconds);
    }

    private static void scale(Plane plane, int count) throws InterruptedException {
        List<Callable<ObjectNode>> writes = new ArrayList<>();
        for (TenantObject item :
                plane
                        .client()
                        .list(WorkloadTypes.DEPLOYMENTS, Selection.EVERYTHING)
                        .items()
                        .stream()
                        .limit(count)
                        .toList()) {
            ObjectNode deployment = item.object().deepCopy();
            deployment.withObject("spec").put("replicas", 2);
            writes.add(() ->
                    plane.client().update(WorkloadTypes.DEPLOYMENTS, item.tenant(), deployment));
        }
        plane.together(writes);
    }

    private static void create(Plane plane, List<Tenant> tenants, int count)
            throws InterruptedException {
        List<Callable<ObjectNode>> writes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ObjectNode deployment = deployment("web-" + i / tenants.size());
            Tenant tenant = tenants.get(i % tenants.size());
            writes.add(() -> plane.client().create(WorkloadTypes.DEPLOYMENTS, tenant, deployment));
        }
        plane.together(writes);
    }

    private static ObjectNode deployment(String name) {
        ObjectNode deployment = Plane.object(WorkloadTypes.DEPLOYMENTS, name);
        ObjectNode spec = deployment.putObject("spec");
        spec.putObject("selector").putObject("matchLabels").put("app", name);
        ObjectNode template = spec.putObject("template");
        template.putObject("metadata").putObject("labels").put("app", name);
        template.putObject("spec")
                .putArray("containers")
                .addObject()
                .put("name", "main")
                .put("image", "docker.io/hypernetes/hello:latest");
        return deployment;
    }

    /** Seconds until so many Deployments' statuses count their pods. */
    private static double run(Plane plane, int wanted, int replicas) throws InterruptedException {
        CountDownLatch waiting = new CountDownLatch(wanted);
        Set<ObjectKey> done = ConcurrentHashMap.newKeySet();
        try (Informer statuses = new Informer(plane.client(), WorkloadTypes.DEPLOYMENTS)) {
            statuses.listen((key, _, deployment) -> {
                if (deployment.filter(d -> counts(d) == replicas).isPresent() && done.add(key)) {
                    waiting.countDown();
                }
            });
            statuses.start().awaitSynced();
            long start = System.nanoTime();
            try (Workloads _ = plane.controlPlane().startWorkloads()) {
                if (!waiting.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    throw new IllegalStateException(
                            waiting.getCount() + " are not done after " + PATIENCE);
                }
                return (System.nanoTime() - start) / 1e9;
            }
        }
    }

    private static int counts(ObjectNode deployment) {
        return deployment.path("status").path("updatedReplicas").asInt(0);
    }
}
