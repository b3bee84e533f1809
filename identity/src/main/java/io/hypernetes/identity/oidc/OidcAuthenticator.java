package io.hypernetes.identity.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Authenticator;
import io.hypernetes.api.access.Credentials;
import io.hypernetes.api.access.Identity;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.identity.AuthorizationHeader;
import io.hypernetes.identity.Unauthorized;
import io.hypernetes.identity.remote.UnreachableException;

import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * ID tokens of one provider, as Kubernetes takes them; which tenants somebody has, a claim says.
 * Tokens of other issuers are left to others. Nobody is {@code system:…} by what a provider says.
 */
public final class OidcAuthenticator implements Authenticator, AutoCloseable {

    private static final Duration SKEW = Duration.ofSeconds(10);

    private final OidcSettings settings;
    private final ProviderKeys keys;
    private final Clock clock;

    public OidcAuthenticator(OidcSettings settings, Clock clock) {
        if (!"https".equals(settings.issuer().getScheme())) {
            throw new IllegalArgumentException("--oidc-issuer-url begins with https://");
        }
        this.settings = settings;
        this.keys = new ProviderKeys(settings, clock);
        this.clock = clock;
    }

    @Override
    public Optional<Identity> authenticate(Credentials credentials) {
        return AuthorizationHeader.bearer(credentials)
                .flatMap(bearer -> ofIssuer(bearer.token()))
                .map(jwt -> {
                    try {
                        return identity(jwt);
                    } catch (ParseException
                            | JOSEException
                            | UnreachableException
                            | IllegalArgumentException _) {
                        throw Unauthorized.exception();
                    }
                });
    }

    private Optional<SignedJWT> ofIssuer(String token) {
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            return Optional.of(jwt)
                    .filter(_ -> token.indexOf('.') > 0)
                    .filter(_ -> settings.issuer().toString().equals(issuer(jwt)));
        } catch (ParseException _) {
            return Optional.empty();
        }
    }

    private static String issuer(SignedJWT jwt) {
        try {
            return String.valueOf(jwt.getJWTClaimsSet().getIssuer());
        } catch (ParseException _) {
            return "";
        }
    }

    private Identity identity(SignedJWT jwt) throws ParseException, JOSEException {
        String algorithm = jwt.getHeader().getAlgorithm().getName();
        String keyId = String.valueOf(jwt.getHeader().getKeyID());
        if (!settings.signingAlgorithms().contains(algorithm)) {
            throw new JOSEException("not an algorithm that is taken here");
        }
        JWK key = keys.find(keyId).orElseThrow(() -> new JOSEException("no such key"));
        if (!jwt.verify(verifier(key))) {
            throw new JOSEException("signed by somebody else");
        }
        JWTClaimsSet claims = jwt.getJWTClaimsSet();
        requireCurrent(claims);
        if (!claims.getAudience().contains(settings.clientId())) {
            throw new JOSEException("for somebody else");
        }
        for (String required : settings.requiredClaims()) {
            int equals = required.indexOf('=');
            String value = claims.getStringClaim(required.substring(0, Math.max(0, equals)));
            if (!required.substring(equals + 1).equals(value)) {
                throw new JOSEException("a claim is missing");
            }
        }
        return identity(claims);
    }

    /** The key's kind decides, not the token: a public RSA key is no secret of an HMAC. */
    private static JWSVerifier verifier(JWK key) throws JOSEException {
        return switch (key) {
            case RSAKey rsa -> new RSASSAVerifier(rsa);
            case ECKey elliptic -> new ECDSAVerifier(elliptic);
            default -> throw new JOSEException("a key of another kind");
        };
    }

    private void requireCurrent(JWTClaimsSet claims) throws JOSEException {
        Instant now = clock.instant();
        Date expires = claims.getExpirationTime();
        Date notBefore = claims.getNotBeforeTime();
        if (expires == null
                || !now.isBefore(expires.toInstant())
                || (notBefore != null && now.plus(SKEW).isBefore(notBefore.toInstant()))) {
            throw new JOSEException("not now");
        }
    }

    private Identity identity(JWTClaimsSet claims) throws ParseException, JOSEException {
        String name = String.valueOf(claims.getStringClaim(settings.usernameClaim()));
        if (claims.getClaim(settings.usernameClaim()) == null || name.isEmpty()) {
            throw new JOSEException("no name");
        }
        if (settings.usernameClaim().equals("email")
                && Boolean.FALSE.equals(claims.getClaim("email_verified"))) {
            throw new JOSEException("an address that nobody has proved");
        }
        String user = settings.prefixOfUsers() + name;
        if (user.startsWith("system:")) {
            throw new JOSEException("Kubernetes' own name");
        }
        List<String> groups = new ArrayList<>();
        for (String group : texts(claims, settings.groupsClaim())) {
            String prefixed = settings.groupsPrefix() + group;
            if (!prefixed.startsWith("system:")) {
                groups.add(prefixed);
            }
        }
        groups.add(UserInfo.AUTHENTICATED);
        Set<Tenant> tenants = new LinkedHashSet<>();
        texts(claims, settings.tenantClaim()).forEach(text -> tenants.add(new Tenant(text)));
        Optional<Tenant> home =
                tenants.size() == 1 ? Optional.of(tenants.iterator().next()) : Optional.empty();
        UserInfo info = new UserInfo(user, "", List.copyOf(groups), Map.of());
        return new Identity(info, home, Set.copyOf(tenants), false);
    }

    /** One text, or a list of them. */
    private static List<String> texts(JWTClaimsSet claims, String name) throws ParseException {
        if (name.isEmpty() || claims.getClaim(name) == null) {
            return List.of();
        }
        return claims.getClaim(name) instanceof String text
                ? List.of(text)
                : claims.getStringListClaim(name);
    }

    @Override
    public void close() {
        keys.close();
    }
}
