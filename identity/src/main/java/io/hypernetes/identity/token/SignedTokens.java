package io.hypernetes.identity.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.TokenIssuer;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.identity.pki.SigningKey;

import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Makes and reads the installation's tokens. The algorithm is ES256 and nothing else: what a
 * token's header asks for is compared, never obeyed (RFC 8725).
 */
public final class SignedTokens implements TokenIssuer {

    /** The issuer, and the audience that means this API server. */
    public static final String ISSUER = "https://kubernetes.default.svc.cluster.local";

    static final Duration USER_LIFE = Duration.ofHours(8);
    static final Duration SHORTEST = Duration.ofMinutes(10);
    static final Duration LONGEST = Duration.ofHours(24);

    /** A token that dies with its pod may be as old as the pod. */
    static final Duration LONGEST_BOUND = Duration.ofDays(365);

    /** The token in a Secret is good while the Secret is there. */
    static final Duration LONGEST_IN_SECRET = Duration.ofDays(3650);

    private static final Duration SKEW = Duration.ofSeconds(10);
    private static final String KUBERNETES = "kubernetes.io";
    private static final String HYPERNETES = "hypernetes.io";

    /** As in upstream's tokens of this kind: the Secret that holds the token. */
    private static final String HOLDER = "kubernetes.io/serviceaccount/secret.name";

    private static final String SERVICE_ACCOUNT = "system:serviceaccount:";

    private final Clock clock;
    private final String keyId;
    private final ECKey publicKey;
    private final ECDSASigner signer;
    private final ECDSAVerifier verifier;

    public SignedTokens(SigningKey key, Clock clock) {
        this.clock = clock;
        try {
            publicKey =
                    new ECKey.Builder(Curve.P_256, key.publicKey())
                            .keyUse(KeyUse.SIGNATURE)
                            .algorithm(JWSAlgorithm.ES256)
                            .keyIDFromThumbprint()
                            .build();
            keyId = publicKey.getKeyID();
            signer = new ECDSASigner(key.privateKey());
            verifier = new ECDSAVerifier(key.publicKey());
        } catch (JOSEException e) {
            throw new IllegalArgumentException("tokens are signed with a P-256 key", e);
        }
    }

    @Override
    public Token forUser(Tenant tenant, UserInfo user) {
        return sign(
                user.name(),
                List.of(ISSUER),
                USER_LIFE,
                Map.of(HYPERNETES, Map.of("tenant", tenant.name(), "user", user.uid())));
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
        Map<String, Object> kubernetes = new LinkedHashMap<>();
        kubernetes.put("namespace", namespace);
        kubernetes.put("serviceaccount", Map.of("name", name, "uid", uid));
        bound.ifPresent(object ->
                kubernetes.put(
                        object.kind().toLowerCase(Locale.ROOT),
                        Map.of("name", object.name(), "uid", object.uid())));
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put(HYPERNETES, Map.of("tenant", tenant.name()));
        claims.put(KUBERNETES, kubernetes);
        bound.filter(Bound::holdsToken).ifPresent(secret -> claims.put(HOLDER, secret.name()));
        return sign(
                SERVICE_ACCOUNT + namespace + ":" + name,
                audiences.isEmpty() ? List.of(ISSUER) : audiences,
                bounded(lifetime, longest(bound)),
                claims);
    }

    @Override
    public Optional<Discovery> discovery() {
        String keys = new JWKSet(publicKey.toPublicJWK()).toString();
        return Optional.of(new Discovery(ISSUER, keys, JWSAlgorithm.ES256.getName()));
    }

    /** Whether this is a token of ours, not yet whether it is good. */
    boolean isOurs(String token) {
        try {
            SignedJWT jwt = parse(token);
            return ISSUER.equals(jwt.getJWTClaimsSet().getIssuer());
        } catch (ParseException _) {
            return false;
        }
    }

    /**
     * Who the token is for; empty unless we signed it, for us, and its time has come and not gone.
     */
    Optional<Subject> verify(String token) {
        return verify(token, List.of(ISSUER)).map(Verified::subject);
    }

    /**
     * @param audiences those of the wanted ones that the token is meant for, one at least
     */
    record Verified(Subject subject, List<String> audiences) {}

