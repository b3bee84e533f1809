package io.hypernetes.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.types.BuiltinTypes;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The manifests of the project that came before, as they were written, by today's kubectl. */
class LegacyManifestsIT {
    private static final String ALICE =
            """
            apiVersion: "stable.example.com/v1"
            kind: User
            metadata:
              name: alice
            username: "alice chen"
            """;

    @TempDir Path folder;

    private record Run(int exit, String out) {}

    private Run run(Path config, String input, String... arguments)
            throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("kubectl", "--kubeconfig", config.toString()));
        command.add("--cache-dir=" + folder.resolve("cache"));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(folder, "out", "");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(out.toFile())
                        .start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        return new Run(process.exitValue(), Files.readString(out));
    }

    private String kubectl(Path config, String input, String... arguments)
            throws IOException, InterruptedException {
        Run run = run(config, input, arguments);
        assertThat(run.exit()).as(run.out()).isZero();
        return run.out();
    }

    private String until(Path config, String input, String... arguments)
            throws IOException, InterruptedException {
        Instant end = Instant.now().plus(Duration.ofSeconds(60));
        Run run = run(config, input, arguments);
        while (run.exit() != 0 && Instant.now().isBefore(end)) {
            Thread.sleep(300);
            run = run(config, input, arguments);
        }
        assertThat(run.exit()).as(run.out()).isZero();
        return run.out();
    }

    @Test
    void theManifestsApplyAsTheyStand() throws Exception {
        String manifests;
        try (InputStream in = LegacyManifestsIT.class.getResourceAsStream("seed-manifests.yaml")) {
            manifests = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        try (TestServer server = new TestServer()) {
            Path alice = server.kubeconfig(folder, TestServer.ALICE, "");
            Path bob = server.kubeconfig(folder, TestServer.BOB, "");
            kubectl(alice, "", "create", "namespace", "namespace");
            assertThat(kubectl(alice, manifests, "apply", "-f", "-"))
                    .contains("thirdpartyresource.extensions/user.stable.example.com created")
                    .contains("clusterrole.rbac.authorization.k8s.io/namespace-creater created")
                    .contains("rolebinding.rbac.authorization.k8s.io/namespace-binding created");
            assertThat(kubectl(alice, manifests, "apply", "-f", "-"))
                    .doesNotContain("created")
                    .contains("unchanged");

            assertThat(kubectl(alice, "", "get", "thirdpartyresources", "-o", "name"))
                    .contains("user.stable.example.com");
            assertThat(until(alice, "", "get", "crd", "users.stable.example.com", "-o", "yaml"))
                    .contains("x-kubernetes-preserve-unknown-fields: true");
            assertThat(until(alice, ALICE, "apply", "-f", "-"))
                    .contains("user.stable.example.com/alice created");
            assertThat(kubectl(alice, "", "get", "users.stable.example.com", "alice", "-o", "yaml"))
                    .contains("username: alice chen");
            assertThat(kubectl(alice, "", "get", "clusterrole", "namespace-creater", "-o", "yaml"))
                    .contains("apiVersion: rbac.authorization.k8s.io/v1\n");
            assertThat(
                            server.stored(
                                            BuiltinTypes.CLUSTER_ROLE_BINDINGS,
                                            TestServer.ACME,
                                            "",
                                            "username-namespace-creater")
                                    .at("/subjects/0/apiGroup")
                                    .asString())
                    .isEqualTo("rbac.authorization.k8s.io");

            assertThat(kubectl(bob, "", "get", "crd", "-o", "name")).isEmpty();
            assertThat(kubectl(bob, "", "get", "thirdpartyresources", "-o", "name")).isEmpty();

            kubectl(alice, "", "delete", "thirdpartyresource", "user.stable.example.com");
            kubectl(
                    alice,
                    "",
                    "wait",
                    "--for=delete",
                    "crd/users.stable.example.com",
                    "--timeout=60s");
            assertThat(run(alice, "", "get", "users.stable.example.com").exit()).isNotZero();
        }
    }
}
