package io.hypernetes.controlplane;

import io.hypernetes.identity.keystone.KeystoneSettings;
import io.hypernetes.identity.oidc.OidcSettings;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who is asked about people and rights, beside the installation's own certificates and tokens.
 *
 * @param keystone asked about passwords and its own tokens, instead of the passwords kept here
 * @param keystoneAccount what the installation does at Keystone with an account of its own
 * @param keystoneRoles the ClusterRole that each of Keystone's roles means in a tenant's world
 * @param tokenFile tokens as in Kubernetes' {@code --token-auth-file}
 * @param oidc an OpenID Connect provider
 * @param tokenWebhook a kubeconfig of who is asked about tokens that nobody else knows
 * @param modes who decides about rights, asked in this order
 * @param abacPolicy the file of the mode ABAC
 * @param rightsWebhook a kubeconfig of who is asked in the mode Webhook
 */
public record IdentityConfig(
        Optional<KeystoneSettings> keystone,
        Optional<KeystoneAccount> keystoneAccount,
        Map<String, String> keystoneRoles,
        Optional<Path> tokenFile,
        Optional<OidcSettings> oidc,
        Optional<Path> tokenWebhook,
        List<AuthorizationMode> modes,
        Optional<Path> abacPolicy,
        Optional<Path> rightsWebhook) {

    /** What needs no set-up. */
    public static final IdentityConfig BUILT_IN =
            new IdentityConfig(
                    Optional.empty(),
                    Optional.empty(),
                    Map.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    AuthorizationMode.DEFAULT,
                    Optional.empty(),
                    Optional.empty());

    /** The same, with the users of a Keystone. */
    public IdentityConfig withKeystone(KeystoneSettings settings, Map<String, String> roles) {
        return new IdentityConfig(
                Optional.of(settings),
                Optional.empty(),
                roles,
                tokenFile,
                oidc,
                tokenWebhook,
                modes,
                abacPolicy,
                rightsWebhook);
    }

    /** The same, with an account at its Keystone. */
    public IdentityConfig withKeystoneAccount(KeystoneAccount account) {
        return new IdentityConfig(
                keystone,
                Optional.of(account),
                keystoneRoles,
                tokenFile,
                oidc,
                tokenWebhook,
                modes,
                abacPolicy,
                rightsWebhook);
    }
}
