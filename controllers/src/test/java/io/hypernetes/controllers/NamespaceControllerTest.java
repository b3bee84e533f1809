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
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.controllerruntime.FeedReader;
import io.hypernetes.memoryclient.MemoryClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;

final class NamespaceControllerTest {

    private static final Tenant ACME = new Tenant("acme");
    private static final Tenant GLOBEX = new Tenant("globex");

    private final MemoryClient client = new MemoryClient();
    private final FeedReader reader = new FeedReader(client);
    private final NamespaceController namespaces =
            new NamespaceController(client, WorldTypes.BUILTIN, reader, Clock.systemUTC()).start();
    private final ServiceAccountController accounts =
            new ServiceAccountController(client, "the certificate").start();

    @BeforeEach
    void start() {
        reader.start();
    }

    @AfterEach
    void stop() {
        reader.close();
        namespaces.close();
        accounts.close();
    }

    @Test
    void podsGoBeforeClaimsAndTheNamespaceLast() {
        namespace(ACME, "web");
        namespace(GLOBEX, "web");
        for (Tenant tenant : new Tenant[] {ACME, GLOBEX}) {
            create(BuiltinTypes.PODS, tenant, "p");
            create(BuiltinTypes.PERSISTENT_VOLUME_CLAIMS, tenant, "c");
            create(BuiltinTypes.SECRETS, tenant, "s");
        }

        client.delete(
                BuiltinTypes.NAMESPACES, new ObjectKey(ACME, "", "web"), DeleteOptions.DEFAULT);

        await().until(() -> Metadata.isBeingDeleted(get(BuiltinTypes.PODS, ACME, "p")));
        await().until(() -> remaining().contains("pods. has 1 resource instances"));
        assertThat(remaining()).contains("NamespaceContentRemaining", "ContentHasNoFinalizers");
        assertThat(exists(BuiltinTypes.PERSISTENT_VOLUME_CLAIMS, ACME, "c")).isTrue();
        client.delete(BuiltinTypes.PODS, new ObjectKey(ACME, "web", "p"), DeleteOptions.NOW);
        await().until(() ->
                client.find(BuiltinTypes.NAMESPACES, new ObjectKey(ACME, "", "web")).isEmpty());

        assertThat(exists(BuiltinTypes.PERSISTENT_VOLUME_CLAIMS, ACME, "c")).isFalse();
        assertThat(exists(BuiltinTypes.SECRETS, ACME, "s")).isFalse();
        assertThat(exists(BuiltinTypes.PODS, GLOBEX, "p")).isTrue();
        assertThat(exists(BuiltinTypes.SECRETS, GLOBEX, "s")).isTrue();
    }

    @Test
    void everyNamespaceHasADefaultAccountAndTheRootCertificateAndGetsThemBack() {
        namespace(ACME, "web");

        await().until(() -> exists(BuiltinTypes.SERVICE_ACCOUNTS, ACME, "default"));
        await().until(() -> certificate().equals("the certificate"));
        client.delete(
                BuiltinTypes.SERVICE_ACCOUNTS,
                new ObjectKey(ACME, "web", "default"),
                DeleteOptions.NOW);
        ObjectNode changed = get(BuiltinTypes.CONFIG_MAPS, ACME, "kube-root-ca.crt");
        changed.putObject("data").put("ca.crt", "another");
        client.update(BuiltinTypes.CONFIG_MAPS, ACME, changed);

        await().until(() -> exists(BuiltinTypes.SERVICE_ACCOUNTS, ACME, "default"));
        await().until(() -> certificate().equals("the certificate"));
    }

    private String certificate() {
        return client.find(BuiltinTypes.CONFIG_MAPS, new ObjectKey(ACME, "web", "kube-root-ca.crt"))
                .map(config -> config.path("data").path("ca.crt").asString(""))
                .orElse("");
    }

    private String remaining() {
        return client.get(BuiltinTypes.NAMESPACES, new ObjectKey(ACME, "", "web"))
                .path("status")
                .path("conditions")
                .toString();
    }

    private void namespace(Tenant tenant, String name) {
        ObjectNode namespace = Json.object();
        namespace.putObject("metadata").put("name", name);
        namespace.putObject("spec").putArray("finalizers").add("kubernetes");
        client.create(BuiltinTypes.NAMESPACES, tenant, namespace);
    }

    private void create(ResourceType type, Tenant tenant, String name) {
        ObjectNode object = Json.object();
        object.putObject("metadata").put("namespace", "web").put("name", name);
        // a pod on a node is there until its node has stopped it
        object.putObject("spec").put("nodeName", "n1").put("terminationGracePeriodSeconds", 30);
        client.create(type, tenant, object);
    }

    private ObjectNode get(ResourceType type, Tenant tenant, String name) {
        return client.get(type, new ObjectKey(tenant, "web", name));
    }

    private boolean exists(ResourceType type, Tenant tenant, String name) {
        return client.find(type, new ObjectKey(tenant, "web", name)).isPresent();
    }
}
