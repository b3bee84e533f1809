package io.hypernetes.e2e;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Random creates, scales, deletes, crashes and restarts over many tenants. At the end everything is
 * as the tenants want it, and when they are gone nothing of them is left. Half a minute and two
 * tenants, or with {@code -Dlong=true} half an hour and twenty ({@code -Dsoak.minutes}: as many);
 * {@code -Dsoak.seed} repeats one, {@code -Dsoak.pause} are milliseconds between two acts.
 */
@OfTheTour
@Order(7)
class Tour7SoakIT {
    private static final boolean LONG = Boolean.getBoolean("long");
    private static final int TENANTS = LONG ? 20 : 2;
    private static final int MACHINES = LONG ? 40 : 6;
    private static final Duration LENGTH =
            LONG
                    ? Duration.ofMinutes(Integer.getInteger("soak.minutes", 30))
                    : Duration.ofSeconds(30);

    /** A machine of two processors without KVM starts a pod in two seconds. */
    private static final long PAUSE = Long.getLong("soak.pause", LONG ? 2_000 : 0);

    /** Machines that were killed often are made again after minutes. */
    private static final Duration PATIENCE = Duration.ofMinutes(LONG ? 20 : 6);

    /** A stateful set has a disk for each pod, a deployment a service. */
    private static final String WORKLOAD =
            """
            apiVersion: v1
            kind: Service
            metadata: {name: %2$s}
            spec:
              selector: {app: %2$s}
              ports: [{port: 80, targetPort: 8080}]
            ---
            apiVersion: apps/v1
            kind: %1$s
            metadata: {name: %2$s}
            spec:
              replicas: %3$d
              selector: {matchLabels: {app: %2$s}}
              template:
                metadata: {labels: {app: %2$s}}
                spec:
                  automountServiceAccountToken: false
                  terminationGracePeriodSeconds: 1
                  containers:
                  - name: hello
                    image: hypernetes/hello
                    imagePullPolicy: IfNotPresent
                    readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 2}
            """;

    private static final String DISKS =
            """
              serviceName: %2$s
              podManagementPolicy: Parallel
              persistentVolumeClaimRetentionPolicy: {whenDeleted: Delete, whenScaled: Delete}
              volumeClaimTemplates:
              - metadata: {name: data}
                spec:
                  accessModes: [ReadWriteOnce]
                  resources: {requests: {storage: 16Mi}}
            """;

    private record Workload(String tenant, String kind, String name) {
        String path() {
            return kind.toLowerCase(java.util.Locale.ROOT) + "/" + name;
        }
    }

