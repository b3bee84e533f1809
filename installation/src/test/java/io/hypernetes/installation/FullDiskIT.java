package io.hypernetes.installation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Disks that are full: of a pod, which hits that pod; of the volumes, whose writers wait; of the
 * node, which says so, has pods go, and heals.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FullDiskIT {
    private static final String ACME = "acme";

    private static final String PODS =
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: volume}
            spec:
              terminationGracePeriodSeconds: 1
              restartPolicy: Never
              volumes: [{name: small, emptyDir: {sizeLimit: 4Mi}}]
              containers:
              - name: main
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                command: [sh, -c, "head -c 4700000 /dev/zero > /small/f; exec sleep 100000"]
                volumeMounts: [{name: small, mountPath: /small}]
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: layer}
            spec:
              terminationGracePeriodSeconds: 1
              restartPolicy: Never
              containers:
              - name: other
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                command: [sleep, infinity]
                resources: {limits: {ephemeral-storage: 20Mi}}
              - name: main
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                command: [sh, -c, "head -c 4700000 /dev/zero > /f; exec sleep 100000"]
                resources: {limits: {ephemeral-storage: 4Mi}}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: memory}
            spec:
              terminationGracePeriodSeconds: 1
              restartPolicy: Never
              volumes: [{name: memory, emptyDir: {medium: Memory, sizeLimit: 4Mi}}]
              containers:
              - name: main
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                command: [sh, -c, "head -c 4700000 /dev/zero > /memory/f || echo full; exec sleep 100000"]
                volumeMounts: [{name: memory, mountPath: /memory}]
            ---
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: {name: disk}
            spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 40Mi}}}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: writer}
            spec:
              terminationGracePeriodSeconds: 1
              restartPolicy: Never
              volumes: [{name: disk, persistentVolumeClaim: {claimName: disk}}]
              containers:
              - name: main
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                command:
                - sh
                - -c
                - "until [ -e /disk/go ]; do sleep 0.2; done; head -c 16000000 /dev/urandom > /disk/f; sync; echo written; exec sleep 100000"
                volumeMounts: [{name: disk, mountPath: /disk}]
            """;

    private static final String LATE =
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: late}
            spec:
              terminationGracePeriodSeconds: 1
              containers:
              - {name: main, image: hypernetes/hello, imagePullPolicy: IfNotPresent, command: [sleep, infinity]}
            """;

    private NodeCloud cloud;

    @BeforeAll
    void start() throws Exception {
        cloud = NodeCloud.get();
        cloud.apply(ACME, PODS);
    }

    @AfterAll
    void remove() throws IOException {
        Files.deleteIfExists(fill(cloud.data()));
        Files.deleteIfExists(fill(cloud.data().resolve("volumes")));
        cloud.kubectl(ACME, "delete", "pod", "--all", "--now").succeeded();
        cloud.kubectl(ACME, "delete", "pvc", "--all").succeeded();
    }

    private JsonNode status(String pod) {
        return cloud.get(ACME, "pod", pod).path("status");
    }

    private void assertEvicted(String pod, String message) {
        cloud.await(
                "the eviction of " + pod,
                () -> status(pod).path("reason").asString("").equals("Evicted"));
        JsonNode status = status(pod);
        assertThat(status.path("phase").asString()).isEqualTo("Failed");
        assertThat(status.path("message").asString()).startsWith(message);
        assertThat(cloud.events(ACME, pod)).contains("Warning Evicted " + message.strip());
    }

    @Test
    @Order(1)
    void whoWritesMoreThanItsLimitIsEvicted() {
        assertEvicted("volume", "Usage of EmptyDir volume \"small\" exceeds the limit \"4Mi\". ");
        assertEvicted(
                "layer", "Container main exceeded its local ephemeral storage limit \"4Mi\". ");
        assertThat(status("volume").path("conditions").valueStream())
                .as("it has itself to blame")
                .noneMatch(one -> one.path("type").asString().equals("DisruptionTarget"));
    }

    @Test
    @Order(2)
    void aFullMemoryVolumeIsItsPodsOwnConcern() {
        cloud.awaitReady(ACME, "memory");
        cloud.await(
                "the refusal of the guest",
                () -> cloud.kubectl(ACME, "logs", "memory").output().contains("full"));
        assertThat(status("memory").path("phase").asString()).isEqualTo("Running");
    }

    @Test
    @Order(3)
    void whoWritesToAVolumeWaitsUntilThereIsRoom() throws IOException {
        cloud.awaitReady(ACME, "writer", "memory");
        Path volumes = cloud.data().resolve("volumes");
        fillUp(volumes);
        cloud.exec(ACME, "writer", "main", "touch /disk/go");
        cloud.await(
                "the word that it waits; " + cloud.events(ACME, "writer"),
                () -> cloud.events(ACME, "writer").contains("Warning NodeDiskFull "));
        assertThat(cloud.exec(ACME, "memory", "main", "echo others go on").text())
                .isEqualTo("others go on");

        Files.delete(fill(volumes));
        cloud.await(
                "the end of the write",
                () -> cloud.kubectl(ACME, "logs", "writer").output().contains("written"));
        assertThat(cloud.exec(ACME, "writer", "main", "wc -c < /disk/f").text())
                .isEqualTo("16000000");
        assertThat(status("writer").at("/containerStatuses/0/restartCount").asInt()).isZero();
    }

    @Test
    @Order(4)
    void aFullNodeSaysSoHasPodsGoAndHeals() throws IOException {
        cloud.awaitReady(ACME, "memory");
        fillUp(cloud.data());
        awaitPressure("True");
        assertEvicted("memory", "The node was low on resource: ephemeral-storage. Threshold");
        assertThat(status("memory").path("conditions").valueStream())
                .anyMatch(one -> one.path("type").asString().equals("DisruptionTarget"));
        cloud.apply(ACME, LATE);
        cloud.await(
                "the pod that must not come here; " + cloud.events(ACME, "late"),
                () -> cloud.events(ACME, "late").contains("FailedScheduling"));

        Files.delete(fill(cloud.data()));
        awaitPressure("False");
        cloud.awaitReady(ACME, "late");
        assertThat(cloud.nodeEvents())
                .contains("Warning EvictionThresholdMet Attempting to reclaim ephemeral-storage")
                .contains("Normal NodeHasDiskPressure Node node status is now: NodeHasDiskPressure")
                .contains("Normal NodeHasNoDiskPressure ");
    }

    private void awaitPressure(String status) {
        cloud.await(
                "DiskPressure " + status, () -> cloud.nodeCondition("DiskPressure").equals(status));
    }

    private static Path fill(Path folder) {
        return folder.resolve("fill");
    }

    /** To the last byte. */
    private static void fillUp(Path folder) {
        byte[] block = new byte[1 << 16];
        try (OutputStream out = Files.newOutputStream(fill(folder))) {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left on device");
        }
    }
}
