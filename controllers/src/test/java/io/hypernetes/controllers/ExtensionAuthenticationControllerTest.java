package io.hypernetes.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.FeedReader;
import io.hypernetes.controllers.ExtensionAuthenticationController.Authorities;
import io.hypernetes.memoryclient.MemoryClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

final class ExtensionAuthenticationControllerTest {
    private static final Tenant ACME = new Tenant("acme");

    private final MemoryClient client = new MemoryClient();
    private final FeedReader reader = new FeedReader(client);
    private final ExtensionAuthenticationController controller =
            new ExtensionAuthenticationController(
                            client, new Authorities("proxies", "proxy", "clients"), reader)
                    .start();

    @AfterEach
    void stop() {
        reader.close();
        controller.close();
    }

    private static ObjectKey key(Tenant tenant) {
        return new ObjectKey(tenant, "kube-system", "extension-apiserver-authentication");
    }

    private JsonNode data(Tenant tenant) {
        return client.find(BuiltinTypes.CONFIG_MAPS, key(tenant))
                .map(config -> config.path("data"))
                .orElse(Json.object());
    }

    @Test
    void everyWorldKnowsTheFrontProxyAndTheOperatorsItsUsersToo() {
        for (Tenant tenant : new Tenant[] {ACME, Tenant.SYSTEM}) {
            ObjectNode namespace = Json.object();
            namespace.putObject("metadata").put("name", "kube-system");
            client.create(BuiltinTypes.NAMESPACES, tenant, namespace);
        }
        reader.start();

        await().until(() -> data(Tenant.SYSTEM).has("client-ca-file"));
        await().until(() ->
                data(ACME).path("requestheader-client-ca-file").asString("").equals("proxies"));
        assertThat(data(ACME).path("requestheader-allowed-names").asString())
                .isEqualTo("[\"proxy\"]");
        assertThat(data(ACME).has("client-ca-file")).isFalse();
        await().until(() ->
                client.find(
                                BuiltinTypes.ROLES,
                                new ObjectKey(
                                        ACME,
                                        "kube-system",
                                        "extension-apiserver-authentication-reader"))
                        .isPresent());

        client.delete(BuiltinTypes.CONFIG_MAPS, key(ACME), DeleteOptions.NOW);
        await().until(() -> data(ACME).has("requestheader-username-headers"));
    }
}