    private final Cloud cloud = Cloud.SHARED;
    private final long seed = Long.getLong("soak.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<String> done = new ArrayList<>();

    /** How many pods of each there should be. */
    private final Map<Workload, Integer> wanted = new HashMap<>();

    private int names;

    @AfterEach
    void tellWhatWasDone() {
        System.out.println("soak, seed " + seed + ": " + String.join(", ", done));
    }

    @Test
    void everythingIsAsItShouldBeAndAfterwardsNothingIsLeft()
            throws IOException, InterruptedException {
        cloud.up().succeeded(); // it runs, unless this is all that is asked for
        Traces before = Traces.of(cloud.data());
        for (int i = 0; i < TENANTS; i++) {
            cloud.hypernetes("tenant", "create", "soak-" + i).succeeded();
        }
        long end = System.nanoTime() + LENGTH.toNanos();
        while (System.nanoTime() < end) {
            act();
            Thread.sleep(PAUSE);
        }
        if (done.stream().noneMatch("restart"::equals)) {
            restart();
        }
        wanted.forEach(this::awaitPods);
        int pods = wanted.values().stream().mapToInt(Integer::intValue).sum();
        Cloud.await(
                pods + " machines more than before",
                PATIENCE,
                () -> left(before).machines().size() == pods);

        for (int i = 0; i < TENANTS; i++) {
            cloud.hypernetes("tenant", "delete", "soak-" + i).succeeded();
        }
        Cloud.await("the end of the tenants", PATIENCE, () -> !anyTenantIsLeft());
        try {
            Cloud.await("the end of their traces", PATIENCE, () -> left(before).isNothing());
        } catch (AssertionError e) {
            throw new AssertionError("they left " + left(before), e);
        }
    }

    private Traces left(Traces before) {
        return Traces.of(cloud.data()).beyond(before);
    }

    /** A server that does not answer in time is asked again. */
    private boolean anyTenantIsLeft() {
        Outcome tenants = cloud.kubectl("get", "tenants", "-o", "name");
        return tenants.exit() != 0 || tenants.output().contains("/soak-");
    }

    private void act() throws IOException {
        switch (random.nextInt(20)) {
            case 0 -> restart();
            case 1, 2, 3 -> crash();
            case 4, 5, 6 -> deletePod();
            case 7, 8, 9 -> delete();
            case 10, 11, 12, 13 -> scale();
            default -> create();
        }
    }

    private int room() {
        return MACHINES - wanted.values().stream().mapToInt(Integer::intValue).sum();
    }

    private void create() {
        if (room() <= 0) {
            return;
        }
        boolean disks = random.nextBoolean();
        Workload workload =
                new Workload(
                        "soak-" + random.nextInt(TENANTS),
                        disks ? "StatefulSet" : "Deployment",
                        "w" + names++);
        int replicas = 1 + random.nextInt(Math.min(2, room()));
        String manifest = disks ? WORKLOAD + DISKS : WORKLOAD;
        String text = manifest.formatted(workload.kind(), workload.name(), replicas);
        in(workload.tenant(), text, "apply", "-f", "-").succeeded();
        wanted.put(workload, replicas);
        note("create " + workload.path() + "=" + replicas);
    }

    private void scale() {
        if (!wanted.isEmpty()) {
            Workload workload = any();
            int replicas =
                    random.nextInt(
                            Math.min(3, Math.max(1, wanted.getOrDefault(workload, 0) + room())));
            in(workload.tenant(), "", "scale", workload.path(), "--replicas=" + replicas)
                    .succeeded();
            wanted.put(workload, replicas);
            note("scale " + workload.path() + "=" + replicas);
        }
    }

    private void delete() {
        if (!wanted.isEmpty()) {
            Workload workload = any();
            in(workload.tenant(), "", "delete", "--wait=false", workload.path()).succeeded();
            in(workload.tenant(), "", "delete", "service", workload.name()).succeeded();
            wanted.remove(workload);
            note("delete " + workload.path());
        }
    }

    private void deletePod() {
        if (!wanted.isEmpty()) {
            String tenant = any().tenant();
            List<String> pods =
                    in(tenant, "", "get", "pods", "-o", "name")
                            .succeeded()
                            .output()
                            .lines()
                            .toList();
            if (!pods.isEmpty()) {
                String pod = pods.get(random.nextInt(pods.size()));
                // It may be gone by itself in the meantime.
                in(tenant, "", "delete", "--wait=false", "--ignore-not-found", pod).succeeded();
                note("delete " + pod);
            }
        }
    }

    private void crash() {
        List<String> machines = Leftovers.machines(cloud.data());
        if (!machines.isEmpty()) {
            String pid = machines.get(random.nextInt(machines.size())).split(" ")[0];
            Cloud.run(List.of("kill", "-9", pid), Map.of(), "");
            note("crash");
        }
    }

    private void restart() throws IOException {
        cloud.kill();
        cloud.up().succeeded();
        note("restart");
    }

    private void note(String what) {
        done.add(what);
        if (LONG) {
            System.out.println(Instant.now() + " " + what);
        }
    }

    private Workload any() {
        return wanted.keySet().stream()
                .skip(random.nextInt(wanted.size()))
                .findFirst()
                .orElseThrow();
    }

    private void awaitPods(Workload workload, int replicas) {
        Cloud.await(
                replicas + " ready pods of " + workload,
                PATIENCE,
                () -> {
                    Outcome pods =
                            in(
                                    workload.tenant(),
                                    "",
                                    "get",
                                    "pods",
                                    "-l",
                                    "app=" + workload.name(),
                                    "-o",
                                    "jsonpath={range"
                                        + " .items[*]}{.status.conditions[?(@.type=='Ready')].status}{.metadata.deletionTimestamp}"
                                        + " {end}");
                    // A server that does not answer in time is asked again.
                    return pods.exit() == 0 && pods.text().equals("True ".repeat(replicas).strip());
                });
    }

    private Outcome in(String tenant, String input, String... arguments) {
        List<String> line = new ArrayList<>();
        line.add(cloud.world(tenant));
        line.addAll(List.of(arguments));
        return cloud.kubectl(
                cloud.data().resolve("operator.kubeconfig"), input, line.toArray(String[]::new));
    }
}
