package io.hypernetes.cli;

import io.hypernetes.identity.keystone.KeystoneAuthenticator;
import io.hypernetes.identity.keystone.KeystoneSettings;
import io.hypernetes.identity.webhook.TokenReviewServer;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.Callable;

/** {@code hypernetes token-webhook}: Keystone's tokens for any Kubernetes. */
@Command(
        name = "token-webhook",
        description = {
            "Answer TokenReviews by asking Keystone, for an upstream kube-apiserver with",
            "--authentication-token-webhook-config-file. Runs until Ctrl-C."
        },
        mixinStandardHelpOptions = true)
final class TokenWebhookCommand implements Callable<Integer> {

    @Mixin private KeystoneOptions keystone = new KeystoneOptions();

    @Mixin private WebhookOptions webhook = new WebhookOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        KeystoneSettings settings =
                keystone.settings()
                        .orElseThrow(() -> new CommandException("--keystone-url is needed"));
        try (Termination end = new Termination();
                KeystoneAuthenticator authenticator =
                        KeystoneAuthenticator.withoutTenants(settings, Clock.systemUTC());
                TokenReviewServer server =
                        new TokenReviewServer(webhook.at(), webhook.tls(), authenticator)) {
            System.out.println("listening on " + webhook.url(server.port()));
            end.await();
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
        return 0;
    }
}
