package io.hypernetes.httpclient;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.fuzzing.Fuzz;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A kubeconfig is read, or refused with a sentence. */
class KubeconfigFuzzTest {
    private static final List<String> WORDS =
            List.of(
                    "users:",
                    "clusters:",
                    "contexts:",
                    "current-context: ",
                    "user:",
                    "token: ",
                    "tokenFile: ",
                    "client-key: ",
                    "client-key-data: ",
                    "{}",
                    "[]",
                    "- ",
                    "&a",
                    "*a",
                    "!!binary",
                    "\n  ",
                    "\u0000",
                    "null");

    @TempDir Path folder;

    @Test
    void isReadOrRefused() {
        Path file = folder.resolve("kubeconfig");
        Fuzz.of(List.of(written(new Kubeconfig.Proof.Token("t")), written(certificate())), WORDS)
                .refusing(e -> e instanceof IOException)
                .run(bytes -> {
                    Files.write(file, bytes);
                    assertThat(Kubeconfig.read(file).toString()).isNotEmpty();
                });
    }

    private static Kubeconfig.Proof certificate() {
        return new Kubeconfig.Proof.Certificate("certificate", "key");
    }

    private static String written(Kubeconfig.Proof proof) {
        return new String(
                new Kubeconfig("https://127.0.0.1:6443", "authority", "alice", proof)
                        .yaml("here", Optional.of("web")),
                StandardCharsets.UTF_8);
    }
}
