package io.hypernetes.installation;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.httpclient.Kubeconfig;
import io.hypernetes.httpclient.RemoteClient;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** {@code server --encrypt}, {@code tenant rotate-key}, {@code backup}: as somebody types them. */
class EncryptionIT {
    private static final Tenant ACME = new Tenant("acme");
    private static final ObjectKey GOLD = new ObjectKey(ACME, "default", "gold");
    private static final String PLAIN = "nobody-may-read-this";

    /** As it is stored, were it not sealed. */
    private static final String ENCODED =
            java.util.Base64.getEncoder().encodeToString(PLAIN.getBytes(StandardCharsets.UTF_8));

    @TempDir Path directory;

    private Path data() {
        return directory.resolve("data");
    }

    private Path keys() {
        return data().resolve("keys");
    }

    @Test
    void secretsAreSealedRotatedAndEndWithTheirTenant() throws Exception {
        Path copy = directory.resolve("copy.db");
        try (Server _ = new Server("first")) {
            ours("tenant", "create", "acme");
            try (RemoteClient client = client()) {
                client.create(BuiltinTypes.SECRETS, ACME, gold());
                assertThat(filesWith(PLAIN, ENCODED)).isEmpty();
                assertThat(mode(keys())).isEqualTo("rwx------");
                assertThat(mode(data().resolve("master.key"))).isEqualTo("rw-------");
                byte[] before = Files.readAllBytes(keys().resolve("acme.keys"));

                ours("tenant", "rotate-key", "acme");

                assertThat(Files.readAllBytes(keys().resolve("acme.keys"))).isNotEqualTo(before);
                assertThat(client.get(BuiltinTypes.SECRETS, GOLD).path("data").path("bar"))
                        .hasToString('"' + ENCODED + '"');
                ours("backup", copy.toString());
                ours("tenant", "delete", "acme");
                assertThat(keys().resolve("acme.keys")).doesNotExist();
                assertThat(filesWith(PLAIN, ENCODED)).isEmpty();
            }
        }
        restored(copy);
    }

    /** The copy has the tenant, and of its secrets nothing that anybody can read. */
    private void restored(Path copy) throws IOException, InterruptedException {
        try (Server _ = new Server("second", "--store", "sqlite:" + copy);
                RemoteClient client = client()) {
            assertThat(client.list(BuiltinTypes.NAMESPACES, Selection.of(ACME)).items())
                    .isNotEmpty();
            assertThat(client.find(BuiltinTypes.SECRETS, GOLD)).isEmpty();
        }
    }

    private static ObjectNode gold() {
        ObjectNode secret = Json.object();
        secret.put("apiVersion", "v1").put("kind", "Secret");
        secret.putObject("metadata").put("name", "gold").put("namespace", "default");
        secret.putObject("stringData").put("bar", PLAIN);
        return secret;
    }

    private void ours(String... arguments) throws IOException, InterruptedException {
        List<String> all = new java.util.ArrayList<>(List.of(arguments));
        all.add("--data=" + data());
        Commands.Run run = new Commands(directory).ours(Map.of(), "", all.toArray(String[]::new));
        assertThat(run.exit()).as(run.output()).isZero();
    }

    private RemoteClient client() throws IOException {
        return new RemoteClient(Kubeconfig.read(data().resolve("operator.kubeconfig")));
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    /** Of the state, its log, and whatever else lies there. */
    private List<Path> filesWith(String... texts) throws IOException {
        try (Stream<Path> files = Files.walk(data())) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> Stream.of(texts).anyMatch(text -> holds(file, text)))
                    .toList();
        }
    }

    private static boolean holds(Path file, String text) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The program as a process, killed at the end: nothing is lost by that. */
    private final class Server implements AutoCloseable {
        private final Process process;

        Server(String name, String... more) throws IOException {
            List<String> arguments =
                    new java.util.ArrayList<>(
                            List.of(
                                    "server",
                                    "--components=api,controllers",
                                    "--port=0",
                                    "--encrypt=secrets",
                                    "--data=" + data()));
            arguments.addAll(List.of(more));
            Path log = directory.resolve(name + ".log");
            process =
                    Commands.start(
                            Map.of(), log, Commands.program(arguments.toArray(String[]::new)));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(120))
                    .until(() -> {
                        assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
                        return Files.readString(log).contains("ready: https://");
                    });
        }

        @Override
        public void close() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }
    }
}
