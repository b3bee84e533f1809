package io.hypernetes.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.json.Yaml;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.httpclient.Kubeconfig;
import io.hypernetes.httpclient.RemoteClient;
import io.hypernetes.identity.conformance.KeystoneProcess;
import io.hypernetes.identity.pki.CertificateAuthority;
import io.hypernetes.identity.pki.KeyedCertificate;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The command {@code token-webhook} over a real Keystone of its own, asked by a {@link
 * SharedWorld}: an API server of ours, or with {@code -Dkube-apiserver=PATH} upstream's. People are
 * known there by Keystone alone and come with kubectl.
 */
class TokenWebhookIT {

    private static final Pattern LISTENING = Pattern.compile("https://127\\.0\\.0\\.1:\\d+");
    private static final String OUTAGE_SECONDS = "20";

    @TempDir private static Path directory;

    private static final CertificateAuthority AUTHORITY =
            CertificateAuthority.inMemory(Clock.systemUTC());
    private static KeystoneProcess keystone;
    private static Process webhook;
    private static SharedWorld world;
    private static RemoteClient operator;
    private static String acme;
    private static String devs;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        keystone = KeystoneProcess.start(Files.createDirectories(directory.resolve("keystone")));
        acme = keystone.create("project", "acme", "domain_id", "default");
        devs = keystone.create("group", "devs", "domain_id", "default");
        Path output = directory.resolve("token-webhook.log");
        webhook = startWebhook(output);
        Path config = webhookConfig(output);
        world =
                SharedWorld.start(
                        Files.createDirectories(directory.resolve("world")),
                        AUTHORITY,
                        Optional.of(config));
        operator = SharedWorld.operator(world, AUTHORITY);
        operator.create(
                BuiltinTypes.CLUSTER_ROLE_BINDINGS,
                Tenant.SYSTEM,
                binding("members", "role:member", "view"));
        ObjectNode edit = binding("devs", "group:devs", "edit");
        edit.withObject("metadata").put("namespace", "default");
        operator.create(BuiltinTypes.ROLE_BINDINGS, Tenant.SYSTEM, edit);
    }

    @AfterAll
    static void end() throws InterruptedException {
        operator.close();
        world.close();
        webhook.destroyForcibly().waitFor();
        keystone.close();
    }

    @Test
    void aTokenIsItsUserWithGroupsAndTheirRights() throws IOException, InterruptedException {
        String alice = keystone.user("alice");
        keystone.role("PUT", alice, acme, "member");
        keystone.admin("PUT", "/groups/" + devs + "/users/" + alice, Optional.empty());
        Path config = token("alice", keystone.token("alice", "acme"));

        JsonNode user = whoami(config);
        assertThat(user.path("username").asString("")).isEqualTo("alice");
        assertThat(user.path("uid").asString("")).isEqualTo(alice);
        assertThat(texts(user.path("groups")))
                .containsExactlyInAnyOrder(
                        "role:member", "role:reader", "group:devs", "system:authenticated");
        String extra = "alpha.kubernetes.io/identity/";
        assertThat(user.path("extra").path(extra + "project/id").toString()).contains(acme);

        allowed(config, "create", "configmap", "alices");
        allowed(config, "get", "configmaps", "--all-namespaces");
        forbidden(config, "-n", "kube-public", "create", "configmap", "alices");
        forbidden(config, "create", "namespace", "alices");
        forbidden(config, "-n", "kube-system", "get", "secrets");

        String bob = keystone.user("bob");
        keystone.role("PUT", bob, acme, "reader");
        Path reader = token("bob", keystone.token("bob", "acme"));
        assertThat(texts(whoami(reader).path("groups")))
                .containsExactlyInAnyOrder("role:reader", "system:authenticated");
        forbidden(reader, "get", "configmaps");
    }

    @Test
    void passwordsAndApplicationCredentialsAreMadeTokensByThePlugIn()
            throws IOException, InterruptedException {
        String carol = keystone.user("carol");
        keystone.role("PUT", carol, acme, "member");
        Map<String, String> password =
                Map.of(
                        "OS_AUTH_URL",
                        keystone.url().toString(),
                        "OS_USERNAME",
                        "carol",
                        "OS_PASSWORD",
                        KeystoneProcess.PASSWORD,
                        "OS_PROJECT_NAME",
                        "acme");
        assertThat(whoami(plugIn(password)).path("username").asString("")).isEqualTo("carol");

        ObjectNode body = Json.object();
        body.putObject("application_credential").put("name", "robot").put("secret", "s3cret");
        String own = keystone.token("carol", "acme");
        String path = "/users/" + carol + "/application_credentials";
        String id =
                keystone.call("POST", path, Optional.of(body), own)
                        .at("/application_credential/id")
                        .asString();
        JsonNode robot = whoami(plugIn(credential(id, "s3cret")));
        assertThat(robot.path("username").asString("")).isEqualTo("carol");
        assertThat(texts(robot.path("groups"))).contains("role:member");

        Commands.Run wrong = kubectl(plugIn(credential(id, "guess")), "auth", "whoami");
        assertThat(wrong.exit()).isNotZero();
        keystone.call("DELETE", path + "/" + id, Optional.empty(), own);
        assertThat(kubectl(plugIn(credential(id, "s3cret")), "auth", "whoami").exit()).isNotZero();
    }

    @Test
    void whatIsNoTokenOrIsTakenBackIs401() throws IOException, InterruptedException {
        unauthorized(token("mallory", "gAAAAAB" + "x".repeat(170)));
        unauthorized(token("mallory", "no.such.token"));
        String dave = keystone.user("dave");
        keystone.role("PUT", dave, acme, "member");
        String text = keystone.token("dave", "acme");
        Path revoked = token("dave", text);
        Path other = token("dave", keystone.token("dave", "acme"));
        allowed(revoked, "get", "configmaps");
        allowed(other, "get", "configmaps");
        keystone.revoke(text);
        untilUnauthorized(revoked);
        allowed(other, "get", "configmaps");
        keystone.role("DELETE", dave, acme, "member");
        untilUnauthorized(other);

        String erin = keystone.user("erin");
        keystone.role("PUT", erin, acme, "member");
        Path disabled = token("erin", keystone.token("erin", "acme"));
        allowed(disabled, "get", "configmaps");
        ObjectNode wish = Json.object();
        wish.putObject("user").put("enabled", false);
        keystone.admin("PATCH", "/users/" + erin, Optional.of(wish));
        untilUnauthorized(disabled);

        keystone.role("PUT", keystone.user("system:admin"), acme, "admin");
        unauthorized(token("system:admin", keystone.token("system:admin", "acme")));
    }

    @Test
    void aUserOfAnotherDomainIsAnotherSubject() throws IOException, InterruptedException {
        String domain = keystone.create("domain", "subsidiary");
        String fred = keystone.user("fred", "domain_id", domain);
        keystone.role("PUT", fred, acme, "member");
        Map<String, String> login =
                Map.of(
                        "OS_AUTH_URL", keystone.url().toString(),
                        "OS_USERNAME", "fred",
                        "OS_USER_DOMAIN_NAME", "subsidiary",
                        "OS_PASSWORD", KeystoneProcess.PASSWORD,
                        "OS_PROJECT_NAME", "acme",
                        "OS_PROJECT_DOMAIN_ID", "default");
        assertThat(whoami(plugIn(login)).path("username").asString(""))
                .isEqualTo("fred@subsidiary");
    }

    /** The rule of docs/keystone.md: who is known goes on for a while, and nobody else. */
    @Test
    void whileKeystoneIsDownOnlyWhoIsKnownGoesOnAndNotForEver()
            throws IOException, InterruptedException {
        String gina = keystone.user("gina");
        keystone.role("PUT", gina, acme, "member");
        Path known = token("gina", keystone.token("gina", "acme"));
        Path unknown = token("gina", keystone.token("gina", "acme"));
        allowed(known, "get", "configmaps");
        keystone.kill();
        try {
            Commands.Run run = kubectl(known, "get", "configmaps");
            assertThat(run.exit()).as(run.output()).isZero();
            unauthorized(unknown);
            untilUnauthorized(known);
        } finally {
            keystone.restart();
        }
        allowed(unknown, "get", "configmaps");
        allowed(known, "get", "configmaps");
    }

    private static Process startWebhook(Path output) throws IOException {
        KeyedCertificate own = AUTHORITY.serverCertificate(List.of("127.0.0.1"));
        List<String> command =
                Commands.program(
                        "token-webhook",
                        "--port=0",
                        "--keystone-url=" + keystone.url(),
                        "--keystone-revalidate-seconds=2",
                        "--keystone-outage-seconds=" + OUTAGE_SECONDS,
                        "--keystone-timeout-seconds=60",
                        "--tls-cert-file="
                                + Files.writeString(
                                        directory.resolve("tls.crt"), own.certificatePem()),
                        "--tls-private-key-file="
                                + Files.writeString(directory.resolve("tls.key"), own.keyPem()));
        return Commands.start(Map.of(), output, command);
    }

    /** For the API server, once the program listens. */
    private static Path webhookConfig(Path output) throws IOException {
        await().atMost(Duration.ofMinutes(2))
                .until(() -> LISTENING.matcher(Files.readString(output)).find());
        Matcher address = LISTENING.matcher(Files.readString(output));
        assertThat(address.find()).isTrue();
        Path config = directory.resolve("webhook.kubeconfig");
        new Kubeconfig(
                        address.group(),
                        AUTHORITY.certificatePem(),
                        "server",
                        new Kubeconfig.Proof.Token("none"))
                .write(config, "webhook", Optional.empty());
        return config;
    }

    private static Map<String, String> credential(String id, String secret) {
        return Map.of(
                "OS_AUTH_URL", keystone.url().toString(),
                "OS_APPLICATION_CREDENTIAL_ID", id,
                "OS_APPLICATION_CREDENTIAL_SECRET", secret);
    }

    private static Path token(String user, String token) throws IOException {
        Path file = Files.createTempFile(directory, "token", ".kubeconfig");
        Kubeconfig.Proof proof = new Kubeconfig.Proof.Token(token);
        new Kubeconfig(world.url(), AUTHORITY.certificatePem(), user, proof)
                .write(file, "it", Optional.empty());
        return file;
    }

    /** A kubeconfig with which kubectl asks {@code credential} for a token. */
    private static Path plugIn(Map<String, String> variables) throws IOException {
        List<String> program = Commands.program("credential");
        ObjectNode config =
                (ObjectNode)
                        Yaml.parse(
                                        new Kubeconfig(
                                                        world.url(),
                                                        AUTHORITY.certificatePem(),
                                                        "it",
                                                        new Kubeconfig.Proof.Token(""))
                                                .yaml("it", Optional.empty()))
                                .tree();
        ObjectNode exec = Json.object();
        exec.put("apiVersion", "client.authentication.k8s.io/v1");
        exec.put("command", program.getFirst()).put("interactiveMode", "Never");
        program.subList(1, program.size()).forEach(exec.putArray("args")::add);
        var list = exec.putArray("env");
        variables.forEach((name, value) -> list.addObject().put("name", name).put("value", value));
        ((ObjectNode) config.at("/users/0")).putObject("user").set("exec", exec);
        return Files.writeString(
                Files.createTempFile(directory, "plugin", ".kubeconfig"), Json.text(config));
    }

    private static JsonNode whoami(Path config) throws IOException, InterruptedException {
        Commands.Run run = kubectl(config, "auth", "whoami", "--output=json");
        assertThat(run.exit()).as(run.output()).isZero();
        return Json.parse(run.output().getBytes(StandardCharsets.UTF_8)).at("/status/userInfo");
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(item -> texts.add(item.asString("")));
        return texts;
    }

    private static Commands.Run kubectl(Path config, String... arguments)
            throws IOException, InterruptedException {
        return new Commands(directory).kubectl(config, "", arguments);
    }

    /** Rights follow what they come from by an instant. */
    private static void allowed(Path config, String... arguments) {
        await().atMost(Duration.ofMinutes(4))
                .untilAsserted(() -> {
                    Commands.Run run = kubectl(config, arguments);
                    assertThat(run.exit()).as(run.output()).isZero();
                });
    }

    private static void forbidden(Path config, String... arguments)
            throws IOException, InterruptedException {
        Commands.Run run = kubectl(config, arguments);
        assertThat(run.exit()).isNotZero();
        assertThat(run.output()).containsIgnoringCase("forbidden");
    }

    private static void unauthorized(Path config) throws IOException, InterruptedException {
        Commands.Run run = kubectl(config, "get", "--raw=/api/v1/namespaces/default/configmaps");
        assertThat(run.exit()).isNotZero();
        assertThat(run.output()).contains("You must be logged in to the server");
    }

    private static void untilUnauthorized(Path config) {
        await().atMost(Duration.ofMinutes(4)).untilAsserted(() -> unauthorized(config));
    }

    private static ObjectNode binding(String name, String group, String clusterRole) {
        String api = "rbac.authorization.k8s.io";
        ObjectNode binding = Json.object();
        binding.putObject("metadata").put("name", name);
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
}
