package io.hypernetes.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.FeedReader;
import io.hypernetes.memoryclient.MemoryClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

final class StorageProtectionControllerTest {
    private static final Tenant ACME = new Tenant("acme");
    private static final Tenant GLOBEX = new Tenant("globex");

    private final MemoryClient client = new MemoryClient();
    private final FeedReader reader = new FeedReader(client);
    private final StorageProtectionController protection =
            new StorageProtectionController(client, reader).start();

    @AfterEach
    void stop() {
        reader.close();
        protection.close();
    }

    private void create(
            ResourceType type, Tenant tenant, String namespace, String name, String finalizer) {
        ObjectNode object = Json.object();
        object.putObject("metadata")
                .put("namespace", namespace)
                .put("name", name)
                .putArray("finalizers")
                .add(finalizer);
        client.create(type, tenant, object);
    }

    private void claim(Tenant tenant, String name) {
        create(
                BuiltinTypes.PERSISTENT_VOLUME_CLAIMS,
                tenant,
                "web",
                name,
                StorageProtectionController.CLAIM);
    }

    private void pod(Tenant tenant, String name, String node, String claim) {
        ObjectNode pod = Json.object();
        pod.putObject("metadata").put("namespace", "web").put("name", name);
        ObjectNode spec = pod.putObject("spec").put("nodeName", node);
        ObjectNode volume = spec.putArray("volumes").addObject().put("name", "data");
        if (claim.isEmpty()) {
            volume.putObject("ephemeral");
        } else {
            volume.putObject("persistentVolumeClaim").put("claimName", claim);
        }
        client.create(BuiltinTypes.PODS, tenant, pod);
    }

    private static ObjectKey key(Tenant tenant, String name) {
        return new ObjectKey(tenant, "web", name);
    }

    private boolean exists(Tenant tenant, String name) {
        return client.find(BuiltinTypes.PERSISTENT_VOLUME_CLAIMS, key(tenant, name)).isPresent();
    }

    private void delete(Tenant tenant, String name) {
        client.delete(
                BuiltinTypes.PERSISTENT_VOLUME_CLAIMS, key(tenant, name), DeleteOptions.DEFAULT);
    }

    @Test
    void aClaimGoesWhenTheLastPodThatUsesItIsGone() {
        for (Tenant tenant : new Tenant[] {ACME, GLOBEX}) {
            claim(tenant, "used");
        }
        claim(ACME, "waiting");
        claim(ACME, "p-data");
        pod(ACME, "p", "n1", "");
        pod(ACME, "q", "n1", "used");
        pod(ACME, "r", "", "waiting");
        reader.start();

        delete(ACME, "used");
        delete(ACME, "p-data");
        delete(ACME, "waiting");
        delete(GLOBEX, "used");
        // A pod that has no node holds nothing, and none of another tenant's.
        await().until(() -> !exists(ACME, "waiting") && !exists(GLOBEX, "used"));
        assertThat(exists(ACME, "used")).isTrue();
        assertThat(exists(ACME, "p-data")).isTrue();

        client.delete(BuiltinTypes.PODS, key(ACME, "q"), DeleteOptions.NOW);
        await().until(() -> !exists(ACME, "used"));
        assertThat(exists(ACME, "p-data")).isTrue();
        client.delete(BuiltinTypes.PODS, key(ACME, "p"), DeleteOptions.NOW);
        await().until(() -> !exists(ACME, "p-data"));
    }

    @Test
    void aVolumeGoesWhenItIsBoundNoMore() {
        create(BuiltinTypes.PERSISTENT_VOLUMES, ACME, "", "v", StorageProtectionController.VOLUME);
        ObjectKey key = new ObjectKey(ACME, "", "v");
        ObjectNode volume = client.get(BuiltinTypes.PERSISTENT_VOLUMES, key);
        volume.putObject("status").put("phase", "Bound");
        client.updateStatus(BuiltinTypes.PERSISTENT_VOLUMES, ACME, volume);
        reader.start();
        client.delete(BuiltinTypes.PERSISTENT_VOLUMES, key, DeleteOptions.DEFAULT);
        claim(ACME, "c");
        delete(ACME, "c");
        await().until(() -> !exists(ACME, "c")); // so the volume has been looked at, too

        ObjectNode deleted = client.get(BuiltinTypes.PERSISTENT_VOLUMES, key);
        assertThat(Metadata.isBeingDeleted(deleted)).isTrue();
        deleted.putObject("status").put("phase", "Released");
        client.updateStatus(BuiltinTypes.PERSISTENT_VOLUMES, ACME, deleted);
        await().until(() -> client.find(BuiltinTypes.PERSISTENT_VOLUMES, key).isEmpty());
    }
}
