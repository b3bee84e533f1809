package io.hypernetes.identity.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Authenticator;
import io.hypernetes.api.access.Credentials;
import io.hypernetes.api.access.Identity;
import io.hypernetes.api.access.UserInfo;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What the server relies on, whoever says who somebody is. */
public abstract class AuthenticatorConformance {

    /** The one who is asked; the same for all calls of one test. */
    protected abstract Authenticator authenticator() throws Exception;

    /** The only tenant of {@link #good}. */
    protected Tenant tenant() {
        return new Tenant("acme");
    }

    protected abstract Credentials good() throws Exception;

    /** Of this authenticator's kind, and wrong. */
    protected abstract Credentials wrong() throws Exception;

    /** Whether an unknown token is left to others instead of refused. */
    protected boolean leavesUnknownTokensToOthers() {
        return false;
    }

    @Test
    void goodCredentialsActInTheirTenantAlone() throws Exception {
        Identity identity = authenticator().authenticate(good()).orElseThrow();
        assertThat(identity.tenants()).containsExactly(tenant());
        assertThat(identity.home()).contains(tenant());
        assertThat(identity.operator()).isFalse();
        assertThat(identity.user().name()).isNotEmpty();
        assertThat(identity.user().groups())
                .contains(UserInfo.AUTHENTICATED)
                .doesNotContain(UserInfo.MASTERS, UserInfo.UNAUTHENTICATED)
                .doesNotHaveDuplicates();
    }

    @Test
    void whatThePathNamesGivesNoOtherTenant() throws Exception {
        Credentials plain = good();
        Credentials crossing =
                new Credentials(
                        plain.authorization(),
                        plain.certificate(),
                        Optional.of(new Tenant("globex")));
        assertThat(authenticator().authenticate(crossing).orElseThrow().tenants())
                .doesNotContain(new Tenant("globex"));
    }

    @Test
    void wrongOnesAreRefusedWithoutAReason() throws Exception {
        if (leavesUnknownTokensToOthers()) {
            assertThat(authenticator().authenticate(wrong())).isEmpty();
            return;
        }
        Authenticator authenticator = authenticator();
        Credentials wrong = wrong();
        assertThatThrownBy(() -> authenticator.authenticate(wrong))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.is(Reason.UNAUTHORIZED)).isTrue())
                .hasMessage("Unauthorized");
    }

    @Test
    void otherKindsAreLeftToOthers() throws Exception {
        assertThat(
                        authenticator()
                                .authenticate(new Credentials(Optional.empty(), Optional.empty())))
                .isEmpty();
        assertThat(
                        authenticator()
                                .authenticate(
                                        new Credentials(
                                                Optional.of("Negotiate YII="), Optional.empty())))
                .isEmpty();
    }

    @Test
    void manyMayAskAtOnceAndHearTheSame() throws Exception {
        Authenticator authenticator = authenticator();
        Credentials good = good();
        Identity expected = authenticator.authenticate(good).orElseThrow();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Optional<Identity>>> answers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                answers.add(threads.submit(() -> authenticator.authenticate(good)));
            }
            for (Future<Optional<Identity>> answer : answers) {
                assertThat(get(answer)).contains(expected);
            }
        }
    }

    private static <T> T get(Future<T> future) throws InterruptedException, ExecutionException {
        return future.get();
    }

    @Test
    void nothingSecretIsShown() throws Exception {
        Credentials good = good();
        String secret = good.authorization().orElse("no secret here").replaceFirst("^\\S+ ", "");
        assertThat(good.toString()).doesNotContain(secret);
        assertThat(authenticator().authenticate(good).orElseThrow().toString())
                .doesNotContain(secret);
    }
}
