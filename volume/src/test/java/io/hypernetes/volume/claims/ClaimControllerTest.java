package io.hypernetes.volume.claims;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.memoryclient.MemoryClient;
import io.hypernetes.volume.MachinePools;
import io.hypernetes.volume.Volume;
import io.hypernetes.volume.VolumePool;
import io.hypernetes.volume.directory.DirectoryPool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

class ClaimControllerTest {

    private static final Tenant ACME = new Tenant("acme");
    private static final ObjectKey CLAIM = new ObjectKey(ACME, "web", "data");
    private static final String DRIVER = "hypernetes.io/directory";

    @TempDir Path directory;

    private final MemoryClient client = new MemoryClient();
    private VolumePool pool;
    private VolumePool second;
    private ClaimController controller;

    @BeforeEach
    void start() {
        pool = new DirectoryPool(directory.resolve("first"), DRIVER);
        second = new DirectoryPool(directory.resolve("second"), DRIVER);
        controller =
                new ClaimController(
                                client,
                                pool,
                                Optional.of(new MachinePools("first", _ -> second)),
                                new Informer(client, BuiltinTypes.PERSISTENT_VOLUME_CLAIMS),
                                new Informer(client, BuiltinTypes.PERSISTENT_VOLUMES),
                                new Informer(client, BuiltinTypes.PODS),
                                Clock.systemUTC())
                        .start();
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    private static ObjectNode tree(String json) {
        return Json.parseObject(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private void storageClass(String name, String more) {
        client.create(
                BuiltinTypes.STORAGE_CLASSES,
                ACME,
                tree(
                        "{'metadata':{'name':'"
                                + name
                                + "'},'provisioner':'"
                                + DRIVER
                                + "'"
                                + more
                                + "}"));
    }

    private void claim(String size, String mode, String more) {
        client.create(
                BuiltinTypes.PERSISTENT_VOLUME_CLAIMS,
                ACME,
                tree(
                        "{'metadata':{'name':'data','namespace':'web'},'spec':{'accessModes':['"
                                + mode
                                + "'],'resources':{'requests':{'storage':'"
                                + size
                                + "'}}"
                                + more
                                + "},'status':{'phase':'Pending'}}"));
    }

    private ObjectNode pod(String node) {
        return tree(
                "{'metadata':{'name':'p','namespace':'web'},'spec':{'nodeName':'"
                        + node
                        + "','volumes':[{'name':'d','persistentVolumeClaim':{'claimName':'data'}}]}}");
    }

    private Optional<ObjectNode> claim() {
        return client.find(BuiltinTypes.PERSISTENT_VOLUME_CLAIMS, CLAIM);
    }

    private List<ObjectNode> volumes() {
        return client.list(BuiltinTypes.PERSISTENT_VOLUMES, Selection.of(ACME)).items().stream()
                .map(item -> item.object())
                .toList();
    }

    private boolean bound() {
        return claim().map(Trees::phase).orElse("").equals("Bound")
                && volumes().stream().allMatch(v -> Trees.phase(v).equals("Bound"));
    }

    private boolean hasEvent(String reason, String text) {
        return client.list(BuiltinTypes.EVENTS, Selection.of(ACME)).items().stream()
                .map(item -> item.object())
                .anyMatch(e ->
                        e.path("reason").asString("").equals(reason)
                                && e.path("message").asString("").contains(text));
    }

    private static void eventually(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 1000 && !condition.getAsBoolean(); i++) {
            Thread.sleep(10);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    @Test
    void aClaimGetsAVolumeAndIsBound() throws InterruptedException {
        storageClass("local", "");
        claim("10Mi", "ReadWriteOnce", ",'storageClassName':'local'");
        eventually(this::bound);
        ObjectNode claim = claim().orElseThrow();
        ObjectNode volume = volumes().getFirst();
        assertThat(Trees.spec(claim, "volumeName")).isEqualTo(Metadata.name(volume));
        assertThat(claim.path("status").path("capacity").path("storage").asString())
                .isEqualTo("10Mi");
        assertThat(Metadata.annotation(claim, Trees.BIND_COMPLETED)).isEqualTo("yes");
        assertThat(Trees.isReservedFor(volume, claim)).isTrue();
        assertThat(volume.path("spec").path("csi").path("driver").asString()).isEqualTo(DRIVER);
        assertThat(volume.path("spec").path("nodeAffinity").toString())
                .contains("kubernetes.io/hostname", "first");
        assertThat(pool.volumes())
                .containsExactly(new Volume(Metadata.name(volume), "acme", 10 << 20));
        assertThat(hasEvent("ProvisioningSucceeded", Metadata.name(volume))).isTrue();
    }

    @Test
    void aClaimWithoutAClassGetsTheDefaultOne() throws InterruptedException {
        client.create(
                BuiltinTypes.STORAGE_CLASSES,
                ACME,
                tree(
                        "{'metadata':{'name':'std','annotations':{'storageclass.kubernetes.io/is-default-class':'true'}},'provisioner':'"
                                + DRIVER
                                + "'}"));
        claim("1Mi", "ReadWriteOnce", "");
        eventually(this::bound);
        assertThat(Trees.spec(claim().orElseThrow(), "storageClassName")).isEqualTo("std");
    }

    @Test
    void deletingTheClaimDeletesVolumeAndData() throws InterruptedException {
        storageClass("local", "");
        claim("1Mi", "ReadWriteOnce", ",'storageClassName':'local'");
        eventually(this::bound);
        client.delete(BuiltinTypes.PERSISTENT_VOLUME_CLAIMS, CLAIM, DeleteOptions.DEFAULT);
        eventually(() -> claim().isEmpty() && volumes().isEmpty() && pool.volumes().isEmpty());
    }

    @Test
    void withRetainTheDataStays() throws InterruptedException {
        storageClass("keep", ",'reclaimPolicy':'Retain'");
        claim("1Mi", "ReadWriteOnce", ",'storageClassName':'keep'");
        eventually(this::bound);
        client.delete(BuiltinTypes.PERSISTENT_VOLUME_CLAIMS, CLAIM, DeleteOptions.DEFAULT);
        eventually(() -> Trees.phase(volumes().getFirst()).equals("Released"));
        assertThat(pool.volumes()).hasSize(1);
    }

    @Test
    void waitForFirstConsumerWaitsForAPod() throws InterruptedException {
        storageClass("late", ",'volumeBindingMode':'WaitForFirstConsumer'");
        claim("1Mi", "ReadWriteOnce", ",'storageClassName':'late'");
        eventually(() -> hasEvent("WaitForFirstConsumer", "first consumer"));
        assertThat(pool.volumes()).isEmpty();
        ObjectNode pod = client.create(BuiltinTypes.PODS, ACME, pod(""));
        assertThat(pool.volumes()).isEmpty(); // nobody knows yet where it goes
        pod.withObject("spec").put("nodeName", "second");
        client.update(BuiltinTypes.PODS, ACME, pod);
        eventually(this::bound);
        assertThat(pool.volumes()).isEmpty();
        assertThat(second.volumes()).hasSize(1);
        assertThat(volumes().getFirst().toString())
                .contains("\"key\":\"kubernetes.io/hostname\"")
                .contains("\"values\":[\"second\"]");

        client.delete(BuiltinTypes.PODS, key(pod), DeleteOptions.DEFAULT);
        client.delete(BuiltinTypes.PERSISTENT_VOLUME_CLAIMS, CLAIM, DeleteOptions.DEFAULT);
        eventually(() -> volumes().isEmpty());
        assertThat(second.volumes()).isEmpty();
    }

    private static ObjectKey key(ObjectNode pod) {
        return new ObjectKey(ACME, Metadata.namespace(pod), Metadata.name(pod));
    }

    @Test
    void whatCannotBeProvisionedIsToldWithTheReason() throws InterruptedException {
        storageClass("local", "");
        claim("1Mi", "ReadWriteMany", ",'storageClassName':'local'");
        eventually(() -> hasEvent("ProvisioningFailed", "ReadWriteMany is not supported"));
        assertThat(pool.volumes()).isEmpty();
    }

    @Test
    void aRawDeviceIsProvisionedAsOne() throws InterruptedException {
        storageClass("local", "");
        claim("1Mi", "ReadWriteOnce", ",'storageClassName':'local','volumeMode':'Block'");
        eventually(() -> volumes().size() == 1);
        assertThat(volumes().getFirst().at("/spec/volumeMode").asString()).isEqualTo("Block");
    }

    @Test
    void aFileSystemIsNotBoundToARawDevice() throws InterruptedException {
        client.create(
                BuiltinTypes.PERSISTENT_VOLUMES,
                ACME,
                tree("{'metadata':{'name':'raw'},'spec':{'volumeMode':'Block'}}"));
        claim("1Mi", "ReadWriteOnce", ",'storageClassName':'','volumeName':'raw'");
        eventually(() -> hasEvent("VolumeMismatch", "incompatible volumeMode"));
    }

    @Test
    void aClassThatDoesNotExistIsTold() throws InterruptedException {
        claim("1Mi", "ReadWriteOnce", ",'storageClassName':'nope'");
        eventually(() ->
                hasEvent("ProvisioningFailed", "storageclass.storage.k8s.io \"nope\" not found"));
    }

    @Test
    void aForgedVolumeDoesNotReachTheDataOfAnotherTenant() throws InterruptedException {
        pool.provision("theirs", "globex", 1 << 20, java.util.Map.of());
        client.create(
                BuiltinTypes.PERSISTENT_VOLUMES,
                ACME,
                tree(
                        "{'metadata':{'name':'forged'},'spec':{'persistentVolumeReclaimPolicy':'Delete','claimRef':{'namespace':'web','name':'gone'},'csi':{'driver':'"
                                + DRIVER
                                + "','volumeHandle':'theirs'}}}"));
        eventually(() -> volumes().isEmpty());
        assertThat(pool.volume("theirs")).isPresent();
    }
}
