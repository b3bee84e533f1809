package io.hypernetes.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.json.Json;
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
