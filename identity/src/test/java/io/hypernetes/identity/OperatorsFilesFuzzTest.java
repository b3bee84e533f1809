package io.hypernetes.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.fuzzing.Fuzz;
import io.hypernetes.identity.abac.AbacAuthorizer;
import io.hypernetes.identity.token.TokenFileAuthenticator;
import io.hypernetes.identity.webhook.WebhookFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/** The files that an operator names: read, or refused with a sentence before anything starts. */
class OperatorsFilesFuzzTest {
    private static final Predicate<Throwable> REFUSAL =
            e -> e instanceof IOException || e instanceof IllegalArgumentException;

    @TempDir Path folder;

    private interface Reading {
        Object read(Path file) throws IOException;
    }

    private void read(List<String> seeds, List<String> words, Reading reading) {
        Path file = folder.resolve("file");
        Fuzz.of(seeds, words)
                .refusing(REFUSAL)
                .run(bytes -> {
                    Files.write(file, bytes);
                    assertThat(reading.read(file)).isNotNull();
                });
    }

    @Test
    void policiesOfAbac() {
        read(
                List.of(
                        "{\"apiVersion\":\"abac.authorization.kubernetes.io/v1beta1\",\"kind\":\"Policy\",\"spec\":{\"user\":\"alice\",\"namespace\":\"*\",\"resource\":\"*\",\"apiGroup\":\"*\",\"readonly\":true}}\n",
                        "{\"user\":\"bob\",\"resource\":\"pods\",\"tenant\":\"acme\"}\n"
                                + "# no more\n"),
                List.of("{", "}", "\n", "\"group\":\"*\"", "\"spec\":", "null", "[]", "1e999", "#"),
                AbacAuthorizer::new);
    }

    @Test
    void tokens() {
        read(
                List.of("31ada4fd,alice,7,\"tenant:acme,web\"\n# no more\n", "t,bob,8\n"),
                List.of(",", "\"", "\n", "tenant:", "tenant:../x", "#", "system:masters", "\u0000"),
                TokenFileAuthenticator::new);
    }

    @Test
    void webhooks() {
        read(
                List.of(
                        "apiVersion: v1\nkind: Config\ncurrent-context: a\nclusters: [{name: c,"
                                + " cluster: {server: https://127.0.0.1/x,"
                                + " certificate-authority-data: YQ==}}]\nusers: [{name: u, user:"
                                + " {token: t, client-certificate-data: YQ==, client-key-data:"
                                + " YQ==}}]\ncontexts: [{name: a, context: {cluster: c, user:"
                                + " u}}]\n"),
                List.of("{", "}", "[", "]", "- ", "&a", "*a", "!!binary", "server: ", "null", "%"),
                WebhookFile::read);
    }
}
