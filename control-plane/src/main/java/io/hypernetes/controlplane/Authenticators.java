package io.hypernetes.controlplane;

import io.hypernetes.api.access.Authenticator;
import io.hypernetes.api.client.Client;
import io.hypernetes.identity.account.Accounts;
import io.hypernetes.identity.account.TokenSecrets;
import io.hypernetes.identity.certificate.CertificateAuthenticator;
import io.hypernetes.identity.keystone.KeystoneAuthenticator;
import io.hypernetes.identity.oidc.OidcAuthenticator;
import io.hypernetes.identity.password.PasswordAuthenticator;
import io.hypernetes.identity.pki.CertificateAuthority;
import io.hypernetes.identity.token.BootstrapTokenAuthenticator;
import io.hypernetes.identity.token.SignedTokens;
import io.hypernetes.identity.token.TokenAuthenticator;
import io.hypernetes.identity.token.TokenFileAuthenticator;
import io.hypernetes.identity.webhook.WebhookAuthenticator;
import io.hypernetes.identity.webhook.WebhookFile;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** All who can say who somebody is, in the order in which they are asked. */
final class Authenticators {

    /** Within this time what a token webhook takes back is felt. */
    private static final Duration FRESH = Duration.ofSeconds(10);

    private final IdentityConfig config;
    private final Client client;
    private final CertificateAuthority authority;
    private final SignedTokens tokens;
    private final Clock clock;

    Authenticators(
            IdentityConfig config,
            Client client,
            CertificateAuthority authority,
            SignedTokens tokens,
            Clock clock) {
        this.config = config;
        this.client = client;
        this.authority = authority;
        this.tokens = tokens;
        this.clock = clock;
    }

    /** Started; {@code parts} closes them. */
    List<Authenticator> start(Parts parts) throws IOException, InterruptedException {
        Accounts accounts = parts.closing(new Accounts(client)).start();
        accounts.awaitSynced();
        List<Authenticator> all = new ArrayList<>();
        all.add(new CertificateAuthenticator(authority.certificate(), clock));
        all.add(new TokenAuthenticator(tokens, accounts, new TokenSecrets(client, clock), clock));
        all.add(new BootstrapTokenAuthenticator(client, clock));
        if (config.tokenFile().isPresent()) {
            all.add(new TokenFileAuthenticator(config.tokenFile().get()));
        }
        config.oidc().ifPresent(oidc -> all.add(parts.closing(new OidcAuthenticator(oidc, clock))));
        if (config.keystone().isPresent()) {
            KeystoneAuthenticator keystone =
                    parts.closing(new KeystoneAuthenticator(config.keystone().get(), client, clock))
                            .start();
            keystone.awaitSynced();
            all.add(keystone);
        } else {
            all.add(new PasswordAuthenticator(accounts, clock));
        }
        if (config.tokenWebhook().isPresent()) {
            WebhookFile webhook = WebhookFile.read(config.tokenWebhook().get());
            all.add(parts.closing(new WebhookAuthenticator(webhook, FRESH, clock)));
        }
        return all;
    }
}
