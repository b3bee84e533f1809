package io.hypernetes.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.ExtensionTypes;
import io.hypernetes.controllerruntime.FeedReader;
import io.hypernetes.memoryclient.MemoryClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.Optional;

final class ApiServiceControllerTest {
    private static final Tenant ACME = new Tenant("acme");

    private final MemoryClient client = new MemoryClient();
    private final FeedReader reader = new FeedReader(client);
    private final ApiServiceController controller = new ApiServiceController(client, reader);

    @AfterEach
    void stop() {
        reader.close();
        controller.close();
    }

    private Optional<ObjectNode> service(Tenant tenant, String name) {
        return client.find(ExtensionTypes.API_SERVICES, new ObjectKey(tenant, "", name));
    }

    @Test
    void builtInGroupsAreToldInTheOperatorsWorld() {
        reader.start();
        controller.start();
        await().atMost(Duration.ofMinutes(1))
                .until(() -> service(Tenant.SYSTEM, "v1.storage.k8s.io").isPresent());
        await().atMost(Duration.ofMinutes(1))
                .until(() -> service(Tenant.SYSTEM, "v1.").isPresent());
        ObjectNode apps = service(Tenant.SYSTEM, "v1.apps").orElseThrow();
        assertThat(apps.at("/spec/groupPriorityMinimum").asInt()).isEqualTo(17800);
        assertThat(apps.at("/spec/versionPriority").asInt()).isEqualTo(15);
        assertThat(
                        apps.at("/metadata/labels/kube-aggregator.kubernetes.io~1automanaged")
                                .asString())
                .isEqualTo("onstart");
        assertThat(service(Tenant.SYSTEM, "v1.apiregistration.k8s.io")).isEmpty();
        client.delete(
                ExtensionTypes.API_SERVICES,
                new ObjectKey(Tenant.SYSTEM, "", "v1.apps"),
                DeleteOptions.NOW);
        await().atMost(Duration.ofMinutes(1))
                .until(() -> service(Tenant.SYSTEM, "v1.apps").isPresent());
    }

    @Test
    void groupsOfDefinitionsComeAndGoWithTheirServedVersions() {
        ObjectNode definition = Json.object();
        definition.putObject("metadata").put("name", "widgets.example.com");
        ObjectNode spec = definition.putObject("spec").put("group", "example.com");
        ArrayNode versions = spec.putArray("versions");
        versions.addObject().put("name", "v1").put("served", true);
        versions.addObject().put("name", "v1beta1").put("served", false);
        client.create(ExtensionTypes.CUSTOM_RESOURCE_DEFINITIONS, ACME, definition);
        reader.start();
        controller.start();
        await().atMost(Duration.ofMinutes(1))
                .until(() -> service(ACME, "v1.example.com").isPresent());
        assertThat(service(ACME, "v1beta1.example.com")).isEmpty();
        assertThat(
                        service(ACME, "v1.example.com")
                                .orElseThrow()
                                .at("/spec/versionPriority")
                                .asInt())
                .isEqualTo(100);

        ObjectKey key = new ObjectKey(ACME, "", "widgets.example.com");
        ObjectNode changed = client.get(ExtensionTypes.CUSTOM_RESOURCE_DEFINITIONS, key).deepCopy();
        ((ObjectNode) changed.at("/spec/versions/0")).put("served", false);
        ((ObjectNode) changed.at("/spec/versions/1")).put("served", true);
        client.update(ExtensionTypes.CUSTOM_RESOURCE_DEFINITIONS, ACME, changed);
        await().atMost(Duration.ofMinutes(1))
                .until(() -> service(ACME, "v1beta1.example.com").isPresent());
        await().atMost(Duration.ofMinutes(1))
                .until(() -> service(ACME, "v1.example.com").isEmpty());

        client.delete(ExtensionTypes.CUSTOM_RESOURCE_DEFINITIONS, key, DeleteOptions.NOW);
        await().atMost(Duration.ofMinutes(1))
                .until(() ->
                        client.list(ExtensionTypes.API_SERVICES, Selection.of(ACME))
                                .items()
                                .isEmpty());
    }
}
