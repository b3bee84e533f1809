package io.hypernetes.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.TokenIssuer;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.FeedReader;
import io.hypernetes.memoryclient.MemoryClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

final class TokenSecretControllerTest {
    private static final Tenant ACME = new Tenant("acme");
    private static final Tenant GLOBEX = new Tenant("globex");

    /** Tokens that say whose they are. */
    private static final class PlainTokens implements TokenIssuer {
        @Override
        public Token forUser(Tenant tenant, UserInfo user) {
            throw new IllegalStateException("nobody logs in here");
        }

        @Override
        public Token forServiceAccount(
                Tenant tenant,
                String namespace,
                String name,
                String uid,
                List<String> audiences,
                Optional<Bound> bound,
                Duration lifetime) {
            String secret = bound.orElseThrow().name();
            return new Token(String.join("/", tenant.name(), name, uid, secret), Instant.MAX);
        }
    }

    private final MemoryClient client = new MemoryClient();
    private final FeedReader reader = new FeedReader(client);
    private final TokenSecretController secrets =
            new TokenSecretController(client, new PlainTokens(), "the certificate", reader).start();

    @AfterEach
    void stop() {
        reader.close();
        secrets.close();
    }

    private static ObjectKey key(Tenant tenant, String name) {
        return new ObjectKey(tenant, "web", name);
    }

    private String account(Tenant tenant, String name) {
        ObjectNode account = Json.object();
        account.putObject("metadata").put("namespace", "web").put("name", name);
        return Metadata.uid(client.create(BuiltinTypes.SERVICE_ACCOUNTS, tenant, account));
    }

    private void secret(Tenant tenant, String name, String account) {
        ObjectNode secret = Json.object();
        secret.putObject("metadata").put("namespace", "web").put("name", name);
        Metadata.ensureAnnotations(secret).put("kubernetes.io/service-account.name", account);
        secret.put("type", "kubernetes.io/service-account-token");
        client.create(BuiltinTypes.SECRETS, tenant, secret);
    }

    private boolean exists(Tenant tenant, String name) {
        return client.find(BuiltinTypes.SECRETS, key(tenant, name)).isPresent();
    }

    private String data(Tenant tenant, String name, String field) {
        String encoded =
                client.find(BuiltinTypes.SECRETS, key(tenant, name))
                        .map(secret -> secret.path("data").path(field).asString(""))
                        .orElse("");
        return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    }

    @Test
    void aSecretGetsATokenOfItsAccountAndGoesWithIt() {
        String acme = account(ACME, "robot");
        String globex = account(GLOBEX, "robot");
        reader.start();
        secret(ACME, "s", "robot");
        secret(GLOBEX, "s", "robot");

        await().until(() -> data(ACME, "s", "token").equals("acme/robot/" + acme + "/s"));
        await().until(() -> data(GLOBEX, "s", "token").equals("globex/robot/" + globex + "/s"));
        assertThat(data(ACME, "s", "ca.crt")).isEqualTo("the certificate");
        assertThat(data(ACME, "s", "namespace")).isEqualTo("web");
        ObjectNode filled = client.get(BuiltinTypes.SECRETS, key(ACME, "s"));
        assertThat(Metadata.annotation(filled, "kubernetes.io/service-account.uid"))
                .isEqualTo(acme);

        client.delete(BuiltinTypes.SERVICE_ACCOUNTS, key(ACME, "robot"), DeleteOptions.DEFAULT);
        await().until(() -> !exists(ACME, "s"));
        assertThat(exists(GLOBEX, "s")).isTrue();
    }

    @Test
    void aSecretOfNobodyGoesAndOthersAreLeftAlone() {
        ObjectNode other = Json.object();
        other.putObject("metadata").put("namespace", "web").put("name", "other");
        Metadata.ensureAnnotations(other).put("kubernetes.io/service-account.name", "nobody");
        client.create(BuiltinTypes.SECRETS, ACME, other.put("type", "Opaque"));
        secret(ACME, "s", "nobody");
        reader.start();

        await().until(() -> !exists(ACME, "s"));
        assertThat(exists(ACME, "other")).isTrue();
    }
}
