package io.hypernetes.identity.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Credentials;
import io.hypernetes.api.access.Identity;
import io.hypernetes.api.access.TokenIssuer.Token;
import io.hypernetes.identity.account.Account;
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
import java.util.List;
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
        authenticator = new TokenAuthenticator(tokens, world.accounts(), clock);
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
        world.client().update(io.hypernetes.api.types.BuiltinTypes.USERS, Tenant.SYSTEM, user);

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
                        new TokenAuthenticator(
                                        new SignedTokens(key, later), world.accounts(), later)
                                .authenticate(bearer(token)))
                .isInstanceOf(ApiException.class);
        assertThatThrownBy(() ->
                        new TokenAuthenticator(tokens, world.accounts(), later)
                                .authenticate(bearer(token)))
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
