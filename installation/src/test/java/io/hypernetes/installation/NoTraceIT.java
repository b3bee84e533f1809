package io.hypernetes.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.httpclient.Kubeconfig;
import io.hypernetes.httpclient.RemoteClient;
import io.hypernetes.identity.conformance.KeystoneProcess;

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
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Passwords, tokens and application credentials that Keystone was asked about leave no trace: not
 * in the store, the logs (all bodies audited), the command line, the environment, and a moment
 * later not in the memory of the server either, although who showed them is still known.
 */
class NoTraceIT {
    private static final String PASSWORD = "trudys-own-password-7315";
    private static final String WRONG = "not-trudys-password-2281";
    private static final String SECRET = "the-application-secret-9467";

    private static final String AUDIT =
            """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            rules: [{level: RequestResponse}]
            """;

    @TempDir private Path directory;

    private Path data() {
        return directory.resolve("data");
    }

    @Test
    void whatWasShownIsNowhereAfterwards() throws IOException, InterruptedException {
        KeystoneProcess keystone = KeystoneCloud.get().keystone();
        String project = keystone.create("project", "trace", "domain_id", "default");
        String trudy =
                keystone.create(
                        "user", "trudy", "password", PASSWORD, "default_project_id", project);
        keystone.role("PUT", trudy, project, "member");
        String tracy = keystone.user("tracy", "default_project_id", project);
        keystone.role("PUT", tracy, project, "member");
        String token = keystone.token("tracy", "trace");
        // Keystone sees a role a moment after it was given.
        String application =
                await().atMost(Duration.ofMinutes(4))
                        .ignoreExceptionsInstanceOf(IOException.class)
                        .until(() -> applicationCredential(keystone, tracy, token), id -> true);
        Path log = directory.resolve("server.log");
        Process server = Commands.start(Map.of(), log, server(keystone));
        try {
            Path operator = data().resolve("operator.kubeconfig");
            await().atMost(Duration.ofMinutes(4))
                    .until(() -> Files.readString(log).contains("ready: https://"));
            Kubeconfig access = Kubeconfig.read(operator);
            makeTenant(access);
            Kubeconfig.Proof password = new Kubeconfig.Proof.Password("trudy", PASSWORD);
            untilAllowed(access, password);
            untilAllowed(access, new Kubeconfig.Proof.Token(token));
            untilAllowed(access, new Kubeconfig.Proof.Password(application, SECRET));
            Kubeconfig.Proof wrong = new Kubeconfig.Proof.Password("trudy", WRONG);
            assertThat(allowed(access, wrong)).isFalse();

            List<String> words =
                    List.of(
                            PASSWORD,
                            WRONG,
                            SECRET,
                            token,
                            base64("trudy:" + PASSWORD),
                            base64("trudy:" + WRONG),
                            base64(application + ":" + SECRET));
            assertThat(wordsInFiles(words)).isEmpty();
            assertThat(HeapDump.wordsIn(log, words)).isEmpty();
            Path process = Path.of("/proc", Long.toString(server.pid()));
            assertThat(HeapDump.wordsIn(process.resolve("cmdline"), words)).isEmpty();
            assertThat(HeapDump.wordsIn(process.resolve("environ"), words)).isEmpty();
            await().atMost(Duration.ofMinutes(4))
                    .untilAsserted(() ->
                            assertThat(HeapDump.wordsIn(server.pid(), directory, words)).isEmpty());
            assertThat(HeapDump.wordsIn(server.pid(), directory, List.of("trudy")))
                    .as("what a dump is good for")
                    .contains("trudy");
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    private List<String> server(KeystoneProcess keystone) throws IOException {
        Path policy = Files.writeString(directory.resolve("audit.yaml"), AUDIT);
        return Commands.program(
                "server",
                "--components=api,controllers",
                "--port=0",
                "--data=" + data(),
                "--keystone-url=" + keystone.url(),
                "--keystone-timeout-seconds=60",
                "--keystone-revalidate-seconds=300",
                "--audit-policy-file=" + policy,
                "--audit-log-path=" + directory.resolve("data/audit.log"));
    }

    private static String applicationCredential(KeystoneProcess keystone, String user, String token)
            throws IOException, InterruptedException {
        ObjectNode body = Json.object();
        body.putObject("application_credential").put("name", "trace").put("secret", SECRET);
        String id =
                keystone.call(
                                "POST",
                                "/users/" + user + "/application_credentials",
                                Optional.of(body),
                                token)
                        .at("/application_credential/id")
                        .asString();
        return "application-credential/" + id;
    }

    private static void makeTenant(Kubeconfig operator) {
        ObjectNode tenant = Json.object();
        tenant.putObject("metadata").put("name", "trace");
        try (RemoteClient client = new RemoteClient(operator)) {
            client.create(BuiltinTypes.TENANTS, Tenant.SYSTEM, tenant);
        }
    }

    /** A namespace that is made in the tenant's world is a body that is audited. */
    private static boolean allowed(Kubeconfig server, Kubeconfig.Proof proof) {
        ObjectNode namespace = Json.object();
        namespace.put("apiVersion", "v1").put("kind", "Namespace");
        namespace.putObject("metadata").put("generateName", "trace-");
        try (RemoteClient client =
                new RemoteClient(
                        new Kubeconfig(server.server(), server.authority(), "any", proof))) {
            client.send("POST", "/api/v1/namespaces", Optional.of(namespace), "application/json");
            return true;
        } catch (ApiException _) {
            return false;
        }
    }

    private static void untilAllowed(Kubeconfig server, Kubeconfig.Proof proof) {
        await().atMost(Duration.ofMinutes(4))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> allowed(server, proof));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private Set<String> wordsInFiles(List<String> words) throws IOException {
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.walk(data())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                found.addAll(HeapDump.wordsIn(file, words));
            }
        }
        return found;
    }
}
