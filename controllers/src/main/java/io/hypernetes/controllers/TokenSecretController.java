package io.hypernetes.controllers;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.access.TokenIssuer;
import io.hypernetes.api.client.ChangeFeed;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.FeedReader;
import io.hypernetes.controllerruntime.Reconciler;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Fills Secrets of the type {@code kubernetes.io/service-account-token} with a token of the account
 * that they name, and removes those whose account is not there. The token is bound to its Secret:
 * it is worth nothing once the Secret or the account is gone.
 */
public final class TokenSecretController
        implements Reconciler<TokenSecretController.Subject>, FeedReader.Listener, AutoCloseable {

    private static final String SECRET_TYPE = "kubernetes.io/service-account-token";
    private static final String ACCOUNT = "kubernetes.io/service-account.name";
    private static final String ACCOUNT_UID = "kubernetes.io/service-account.uid";
    private static final String TOKEN = "token";

    /** As long as the certificate authority: such tokens are not renewed. */
    private static final Duration LIFETIME = Duration.ofDays(3650);

    private static final int WORKERS = 1;

    /** A Secret, or an account that is gone. */
    record Subject(ResourceType type, ObjectKey key) {}

    private final Client client;
    private final TokenIssuer tokens;
    private final String certificatePem;
    private final Controller<Subject> controller;

    /**
     * @param reader of the change feed; the caller starts it afterwards
     * @param certificatePem of the authority that signed the server's certificate
     */
    public TokenSecretController(
            Client client, TokenIssuer tokens, String certificatePem, FeedReader reader) {
        this.client = client;
        this.tokens = tokens;
        this.certificatePem = certificatePem;
        this.controller = new Controller<>("token-secrets", WORKERS, this);
        reader.listen(this);
    }

    public TokenSecretController start() {
        controller.start();
        return this;
    }

    @Override
    public void close() {
        controller.close();
    }

    @Override
    public void seen(ChangeFeed.Item item) {
        if (item.resource().equals(BuiltinTypes.SECRETS.id())) {
            if (!item.gone() && item.mentions(SECRET_TYPE)) {
                controller.enqueue(new Subject(BuiltinTypes.SECRETS, item.key()));
            }
        } else if (item.resource().equals(BuiltinTypes.SERVICE_ACCOUNTS.id()) && item.gone()) {
            controller.enqueue(new Subject(BuiltinTypes.SERVICE_ACCOUNTS, item.key()));
        }
    }

    @Override
    public Result reconcile(Subject subject) {
        if (subject.type().equals(BuiltinTypes.SECRETS)) {
            client.find(BuiltinTypes.SECRETS, subject.key())
                    .ifPresent(secret -> keep(subject.key(), secret));
        } else {
            Selection namespace = Selection.of(subject.key().tenant(), subject.key().namespace());
            client.list(BuiltinTypes.SECRETS, namespace)
                    .items()
                    .forEach(item -> {
                        if (account(item.object()).equals(subject.key().name())) {
                            keep(item.key(), item.object());
                        }
                    });
        }
        return DONE;
    }

    /** The account that a token Secret names; empty for all other Secrets. */
    private static String account(ObjectNode secret) {
        return secret.path("type").asString("").equals(SECRET_TYPE)
                ? Metadata.annotation(secret, ACCOUNT)
                : "";
    }

    private void keep(ObjectKey key, ObjectNode secret) {
        String name = account(secret);
        if (name.isEmpty() || Metadata.isBeingDeleted(secret)) {
            return;
        }
        ObjectKey accountKey = new ObjectKey(key.tenant(), key.namespace(), name);
        String uid = Metadata.annotation(secret, ACCOUNT_UID);
        Optional<ObjectNode> account =
                client.find(BuiltinTypes.SERVICE_ACCOUNTS, accountKey)
                        .filter(found -> uid.isEmpty() || uid.equals(Metadata.uid(found)));
        if (account.isEmpty()) {
            delete(key, secret);
            return;
        }
        ObjectNode filled = secret.deepCopy();
        fill(key, filled, account.get());
        if (!filled.equals(secret)) {
            client.update(BuiltinTypes.SECRETS, key.tenant(), filled);
        }
    }

    private void fill(ObjectKey key, ObjectNode secret, ObjectNode account) {
        String uid = Metadata.uid(account);
        Metadata.ensureAnnotations(secret).put(ACCOUNT_UID, uid);
        ObjectNode data = secret.withObjectProperty("data");
        data.put("ca.crt", encode(certificatePem)).put("namespace", encode(key.namespace()));
        if (data.path(TOKEN).asString("").isEmpty()) {
            TokenIssuer.Bound bound =
                    new TokenIssuer.Bound("Secret", key.name(), Metadata.uid(secret), true);
            TokenIssuer.Token token =
                    tokens.forServiceAccount(
                            key.tenant(),
                            key.namespace(),
                            Metadata.name(account),
                            uid,
                            List.of(),
                            Optional.of(bound),
                            LIFETIME);
            data.put(TOKEN, encode(token.value()));
        }
    }

    private void delete(ObjectKey key, ObjectNode secret) {
        try {
            client.delete(
                    BuiltinTypes.SECRETS, key, DeleteOptions.DEFAULT.onlyUid(Metadata.uid(secret)));
        } catch (ApiException e) {
            if (!e.is(Reason.NOT_FOUND) && !e.is(Reason.CONFLICT)) {
                throw e;
            }
        }
    }

    private static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
