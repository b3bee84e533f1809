package io.hypernetes.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.cli.assembly.Cloud;
import io.hypernetes.httpclient.Kubeconfig;
import io.hypernetes.httpclient.RemoteClient;
import io.hypernetes.identity.conformance.KeystoneProcess;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A server whose users are a real Keystone's, the real kubectl, our credential plugin and login.
 */
class KeystoneModeIT {

    @TempDir static Path directory;

    private static KeystoneProcess keystone;
    private static Cloud.OperatorAccess access;
    private static String url;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        KeystoneCloud cloud = KeystoneCloud.get();
        keystone = cloud.keystone();
        access = cloud.access();
        url = cloud.url();
    }

    @Test
    void kubectlGetsItsTokensByTheCredentialPlugin() throws IOException, InterruptedException {
        Path alice = plugin("alice", "acme", url);
        Path bob = plugin("bob", "acme", url);
        assertThat(untilAllowed(alice, "create", "namespace", "web")).contains("web created");
        assertThat(untilAllowed(alice, "-n", "web", "create", "configmap", "mine"))
                .contains("mine created");
        assertThat(kubectl(bob, "get", "namespaces").output()).contains("web");
        Commands.Run refused = kubectl(bob, "create", "namespace", "more");
        assertThat(refused.exit()).isNotZero();
        assertThat(refused.output()).contains("\"bob\" cannot create resource \"namespaces\"");

        Commands.Run crossed = kubectl(alice, "get", "--raw", "/tenants/globex/api/v1/namespaces");
        assertThat(crossed.exit()).as("a token for acme does nothing in globex").isNotZero();
        assertThat(crossed.output()).contains("not a member of tenant");

        Path other = plugin("alice", "globex", url);
        assertThat(untilAllowed(other, "get", "namespaces")).doesNotContain("web");
        assertThat(kubectl(other, "create", "namespace", "mine").exit()).isNotZero();
    }

    @Test
    void loginGetsATokenFromKeystone() throws IOException, InterruptedException {
        Path file = directory.resolve("alice.kubeconfig");
        Path authority = directory.resolve("ca.crt");
        Files.writeString(authority, access.authority());
        Commands.Run login =
                new Commands(directory)
                        .ours(
                                Map.of(),
                                KeystoneProcess.PASSWORD,
                                "login",
                                "alice",
                                "--tenant=acme",
                                "--keystone-url=" + keystone.url(),
                                "--server=" + url,
                                "--certificate-authority=" + authority,
                                "--password-stdin",
                                "--output=" + file);
        assertThat(login.exit()).as(login.output()).isZero();
        assertThat(kubectl(file, "auth", "whoami").output()).contains("alice", "role:member");
    }

    @Test
    void passwordsAreCheckedByKeystoneAndNoTokenOfOursIsGiven() throws IOException {
        try (RemoteClient alice = password("secret", url + "/tenants/globex")) {
            assertThat(
                            alice.send("GET", "/api/v1/namespaces", Optional.empty(), "")
                                    .path("kind")
                                    .asString())
                    .isEqualTo("NamespaceList");
            assertThatThrownBy(() -> alice.send("POST", "/login", Optional.empty(), ""))
                    .isInstanceOf(ApiException.class)
                    .hasMessageContaining("hypernetes login --keystone-url");
        }
        try (RemoteClient mallory = password("guess", url)) {
            assertThatThrownBy(
                            () -> mallory.send("GET", "/api/v1/namespaces", Optional.empty(), ""))
                    .isInstanceOf(ApiException.class)
                    .hasMessageContaining("Unauthorized");
        }
    }

    @Test
    void aRoleOfKeystonesIsAGroupWithAClusterRole() throws IOException, InterruptedException {
        ObjectNode role = Json.object();
        role.putObject("role").put("name", "auditor");
        keystone.admin("POST", "/roles", Optional.of(role));
        String project = keystone.create("project", "roles", "domain_id", "default");
        for (String name : List.of("admin", "auditor", "reader")) {
            keystone.role("PUT", keystone.user("roles-" + name), project, name);
        }
        try (RemoteClient operator = KeystoneCloud.get().operator();
                RemoteClient admin = KeystoneCloud.get().login("roles-admin", "/tenants/roles");
                RemoteClient auditor =
                        KeystoneCloud.get().login("roles-auditor", "/tenants/roles");
                RemoteClient reader = KeystoneCloud.get().login("roles-reader", "/tenants/roles")) {
            ObjectNode tenant = Json.object();
            tenant.putObject("metadata").put("name", "roles");
            operator.create(BuiltinTypes.TENANTS, Tenant.SYSTEM, tenant);
            String crds = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
            String roles = "/apis/rbac.authorization.k8s.io/v1/clusterroles";
            String maps = "/api/v1/namespaces/default/configmaps";
            String secrets = "/api/v1/namespaces/default/secrets";
            await().atMost(Duration.ofMinutes(4)).until(() -> allowed(admin, crds));
            assertThat(allowed(admin, secrets)).isTrue();
            await().atMost(Duration.ofMinutes(4)).until(() -> allowed(auditor, maps));
            assertThat(allowed(auditor, secrets)).as("as view").isFalse();
            assertThat(allowed(auditor, roles)).as("as view").isFalse();
            await().atMost(Duration.ofMinutes(4)).until(() -> allowed(reader, maps));
            assertThat(allowed(reader, secrets)).isFalse();
        }
    }

    @Test
    void aGroupOfKeystonesIsAGroupThatBindingsMayName() throws IOException, InterruptedException {
        String project = keystone.create("project", "groups", "domain_id", "default");
        String devs = keystone.create("group", "devs", "domain_id", "default");
        String greta = keystone.user("greta");
        String membership = "/groups/" + devs + "/users/" + greta;
        keystone.role("PUT", greta, project, "reader");
        keystone.admin("PUT", membership, Optional.empty());
        Tenant tenant = new Tenant("groups");
        String secrets = "/api/v1/namespaces/default/secrets";
        String maps = "/api/v1/namespaces/default/configmaps";
        try (RemoteClient operator = KeystoneCloud.get().operator();
                RemoteClient client = KeystoneCloud.get().login("greta", "/tenants/groups")) {
            ObjectNode object = Json.object();
            object.putObject("metadata").put("name", tenant.name());
            operator.create(BuiltinTypes.TENANTS, Tenant.SYSTEM, object);
            await().atMost(Duration.ofMinutes(4)).until(() -> allowed(client, maps));
            assertThat(allowed(client, secrets)).as("no binding").isFalse();
            operator.create(
                    BuiltinTypes.ROLE_BINDINGS, tenant, binding("devs-edit", "group:devs", "edit"));
            await().atMost(Duration.ofMinutes(4)).until(() -> allowed(client, secrets));

            keystone.admin("DELETE", membership, Optional.empty());
            await().atMost(Duration.ofMinutes(4))
                    .until(() -> !allowed(client, secrets) && allowed(client, maps));
            ObjectNode disabled = Json.object();
            disabled.putObject("user").put("enabled", false);
            keystone.admin("PATCH", "/users/" + greta, Optional.of(disabled));
            await().atMost(Duration.ofMinutes(4)).until(() -> !allowed(client, maps));
        }
    }

    private static ObjectNode binding(String name, String group, String clusterRole) {
        String api = "rbac.authorization.k8s.io";
        ObjectNode binding = Json.object();
        binding.putObject("metadata").put("name", name).put("namespace", "default");
        binding.putObject("roleRef")
                .put("apiGroup", api)
                .put("kind", "ClusterRole")
                .put("name", clusterRole);
        binding.putArray("subjects")
                .addObject()
                .put("apiGroup", api)
                .put("kind", "Group")
                .put("name", group);
        return binding;
    }

    private static boolean allowed(RemoteClient client, String path) {
        try {
            client.send("GET", path, Optional.empty(), "");
            return true;
        } catch (ApiException _) {
            return false;
        }
    }

    private static RemoteClient password(String password, String server) {
        Kubeconfig.Proof proof = new Kubeconfig.Proof.Password("alice", password);
        return new RemoteClient(new Kubeconfig(server, access.authority(), "alice", proof));
    }

    /** Rights follow what they come from by an instant. */
    private static String untilAllowed(Path config, String... arguments)
            throws IOException, InterruptedException {
        Commands.Run run = kubectl(config, arguments);
        for (int i = 0; i < 30 && run.exit() != 0; i++) {
            Thread.sleep(500);
            run = kubectl(config, arguments);
        }
        assertThat(run.exit()).as(run.output()).isZero();
        return run.output();
    }

    private static Commands.Run kubectl(Path config, String... arguments)
            throws IOException, InterruptedException {
        return new Commands(directory).kubectl(config, "", arguments);
    }

    private static Path plugin(String user, String project, String server) throws IOException {
        List<String> program = Commands.program("credential");
        ObjectNode config = Json.object();
        config.put("apiVersion", "v1").put("kind", "Config").put("current-context", "it");
        config.putArray("clusters")
                .addObject()
                .put("name", "it")
                .putObject("cluster")
                .put("server", server)
                .put(
                        "certificate-authority-data",
                        Base64.getEncoder()
                                .encodeToString(
                                        access.authority().getBytes(StandardCharsets.US_ASCII)));
        ObjectNode exec =
                config.putArray("users")
                        .addObject()
                        .put("name", "it")
                        .putObject("user")
                        .putObject("exec");
        exec.put("apiVersion", "client.authentication.k8s.io/v1");
        exec.put("command", program.getFirst());
        exec.put("interactiveMode", "Never");
        program.subList(1, program.size()).forEach(exec.putArray("args")::add);
        var variables = exec.putArray("env");
        List<String> values =
                List.of(
                        "OS_AUTH_URL",
                        keystone.url().toString(),
                        "OS_USERNAME",
                        user,
                        "OS_PASSWORD",
                        KeystoneProcess.PASSWORD,
                        "OS_PROJECT_NAME",
                        project);
        for (int i = 0; i < values.size(); i += 2) {
            variables.addObject().put("name", values.get(i)).put("value", values.get(i + 1));
        }
        config.putArray("contexts")
                .addObject()
                .put("name", "it")
                .putObject("context")
                .put("cluster", "it")
                .put("user", "it");
        Path file = Files.createTempFile(directory, user, ".kubeconfig");
        Files.writeString(file, Json.text(config));
        return file;
    }
}
