package io.hypernetes.identity.oidc;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * As Kubernetes' flags {@code --oidc-…}, and which claim names the tenants.
 *
 * @param issuer exactly as in the tokens
 * @param clientId the audience that means us
 * @param usernamePrefix {@code -} for none; empty: the issuer and {@code #}, unless the claim is
 *     {@code email}
 * @param groupsClaim empty for no groups
 * @param tenantClaim a name or a list of names of tenants
 * @param authorities whose certificates the provider may show, PEM
 * @param requiredClaims {@code NAME=VALUE}
 */
public record OidcSettings(
        URI issuer,
        String clientId,
        String usernameClaim,
        String usernamePrefix,
        String groupsClaim,
        String groupsPrefix,
        String tenantClaim,
        Optional<String> authorities,
        List<String> signingAlgorithms,
        List<String> requiredClaims) {

    /** With what is usual. */
    public static OidcSettings of(URI issuer, String clientId, Optional<String> authorities) {
        return new OidcSettings(
                issuer,
                clientId,
                "sub",
                "",
                "",
                "",
                "tenant",
                authorities,
                List.of("RS256"),
                List.of());
    }

    String prefixOfUsers() {
        if (usernamePrefix.equals("-")) {
            return "";
        }
        if (!usernamePrefix.isEmpty()) {
            return usernamePrefix;
        }
        return usernameClaim.equals("email") ? "" : issuer + "#";
    }
}