    /** The same of a token that is meant for one of these. */
    Optional<Verified> verify(String token, List<String> wanted) {
        try {
            SignedJWT jwt = parse(token);
            JWSHeader header = jwt.getHeader();
            if (!JWSAlgorithm.ES256.equals(header.getAlgorithm())
                    || !keyId.equals(header.getKeyID())
                    || !jwt.verify(verifier)) {
                return Optional.empty();
            }
            JWTClaimsSet claims = jwt.getJWTClaimsSet();
            Set<String> meant = Set.copyOf(claims.getAudience());
            List<String> audiences = wanted.stream().distinct().filter(meant::contains).toList();
            return ISSUER.equals(claims.getIssuer()) && !audiences.isEmpty() && isCurrent(claims)
                    ? Optional.of(new Verified(subject(claims), audiences))
                    : Optional.empty();
        } catch (ParseException | JOSEException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** The library passes over blanks and control characters around a token. */
    private static SignedJWT parse(String token) throws ParseException {
        if (!token.equals(token.trim())) {
            throw new ParseException("a token has no blanks", 0);
        }
        return SignedJWT.parse(token);
    }

    private boolean isCurrent(JWTClaimsSet claims) {
        Instant now = clock.instant();
        Date expires = claims.getExpirationTime();
        Date notBefore = claims.getNotBeforeTime();
        return expires != null
                && now.isBefore(expires.toInstant())
                && notBefore != null
                && !now.plus(SKEW).isBefore(notBefore.toInstant());
    }

    private static Subject subject(JWTClaimsSet claims) throws ParseException {
        Map<String, Object> ours = object(claims, HYPERNETES);
        Tenant tenant = new Tenant(text(ours, "tenant"));
        Instant expires = claims.getExpirationTime().toInstant();
        String id = String.valueOf(claims.getJWTID());
        if (claims.getClaim(KUBERNETES) == null) {
            return new Subject.User(
                    tenant, String.valueOf(claims.getSubject()), text(ours, "user"), expires, id);
        }
        Map<String, Object> bound = object(claims, KUBERNETES);
        Object account = bound.get("serviceaccount");
        if (!(account instanceof Map<?, ?> fields)) {
            throw new ParseException("no service account", 0);
        }
        return new Subject.ServiceAccount(
                tenant,
                text(bound, "namespace"),
                text(fields, "name"),
                text(fields, "uid"),
                bound(bound, claims.getClaim(HOLDER) != null),
                expires,
                id);
    }

    private static Optional<Bound> bound(Map<String, Object> claim, boolean holdsToken)
            throws ParseException {
        for (String kind : List.of("Pod", "Secret", "Node")) {
            if (claim.get(kind.toLowerCase(Locale.ROOT)) instanceof Map<?, ?> fields) {
                return Optional.of(
                        new Bound(kind, text(fields, "name"), text(fields, "uid"), holdsToken));
            }
        }
        return Optional.empty();
    }

    private static Map<String, Object> object(JWTClaimsSet claims, String name)
            throws ParseException {
        Map<String, Object> value = claims.getJSONObjectClaim(name);
        if (value == null) {
            throw new ParseException("no claim " + name, 0);
        }
        return value;
    }

    private static String text(Map<?, ?> fields, String name) throws ParseException {
        if (fields.get(name) instanceof String text && !text.isEmpty()) {
            return text;
        }
        throw new ParseException("no claim " + name, 0);
    }

    private static Duration longest(Optional<Bound> bound) {
        if (bound.isEmpty()) {
            return LONGEST;
        }
        return bound.get().holdsToken() ? LONGEST_IN_SECRET : LONGEST_BOUND;
    }

    private static Duration bounded(Duration lifetime, Duration longest) {
        if (lifetime.compareTo(SHORTEST) < 0) {
            return SHORTEST;
        }
        return lifetime.compareTo(longest) > 0 ? longest : lifetime;
    }

    private Token sign(
            String subject, List<String> audiences, Duration life, Map<String, Object> more) {
        Instant now = clock.instant();
        Instant expires = now.plus(life);
        JWTClaimsSet.Builder claims =
                new JWTClaimsSet.Builder()
                        .issuer(ISSUER)
                        .subject(subject)
                        .audience(audiences)
                        .issueTime(Date.from(now))
                        .notBeforeTime(Date.from(now))
                        .expirationTime(Date.from(expires))
                        .jwtID(UUID.randomUUID().toString());
        more.forEach(claims::claim);
        SignedJWT jwt =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(keyId).build(),
                        claims.build());
        try {
            jwt.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("a token cannot be signed", e);
        }
        return new Token(jwt.serialize(), expires);
    }
}
