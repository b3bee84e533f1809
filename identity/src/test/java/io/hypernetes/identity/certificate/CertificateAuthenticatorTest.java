package io.hypernetes.identity.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Credentials;
import io.hypernetes.api.access.Identity;
import io.hypernetes.identity.pki.CertificateAuthority;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

final class CertificateAuthenticatorTest {

    private final Clock clock = Clock.systemUTC();

    @TempDir private Path folder;
    private CertificateAuthority authority;
    private CertificateAuthenticator authenticator;

    @BeforeEach
    void open() {
        authority = CertificateAuthority.open(folder.resolve("pki"), clock);
        authenticator = new CertificateAuthenticator(authority.certificate(), clock);
    }

    @Test
    void aMasterIsTheOperatorAndAtHomeInTheSystemWorld() {
        Identity identity = identity(authority.operator().certificate());

        assertThat(identity.operator()).isTrue();
        assertThat(identity.user().name()).isEqualTo("operator");
        assertThat(identity.user().groups())
                .containsExactly("system:masters", "system:authenticated");
        assertThat(identity.home()).contains(Tenant.SYSTEM);
    }

    @Test
    void aNodeIsNoOperator() {
        Identity identity = identity(authority.node("n1").certificate());

        assertThat(identity.operator()).isFalse();
        assertThat(identity.user().name()).isEqualTo("system:node:n1");
        assertThat(identity.user().groups()).contains("system:nodes");
    }

    @Test
    void anOrganizationThatNamesATenantIsNoGroup() {
        Identity identity = identity(authority.tenant(new Tenant("acme"), "alice").certificate());

        assertThat(identity.tenants()).containsExactly(new Tenant("acme"));
        assertThat(identity.home()).contains(new Tenant("acme"));
        assertThat(identity.user().groups()).containsExactly("system:authenticated");
        assertThat(identity.operator()).isFalse();
    }

    @Test
    void aTenantCannotBeASystemUser() {
        X509Certificate certificate =
                authority.tenant(new Tenant("acme"), "system:node:n1").certificate();

        assertThatThrownBy(() -> identity(certificate)).isInstanceOf(ApiException.class);
    }

    @Test
    void anotherAuthoritysCertificateOfTheSameNameIsRefused() {
        X509Certificate forged =
                CertificateAuthority.open(folder.resolve("other"), clock).operator().certificate();

        assertThatThrownBy(() -> identity(forged))
                .isInstanceOf(ApiException.class)
                .hasMessage("Unauthorized");
    }

    @Test
    void aServersCertificateIsNoClients() {
        X509Certificate server = authority.serverCertificate(List.of()).certificate();

        assertThatThrownBy(() -> identity(server)).isInstanceOf(ApiException.class);
    }

    @Test
    void anExpiredCertificateIsRefused() {
        X509Certificate certificate = authority.operator().certificate();
        CertificateAuthenticator nextYear =
                new CertificateAuthenticator(
                        authority.certificate(), Clock.offset(clock, Duration.ofDays(366)));

        assertThatThrownBy(() -> nextYear.authenticate(credentials(certificate)))
                .isInstanceOf(ApiException.class);
    }

    @Test
    void withoutACertificateOthersAreAsked() {
        assertThat(authenticator.authenticate(new Credentials(Optional.empty(), Optional.empty())))
                .isEmpty();
    }

    private Identity identity(X509Certificate certificate) {
        return authenticator.authenticate(credentials(certificate)).orElseThrow();
    }

    private static Credentials credentials(X509Certificate certificate) {
        return new Credentials(Optional.empty(), Optional.of(certificate));
    }
}
