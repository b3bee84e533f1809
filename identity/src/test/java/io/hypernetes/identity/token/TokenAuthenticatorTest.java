package io.hypernetes.identity.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Credentials;
import io.hypernetes.api.access.Identity;
import io.hypernetes.api.access.TokenIssuer.Bound;
import io.hypernetes.api.access.TokenIssuer.Token;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.identity.account.Account;
import io.hypernetes.identity.account.TokenSecrets;
import io.hypernetes.identity.account.World;
import io.hypernetes.identity.pki.SigningKey;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class TokenAuthenticatorTest {

    private static final Tenant ACME = new Tenant("acme");

    private final Clock clock = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);

    @TempDir private Path folder;
    private World world;
    private SigningKey key;
    private SignedTokens tokens;
    private TokenAuthenticator authenticator;

    @BeforeEach
    void start() throws Exception {
        world = new World();
        key = SigningKey.open(folder.resolve("token.key"));
        tokens = new SignedTokens(key, clock);
        authenticator = authenticator(tokens, clock);
    }

    @AfterEach
    void stop() {
        world.close();
    }

    @Test
    void aUsersTokenIsGoodForItsTenantAlone() {
        Token token = tokenOf(world.user("alice", "acme", "globex"));

        Identity identity = identity(token.value());

        assertThat(identity.user().name()).isEqualTo("alice");
        assertThat(identity.user().groups()).containsExactly("system:authenticated");
        assertThat(identity.tenants()).containsExactly(ACME);
        assertThat(identity.home()).contains(ACME);
        assertThat(identity.operator()).isFalse();
        assertThat(token.expires()).isEqualTo(clock.instant().plus(Duration.ofHours(8)));
    }

    @Test
    void aServiceAccountsTokenHasTheUsualGroups() {
        String uid = world.serviceAccount("acme", "web", "robot");
        Token token =
                tokens.forServiceAccount(ACME, "web", "robot", uid, List.of(), Duration.ofHours(1));

        Identity identity = identity(token.value());

        assertThat(identity.user().name()).isEqualTo("system:serviceaccount:web:robot");
        assertThat(identity.user().uid()).isEqualTo(uid);
        assertThat(identity.user().groups())
                .containsExactly(
                        "system:serviceaccounts",
                        "system:serviceaccounts:web",
                        "system:authenticated");
        assertThat(identity.tenants()).containsExactly(ACME);
    }

    @Test
    void theTokenOfADeletedOrRecreatedServiceAccountIsWorthless() {
        String uid = world.serviceAccount("acme", "web", "robot");
        String token =
                tokens.forServiceAccount(ACME, "web", "robot", uid, List.of(), Duration.ofHours(1))
                        .value();
        assertThat(identity(token)).isNotNull();
        world.deleteServiceAccount("acme", "web", "robot");
        world.serviceAccount("acme", "web", "robot");
        world.serviceAccount("globex", "web", "robot");

        await().untilAsserted(() -> assertRefused(token));
    }

    @Test
    void theTokenOfADeletedUserIsWorthless() {
        String token = tokenOf(world.user("alice", "acme")).value();
        assertThat(identity(token)).isNotNull();
        world.deleteUser("alice");

        await().untilAsserted(() -> assertRefused(token));
    }

    @Test
    void aUserWhoLeftTheTenantIsRefused() {
        ObjectNode user = world.user("alice", "acme");
        String token = tokenOf(user).value();
        ((ObjectNode) user.path("spec").path("tenants").get(0)).put("name", "globex");
        world.client().update(BuiltinTypes.USERS, Tenant.SYSTEM, user);

        await().untilAsserted(() -> assertRefused(token));
    }

    @Test
    void aTokenForAnotherAudienceIsNotForUs() {
        String uid = world.serviceAccount("acme", "web", "robot");
        assertRefused(
                tokens.forServiceAccount(
                                ACME, "web", "robot", uid, List.of("vault"), Duration.ofHours(1))
                        .value());
    }

    @Test
    void aReviewFindsThoseThatATokenIsMeantFor() {
        String uid = world.serviceAccount("acme", "web", "robot");
        List<String> audiences = List.of("vault", "door");
        Credentials shown =
                bearer(
                        tokens.forServiceAccount(
                                        ACME, "web", "robot", uid, audiences, Duration.ofHours(1))
                                .value());
        assertThat(authenticator.review(shown, List.of("none", "door")).orElseThrow().audiences())
                .containsExactly("door");
        assertThat(authenticator.review(shown, List.of("none"))).isEmpty();
        assertThat(authenticator.review(bearer("no token"), audiences)).isEmpty();
        Credentials ofNobody =
                bearer(
                        tokens.forServiceAccount(
                                        ACME, "web", "gone", "u", audiences, Duration.ofHours(1))
                                .value());
        assertThat(authenticator.review(ofNobody, audiences)).isEmpty();
    }

    @Test
    void aTokenIsNothingButItsCharacters() {
        String token = tokenOf(world.user("alice", "acme")).value();
        assertThat(tokens.verify(token)).isPresent();
        for (String changed : List.of(" " + token, "\u0000" + token, token + "\n")) {
            assertThat(tokens.isOurs(changed)).isFalse();
            assertThat(tokens.verify(changed)).isEmpty();
        }
    }

    @Test
    void anExpiredTokenIsRefusedEvenWhenItWasSeenBefore() {
        String token = tokenOf(world.user("alice", "acme")).value();
        Clock later = Clock.offset(clock, Duration.ofHours(8));

        assertThatThrownBy(() ->
                        authenticator(new SignedTokens(key, later), later)
                                .authenticate(bearer(token)))
                .isInstanceOf(ApiException.class);
        assertThatThrownBy(() -> authenticator(tokens, later).authenticate(bearer(token)))
                .isInstanceOf(ApiException.class);
    }

    @Test
    void theHeaderCannotChooseTheAlgorithm() throws Exception {
        ObjectNode user = world.user("alice", "acme");
        JWTClaimsSet claims = SignedJWT.parse(tokenOf(user).value()).getJWTClaimsSet();
        SignedJWT hmac = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
        hmac.sign(new MACSigner(key.publicKey().getEncoded()));

        assertRefused(hmac.serialize());
        assertThat(authenticator.authenticate(bearer(new PlainJWT(claims).serialize()))).isEmpty();
    }

    @Test
    void anotherInstallationsTokenIsRefused() {
        SignedTokens others = new SignedTokens(SigningKey.open(folder.resolve("other.key")), clock);
        Account alice = Account.of(world.user("alice", "acme"));

        assertRefused(others.forUser(ACME, alice.userInfo()).value());
    }

    @Test
    void lifetimesAreBounded() {
        Instant now = clock.instant();

        assertThat(lifetime(Duration.ofSeconds(1))).isEqualTo(now.plus(Duration.ofMinutes(10)));
        assertThat(lifetime(Duration.ofDays(365))).isEqualTo(now.plus(Duration.ofHours(24)));
    }

    @Test
    void otherCredentialsAreLeftToOthers() {
        assertThat(authenticator.authenticate(bearer("opaque"))).isEmpty();
        assertThat(
                        authenticator.authenticate(
                                new Credentials(Optional.of("Basic eDp5"), Optional.empty())))
                .isEmpty();
    }

    @Test
    void aTokenInASecretIsGoodWhileTheSecretHoldsItAndItsUseIsMarked() {
        String uid = world.serviceAccount("acme", "web", "robot");
        ObjectNode secret = Json.object().put("type", "kubernetes.io/service-account-token");
        secret.putObject("metadata").put("namespace", "web").put("name", "robots");
        secret = world.client().create(BuiltinTypes.SECRETS, ACME, secret);
        Bound holder = new Bound("Secret", "robots", Metadata.uid(secret), true);
        String token = inSecret(uid, holder);
        String bound = inSecret(uid, new Bound("Secret", "robots", Metadata.uid(secret)));
        assertThat(identity(bound).user().name()).isEqualTo("system:serviceaccount:web:robot");
        assertRefused(token);

        secret.putObject("data")
                .put("token", Base64.getEncoder().encodeToString(token.getBytes(UTF_8)));
        secret = world.client().update(BuiltinTypes.SECRETS, ACME, secret);
        assertThat(identity(token).user().name()).isEqualTo("system:serviceaccount:web:robot");
        secret = world.client().get(BuiltinTypes.SECRETS, new ObjectKey(ACME, "web", "robots"));
        assertThat(Metadata.labels(secret))
                .containsExactly(Map.entry("kubernetes.io/legacy-token-last-used", "2026-01-01"));
        String version = Metadata.resourceVersion(secret);
        assertThat(identity(token)).isNotNull();
        secret = world.client().get(BuiltinTypes.SECRETS, new ObjectKey(ACME, "web", "robots"));
        assertThat(Metadata.resourceVersion(secret)).isEqualTo(version);

        Metadata.ensureLabels(secret).put("kubernetes.io/legacy-token-invalid-since", "2026-01-01");
        secret = world.client().update(BuiltinTypes.SECRETS, ACME, secret);
        assertRefused(token);
        Metadata.ensureLabels(secret).remove("kubernetes.io/legacy-token-invalid-since");
        secret = world.client().update(BuiltinTypes.SECRETS, ACME, secret);
        assertThat(identity(token)).isNotNull();
        secret.putObject("data");
        world.client().update(BuiltinTypes.SECRETS, ACME, secret);
        assertRefused(token);
        assertThat(identity(bound)).isNotNull();
    }

    private String inSecret(String uid, Bound secret) {
        return tokens.forServiceAccount(
                        ACME,
                        "web",
                        "robot",
                        uid,
                        List.of(),
                        Optional.of(secret),
                        Duration.ofDays(9))
                .value();
    }

    private TokenAuthenticator authenticator(SignedTokens tokens, Clock clock) {
        return new TokenAuthenticator(
                tokens, world.accounts(), new TokenSecrets(world.client(), clock), clock);
    }

    private Instant lifetime(Duration asked) {
        return tokens.forServiceAccount(ACME, "web", "robot", "u", List.of(), asked).expires();
    }

    private Token tokenOf(ObjectNode user) {
        return tokens.forUser(ACME, Account.of(user).userInfo());
    }

    private Identity identity(String token) {
        return authenticator.authenticate(bearer(token)).orElseThrow();
    }

    private void assertRefused(String token) {
        assertThatThrownBy(() -> authenticator.authenticate(bearer(token)))
                .isInstanceOf(ApiException.class)
                .hasMessage("Unauthorized");
    }

    private static Credentials bearer(String token) {
        return new Credentials(Optional.of("Bearer " + token), Optional.empty());
    }
}
