package io.hypernetes.identity.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Credentials;
import io.hypernetes.api.access.Identity;
import io.hypernetes.identity.account.World;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Optional;

final class PasswordAuthenticatorTest {

    private final MovedClock clock = new MovedClock();
    private World world;
    private PasswordAuthenticator authenticator;

    @BeforeEach
    void start() throws Exception {
        world = new World();
        authenticator = new PasswordAuthenticator(world.accounts(), clock);
        world.password("alice", PasswordHash.of("correct horse: battery"));
    }

    @AfterEach
    void stop() {
        world.close();
    }

    @Test
    void theRightPasswordGivesAllTenantsAndTheOnlyOneAsHome() {
        world.user("alice", "acme");

        Identity identity = login("alice", "correct horse: battery");

        assertThat(identity.user().name()).isEqualTo("alice");
        assertThat(identity.home()).contains(new Tenant("acme"));
        assertThat(identity.operator()).isFalse();
    }

    @Test
    void aUserOfTwoTenantsIsNotLockedOutButMustChoose() {
        world.user("alice", "acme", "globex");

        Identity identity = login("alice", "correct horse: battery");

        assertThat(identity.home()).isEmpty();
        assertThat(identity.tenants())
                .containsExactlyInAnyOrder(new Tenant("acme"), new Tenant("globex"));
    }

    @Test
    void aWrongPasswordAndAnUnknownUserGetTheSameAnswer() {
        world.user("alice", "acme");

        assertThatThrownBy(() -> login("alice", "wrong")).hasMessage("Unauthorized");
        assertThatThrownBy(() -> login("nobody", "wrong")).hasMessage("Unauthorized");
        assertThatThrownBy(() -> login("alice", "")).hasMessage("Unauthorized");
    }

    @Test
    void aChangedPasswordEndsTheOldOneAtOnce() {
        world.user("alice", "acme");
        login("alice", "correct horse: battery");
        world.password("alice", PasswordHash.of("new"));

        await().untilAsserted(() ->
                assertThatThrownBy(() -> login("alice", "correct horse: battery"))
                        .isInstanceOf(ApiException.class));
        clock.move(Duration.ofMinutes(1));
        assertThat(login("alice", "new").user().name()).isEqualTo("alice");
    }

    @Test
    void aDeletedUserIsRefusedAtOnce() {
        world.user("alice", "acme");
        login("alice", "correct horse: battery");
        world.deleteUser("alice");

        await().untilAsserted(() ->
                assertThatThrownBy(() -> login("alice", "correct horse: battery"))
                        .isInstanceOf(ApiException.class));
    }

    @Test
    void guessingIsSlowedDownAndOpensAgainByItself() {
        world.user("alice", "acme");
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> login("alice", "wrong")).hasMessage("Unauthorized");
        }

        assertThatThrownBy(() -> login("alice", "correct horse: battery"))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        e -> assertThat(e.is(Reason.TOO_MANY_REQUESTS)).isTrue());
        clock.move(Duration.ofSeconds(31));
        assertThat(login("alice", "correct horse: battery").user().name()).isEqualTo("alice");
    }

    @Test
    void whoIsLoggedInStaysSoWhileOthersGuess() {
        world.user("alice", "acme");
        login("alice", "correct horse: battery");
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> login("alice", "wrong")).isInstanceOf(ApiException.class);
        }

        assertThat(login("alice", "correct horse: battery").user().name()).isEqualTo("alice");
    }

    @Test
    void headersThatAreNotBase64OrHaveNoUserAreRefused() {
        for (String header : new String[] {"Basic ???", "Basic ", "Basic OnB3", "Basic YWxpY2U="}) {
            assertThatThrownBy(() ->
                            authenticator.authenticate(
                                    new Credentials(Optional.of(header), Optional.empty())))
                    .isInstanceOf(ApiException.class);
        }
    }

    @Test
    void bearerTokensAreLeftToOthers() {
        assertThat(
                        authenticator.authenticate(
                                new Credentials(Optional.of("Bearer x"), Optional.empty())))
                .isEmpty();
    }

    private Identity login(String user, String password) {
        String text = user + ":" + password;
        String header =
                "Basic "
                        + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        return authenticator
                .authenticate(new Credentials(Optional.of(header), Optional.empty()))
                .orElseThrow();
    }

    /** A clock that stands until it is moved. */
    private static final class MovedClock extends Clock {
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        void move(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
