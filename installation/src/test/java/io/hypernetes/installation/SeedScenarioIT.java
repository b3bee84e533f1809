package io.hypernetes.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.httpclient.RemoteClient;
import io.hypernetes.identity.conformance.KeystoneProcess;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * The story that the auth-controller was proposed for, from the first user to the last, in a world
 * of its own: manifests as they were written, passwords checked by a real Keystone, and no right
 * that does not come from the auth-controller.
 */
class SeedScenarioIT {

    private static final Tenant WORLD = new Tenant("seedworld");
    private static final String NAMESPACES = "/tenants/seedworld/api/v1/namespaces";
    private static final String CREATER = "alice chen-namespace-creater";
    private static final String USERS =
            """
            apiVersion: "stable.example.com/v1"
            kind: User
            metadata:
              name: alice
            username: "alice chen"
            ---
            apiVersion: "stable.example.com/v1"
            kind: User
            metadata:
              name: bob
            username: "bob ross"
            """;

    @TempDir static Path directory;

    private static KeystoneCloud cloud;
    private static RemoteClient operator;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        cloud = KeystoneCloud.get();
        operator = cloud.operator();
        KeystoneProcess keystone = cloud.keystone();
        ObjectNode role = Json.object();
        role.putObject("role").put("name", "means-nothing");
        keystone.admin("POST", "/roles", Optional.of(role));
        String project = keystone.create("project", "seedworld", "domain_id", "default");
        for (String name : List.of("alice chen", "bob ross")) {
            keystone.role("PUT", keystone.user(name), project, "means-nothing");
        }
        ObjectNode tenant = Json.object();
        tenant.putObject("metadata").put("name", "seedworld");
        operator.create(BuiltinTypes.TENANTS, Tenant.SYSTEM, tenant);
        until(() -> has(BuiltinTypes.NAMESPACES, "", "default"));
    }

    @AfterAll
    static void end() {
        operator.close();
    }

    @Test
    void theWholeStory() throws IOException, InterruptedException {
        Path config = directory.resolve("operator.kubeconfig");
        cloud.access()
                .kubeconfig(cloud.url() + "/tenants/seedworld")
                .write(config, "it", Optional.empty());
        kubectl(config, "", "create", "namespace", "namespace");
        kubectl(config, manifests(), "apply", "-f", "-");
        assertThat(ask("alice chen", "POST", NAMESPACES, named("early"))).isEqualTo("Forbidden");
        until(() -> kubectl(config, USERS, "apply", "-f", "-").contains("bob created"));

        // A user is added: a ClusterRoleBinding.
        until(() -> has(BuiltinTypes.CLUSTER_ROLE_BINDINGS, "", CREATER));
        ObjectNode binding = get(BuiltinTypes.CLUSTER_ROLE_BINDINGS, "", CREATER);
        assertThat(binding.at("/roleRef/name").asString()).isEqualTo("namespace-creater");
        assertThat(binding.at("/subjects/0/name").asString()).isEqualTo("alice chen");

        // The user makes a namespace: Role and RoleBinding.
        until(() -> asAlice("create", "namespace", "web").contains("web created"));
        until(() -> has(BuiltinTypes.ROLE_BINDINGS, "web", "namespace-binding"));
        assertThat(has(BuiltinTypes.ROLES, "web", "access-resources-within-namespace")).isTrue();
        String maps = NAMESPACES + "/web/configmaps";
        until(() -> asAlice("-n", "web", "create", "configmap", "mine").contains("mine created"));

        // A second user is refused, who may make a namespace of their own.
        assertThat(ask("bob ross", "GET", maps, Optional.empty())).isEqualTo("Forbidden");
        assertThat(ask("bob ross", "DELETE", NAMESPACES + "/web", Optional.empty()))
                .isEqualTo("Forbidden");
        until(() -> ask("bob ross", "POST", NAMESPACES, named("bobs")).isEmpty());

        // The namespace is deleted: both are gone.
        assertThat(ask("alice chen", "DELETE", NAMESPACES + "/web", Optional.empty())).isEmpty();
        until(() -> !has(BuiltinTypes.NAMESPACES, "", "web"));
        assertThat(has(BuiltinTypes.ROLES, "web", "access-resources-within-namespace")).isFalse();
        assertThat(has(BuiltinTypes.ROLE_BINDINGS, "web", "namespace-binding")).isFalse();

        // The user is deleted: bindings and data are gone, the other user's are not.
        until(() -> ask("alice chen", "POST", NAMESPACES, named("more")).isEmpty());
        kubectl(config, "", "delete", "users.stable.example.com", "alice", "--wait=false");
        until(() -> !has(BuiltinTypes.CLUSTER_ROLE_BINDINGS, "", CREATER));
        until(() -> !has(BuiltinTypes.NAMESPACES, "", "more"));
        until(() -> ask("alice chen", "GET", NAMESPACES, Optional.empty()).equals("Forbidden"));
        assertThat(has(BuiltinTypes.NAMESPACES, "", "bobs")).isTrue();
        assertThat(has(BuiltinTypes.ROLE_BINDINGS, "bobs", "namespace-binding")).isTrue();
    }

    /** Why it is refused; empty when it is done. The password is Keystone's. */
    private static String ask(String user, String method, String path, Optional<JsonNode> body) {
        try (RemoteClient client = cloud.login(user, "")) {
            client.send(method, path, body, "application/json");
            return "";
        } catch (ApiException e) {
            return e.status().reason().text();
        }
    }

    private static Optional<JsonNode> named(String name) {
        ObjectNode object = Json.object();
        object.putObject("metadata").put("name", name);
        return Optional.of(object);
    }

    private static String manifests() throws IOException {
        try (InputStream in = SeedScenarioIT.class.getResourceAsStream("seed-manifests.yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** kubectl with a name and a password, and nothing in a file. */
    private static String asAlice(String... arguments) throws IOException, InterruptedException {
        Path authority = Files.writeString(directory.resolve("ca.crt"), cloud.access().authority());
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "--server=" + cloud.url() + "/tenants/seedworld",
                                "--certificate-authority=" + authority,
                                "--username=alice chen",
                                "--password=" + KeystoneProcess.PASSWORD));
        all.addAll(List.of(arguments));
        return kubectl(Path.of("/dev/null"), "", all.toArray(String[]::new));
    }

    private static String kubectl(Path config, String input, String... arguments)
            throws IOException, InterruptedException {
        return new Commands(directory).kubectl(config, input, arguments).output();
    }

    private static boolean has(ResourceType type, String namespace, String name) {
        return operator.find(type, new ObjectKey(WORLD, namespace, name))
                .filter(object -> !Metadata.isBeingDeleted(object))
                .isPresent();
    }

    private static ObjectNode get(ResourceType type, String namespace, String name) {
        return operator.get(type, new ObjectKey(WORLD, namespace, name));
    }

    private static void until(Callable<Boolean> holds) {
        await().atMost(Duration.ofMinutes(5)).pollInterval(Duration.ofMillis(300)).until(holds);
    }
}
