package io.hypernetes.installation;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.json.Json;
import io.hypernetes.httpclient.Kubeconfig;
import io.hypernetes.httpclient.RemoteClient;
import io.hypernetes.identity.conformance.KeystoneProcess;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The program's commands about people and rights, each started as somebody at a terminal starts it:
 * {@code token-webhook} over a real Keystone in TLS and a {@code server} that asks it, {@code
 * whoami}, {@code can-i}, {@code credential}, {@code login}, and kubectl's plug-in.
 */
class AccessCommandsIT {

    @TempDir static Path directory;

    private static AccessServer server;
    private static Commands commands;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        server = AccessServer.get();
        commands = new Commands(directory);
    }

    /** Asked as a kube-apiserver asks, and by a server of ours that is one in webhook mode. */
    @Test
    void theTokenWebhookAnswersAnApiServerForKeystone() throws IOException, InterruptedException {
        String token = server.keystone().token("alice", "acme");
        AccessServer.until(() -> review(token).path("authenticated").asBoolean(false));
        JsonNode user = review(token).path("user");
        assertThat(user.path("username").asString("")).isEqualTo("alice");
        assertThat(user.path("groups").toString()).contains("role:member");
        assertThat(user.path("extra").toString()).contains("acme");
        String wrong = "gAAAAAB" + "x".repeat(170);
        assertThat(review(wrong).path("authenticated").asBoolean(false)).isFalse();

        AccessServer.until(
                () -> refusal(token).contains("\"alice\" is not a member of any tenant"));
        assertThat(refusal(wrong)).contains("Unauthorized");
        assertThat(Files.readString(server.log("token-webhook")))
                .as("a token is in no log")
                .doesNotContain(token);
    }

    private static JsonNode review(String token) throws IOException {
        ObjectNode review = Json.object();
        review.put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenReview");
        review.putObject("spec").put("token", token);
        Path config = server.directory().resolve("webhook.kubeconfig");
        try (RemoteClient webhook = new RemoteClient(Kubeconfig.read(config))) {
            return webhook.send("POST", "/", Optional.of(review), "application/json")
                    .path("status");
        }
    }

    /** Who somebody is, is known before it is found that they have no tenant here. */
    private static String refusal(String token) {
        try (RemoteClient client = new RemoteClient(server.access("alice", token))) {
            client.send("GET", "/api/v1/namespaces", Optional.empty(), "");
            return "";
        } catch (ApiException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    void whoamiAndCanIAskAsTheOperatorOrAsWhomKubeconfigSays()
            throws IOException, InterruptedException {
        String here = "--data=" + server.data();
        Map<String, String> nobody = Map.of();
        assertThat(commands.ours(nobody, "", "whoami", here).output()).contains("system:masters");
        Commands.Run may = commands.ours(nobody, "", "can-i", here, "create", "pods");
        assertThat(may).isEqualTo(new Commands.Run(0, "yes\n"));

        Path tina = directory.resolve("tina.kubeconfig");
        server.access("tina", "tinas-token").write(tina, "tina", Optional.empty());
        Map<String, String> asTina = Map.of("KUBECONFIG", tina.toString());
        assertThat(commands.ours(asTina, "", "whoami").output()).contains("tina");
        Commands.Run refused = commands.ours(asTina, "", "can-i", "delete", "nodes");
        assertThat(refused.output()).contains("no");
        assertThat(refused.exit()).isEqualTo(1);
        Commands.Run elsewhere = commands.ours(asTina, "", "whoami", "--tenant", "acme");
        assertThat(elsewhere.output()).contains("do not have permission");
        assertThat(elsewhere.exit()).isNotZero();
    }

    @Test
    void kubectlHasThePlugIn() throws IOException, InterruptedException {
        Path root = Files.createDirectories(directory.resolve("installed"));
        Path bin = Files.createDirectories(directory.resolve("bin"));
        Path plugin = Path.of("..", "kubectl-hypernetes");
        Files.copy(
                plugin,
                root.resolve("kubectl-hypernetes"),
                java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        Path launcher = root.resolve("hypernetes");
        String quoted = "'" + String.join("' '", Commands.program()) + "'";
        Files.writeString(launcher, "#!/bin/sh\nexec " + quoted + " \"$@\"\n");
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
        Files.createSymbolicLink(
                bin.resolve("kubectl-hypernetes"), root.resolve("kubectl-hypernetes"));
        Map<String, String> path = Map.of("PATH", bin + ":" + System.getenv("PATH"));
        String here = "--data=" + server.data();

        assertThat(plugin(path, "tenant", "create", "plugged", here).exit()).isZero();
        assertThat(plugin(path, "tenant", "list", here).output()).contains("plugged");
        assertThat(
                        commands.run(
                                        path,
                                        "horse battery\n",
                                        List.of(
                                                "kubectl",
                                                "hypernetes",
                                                "user",
                                                "create",
                                                "paula",
                                                "--tenant=plugged",
                                                "--password-stdin",
                                                here))
                                .output())
                .contains("paula");
        assertThat(plugin(path, "user", "list", here).output()).contains("paula", "plugged");
        Path paula = directory.resolve("paula.kubeconfig");
        List<String> login =
                List.of("kubectl", "hypernetes", "login", "paula", "--password-stdin", here);
        List<String> into = new ArrayList<>(login);
        into.add("--output=" + paula);
        assertThat(commands.run(path, "horse battery\n", into).output())
                .contains("Logged in as paula in tenant plugged");
        assertThat(kubectl(paula, "", "auth", "whoami")).contains("paula");
        assertThat(plugin(path, "whoami", here, "--tenant", "plugged").output())
                .contains("system:masters");
        assertThat(plugin(path, "can-i", here, "--list").output()).contains("*.*");
    }

    @Test
    void tenantsUsersAndNetworksAreDescribed() throws IOException, InterruptedException {
        String manifests =
                """
                apiVersion: hypernetes.io/v1
                kind: Tenant
                metadata: {name: shown}
                ---
                apiVersion: hypernetes.io/v1
                kind: User
                metadata: {name: sam}
                username: sam
                spec: {tenants: [{name: shown}, {name: missing, role: reader}]}
                """;
        kubectl(server.operatorConfig(), manifests, "apply", "-f", "-");
        shown("Phase: *Active", "describe", "tenant", "shown");
        shown("Type: *Ready", "describe", "tenant", "shown");
        shown("Normal +WorldReady", "describe", "tenant", "shown");
        shown("Warning +TenantNotFound .* there is no tenant missing", "describe", "user", "sam");
        String patch = "{\"spec\": {\"tenants\": [{\"name\": \"shown\", \"role\": \"reader\"}]}}";
        kubectl(
                server.operatorConfig(),
                "",
                "patch",
                "user",
                "sam",
                "--type=merge",
                "--patch=" + patch);
        shown("Normal +Member .* reader of shown", "describe", "user", "sam");
        shown("(?s)NAME +TENANTS +PHASE +AGE.*sam +shown +Active", "get", "user", "sam");
        shown("(?s)NAME +PHASE +NETWORK +AGE.*shown +Active", "get", "tenant", "shown");
        String world = "--server=" + server.operator().server() + "/tenants/shown";
        shown("(?s)NAME +CIDR +GATEWAY +PHASE +AGE.*10.0.0.0/24", "get", "networks", world);
        for (String field :
                List.of("tenant.spec.keystone", "user.spec.tenants", "network.spec.subnets")) {
            shown("(?s)DESCRIPTION:.*FIELDS:", "explain", field);
        }
    }

    /** Waits until the output of kubectl has what is looked for. */
    private static void shown(String pattern, String... arguments) {
        Pattern wanted = Pattern.compile(pattern);
        AccessServer.until(
                () -> wanted.matcher(kubectl(server.operatorConfig(), "", arguments)).find());
    }

    private static String kubectl(Path config, String input, String... arguments)
            throws IOException, InterruptedException {
        return commands.kubectl(config, input, arguments).output();
    }

    private static Commands.Run plugin(Map<String, String> path, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kubectl", "hypernetes"));
        command.addAll(List.of(arguments));
        return commands.run(path, "", command);
    }

    @Test
    void credentialsComeFromCloudsYamlOverTls() throws IOException, InterruptedException {
        Path clouds =
                Files.writeString(
                        directory.resolve("clouds.yaml"),
                        """
                        clouds:
                          good:
                            auth:
                              auth_url: %s
                              username: alice
                              password: %s
                              user_domain_id: default
                              project_name: acme
                              project_domain_id: default
                            cacert: %s
                        """
                                .formatted(
                                        server.keystone().secureUrl(),
                                        KeystoneProcess.PASSWORD,
                                        server.keystoneAuthority()));
        Map<String, String> environment = Map.of("OS_CLIENT_CONFIG_FILE", clouds.toString());
        Commands.Run good = commands.ours(environment, "", "credential", "--os-cloud=good");
        assertThat(good.exit()).as(good.output()).isZero();
        JsonNode credential = Json.parse(good.output().getBytes(StandardCharsets.UTF_8));
        assertThat(credential.at("/status/token").asString("")).isNotEmpty();

        Commands.Run wrong =
                commands.ours(
                        Map.of(),
                        KeystoneProcess.PASSWORD,
                        "login",
                        "alice",
                        "--tenant=acme",
                        "--password-stdin",
                        "--data=" + server.data(),
                        "--keystone-url=" + server.keystone().secureUrl(),
                        "--output=" + directory.resolve("never.kubeconfig"));
        assertThat(wrong.exit()).isEqualTo(1);
        assertThat(wrong.output())
                .contains("hypernetes: Keystone shows a certificate that is not believed")
                .doesNotContain("\tat ");
    }
}
