package io.hypernetes.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.client.UsageSource;
import io.hypernetes.api.json.Json;
import io.hypernetes.cri.v1.Image;
import io.hypernetes.node.Shortage.Kind;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a machine does that runs short: conditions, images, and who has to go. */
class NodePressureTest {

    private static final Tenant ACME = new Tenant("acme");
    private static final long MIB = 1L << 20;
    private static final Disk EMPTY = new Disk(100_000 * MIB, 90_000 * MIB);

    private Shortage.Left left = new Shortage.Left(1000 * MIB, EMPTY, 100_000);
    private final List<TenantObject> pods = new ArrayList<>();
    private final Map<String, Long> used = new HashMap<>();
    private final List<String> gone = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final Set<String> images = new HashSet<>(Set.of("unused"));

    /** A file below /proc/sys is read in one piece or not at all. */
    @Test
    void thisMachineHasRoomForThousandsOfProcesses() throws IOException {
        Shortage.Left here = Shortage.Left.ofThisMachine(List.of(Path.of("/tmp/not/there")));
        assertThat(here.processes()).isGreaterThan(1000);
        assertThat(here.memoryBytes()).isBetween(MIB, Long.MAX_VALUE - 1);
        assertThat(here.disk().totalBytes()).isGreaterThan(MIB);
    }

    private NodePressure pressure(Instant now) {
        Clock clock = Clock.fixed(now, ZoneOffset.UTC);
        return new NodePressure(
                () -> left,
                new ImageGarbage(new Images(), ImageGarbage.Marks.DEFAULT, clock),
                () -> pods,
                new UsageSource() {
                    @Override
                    public Optional<PodUsage> pod(ObjectKey pod) {
                        return Optional.ofNullable(used.get(pod.name()))
                                .map(bytes ->
                                        new PodUsage(
                                                now,
                                                Duration.ZERO,
                                                Map.of("main", new Amount(0, bytes))));
                    }

                    @Override
                    public Optional<NodeUsage> node(String name) {
                        return Optional.empty();
                    }
                },
                (_, _) -> Map.of(),
                (key, _, message) -> gone.add(key.name() + ": " + message),
                (reason, message) -> told.add(reason + ": " + message),
                Duration.ofMinutes(5),
                () -> {},
                clock);
    }

    private final class Images implements ImageGarbage.Images {
        @Override
        public List<Image> list() {
            return images.stream().map(id -> Image.newBuilder().setId(id).build()).toList();
        }

        @Override
        public Set<String> used() {
            return Set.of();
        }

        @Override
        public void remove(String id) {
            images.remove(id);
            left = new Shortage.Left(1000 * MIB, EMPTY, 100_000);
        }
    }

    private void runs(String name, int priority, String requested, long usedMiB) {
        ObjectNode pod =
                Json.parseObject(
                        """
                        {"metadata":{"name":"%s","namespace":"web","uid":"%s"},"spec":{"priority":%d,
                         "containers":[{"name":"main","resources":{"requests":{"memory":"%s"}}}]}}
                        """
                                .formatted(name, name, priority, requested)
                                .getBytes(StandardCharsets.UTF_8));
        pods.add(new TenantObject(ACME, pod));
        used.put(name, usedMiB * MIB);
    }

    @Test
    void aMachineThatHasEnoughDoesNothing() {
        runs("a", 0, "1Mi", 500);
        NodePressure pressure = pressure(Instant.EPOCH);
        pressure.pass();
        assertThat(gone).isEmpty();
        for (Kind kind : Kind.values()) {
            assertThat(pressure.isUnder(kind)).isFalse();
        }
    }

    @Test
    void whoUsesMoreThanAskedForGoesFirstThenTheLowerPriority() {
        runs("modest", 0, "500Mi", 400);
        runs("important", 1000, "10Mi", 300);
        runs("greedy", 0, "10Mi", 200);
        runs("system", 2_000_000_000, "1Mi", 900);
        left = new Shortage.Left(50 * MIB, EMPTY, 100_000);
        NodePressure pressure = pressure(Instant.EPOCH);
        pressure.pass();
        assertThat(pressure.isUnder(Kind.MEMORY)).isTrue();
        assertThat(pressure.isUnder(Kind.DISK)).isFalse();
        assertThat(gone)
                .containsExactly(
                        "greedy: The node was low on resource: memory. Threshold quantity: 100Mi,"
                            + " available: 50Mi. Container main was using 200Mi, request is 10Mi,"
                            + " has larger consumption of memory. ");
    }

    @Test
    void aFullDiskIsHealedByImagesBeforeAPodGoes() {
        runs("a", 0, "1Mi", 1);
        left = new Shortage.Left(1000 * MIB, new Disk(100_000 * MIB, 100 * MIB), 100_000);
        NodePressure pressure = pressure(Instant.EPOCH.plusSeconds(1000));
        pressure.pass();
        assertThat(images).isEmpty();
        assertThat(gone).isEmpty();

        left = new Shortage.Left(1000 * MIB, new Disk(100_000 * MIB, 100 * MIB), 100_000);
        pressure.pass();
        assertThat(pressure.isUnder(Kind.DISK)).isTrue();
        assertThat(gone)
                .singleElement()
                .asString()
                .startsWith("a: The node was low on resource: ephemeral-storage. ");
        assertThat(told)
                .anyMatch(line -> line.startsWith("FreeDiskSpaceFailed: "))
                .contains("EvictionThresholdMet: Attempting to reclaim ephemeral-storage");
    }
}
