package io.hypernetes.identity.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

final class CertificateAuthorityTest {

    private final Clock now = Clock.systemUTC();

    @TempDir private Path folder;

    @Test
    void aSecondStartFindsTheSameKeysAndCertificates() {
        CertificateAuthority first = CertificateAuthority.open(folder, now);
        KeyedCertificate server = first.serverCertificate(List.of("api.example.com"));
        SigningKey tokens = first.tokenKey();

        CertificateAuthority second = CertificateAuthority.open(folder, now);

        assertThat(second.certificate()).isEqualTo(first.certificate());
        assertThat(second.serverCertificate(List.of("api.example.com")).certificate())
                .isEqualTo(server.certificate());
        assertThat(second.tokenKey().publicKey().getW()).isEqualTo(tokens.publicKey().getW());
    }

    @Test
    void everyFileIsReadableByItsOwnerAlone() throws Exception {
        CertificateAuthority authority = CertificateAuthority.open(folder, now);
        authority.serverCertificate(List.of());
        authority.tokenKey();

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files)
                    .hasSize(5)
                    .allSatisfy(file ->
                            assertThat(
                                            PosixFilePermissions.toString(
                                                    Files.getPosixFilePermissions(file)))
                                    .isEqualTo("rw-------"));
        }
    }

    @Test
    void theServersCertificateNamesLocalhostAndTheServiceAndIsTrusted() throws Exception {
        CertificateAuthority authority = CertificateAuthority.open(folder, now);

        X509Certificate server = authority.serverCertificate(List.of("192.0.2.1")).certificate();

        assertThat(server.getSubjectAlternativeNames())
                .extracting(entry -> String.valueOf(entry.get(1)))
                .contains(
                        "localhost",
                        "127.0.0.1",
                        "0:0:0:0:0:0:0:1",
                        "kubernetes.default.svc",
                        "192.0.2.1");
        server.verify(authority.certificate().getPublicKey());
    }

    @Test
    void aNewNameOrANearEndRenewsTheServersCertificate() {
        CertificateAuthority authority = CertificateAuthority.open(folder, now);
        X509Certificate first = authority.serverCertificate(List.of()).certificate();
        X509Certificate named = authority.serverCertificate(List.of("a.example")).certificate();
        CertificateAuthority later =
                CertificateAuthority.open(folder, Clock.offset(now, Duration.ofDays(340)));
        X509Certificate renewed = later.serverCertificate(List.of("a.example")).certificate();

        assertThat(named).isNotEqualTo(first);
        assertThat(renewed).isNotEqualTo(named);
    }

    @Test
    void aCrashBetweenKeyAndCertificateIsMadeGoodByTheNextStart() throws Exception {
        CertificateAuthority first = CertificateAuthority.open(folder, now);
        Files.delete(folder.resolve("ca.crt"));

        CertificateAuthority second = CertificateAuthority.open(folder, now);

        assertThat(second.certificate().getPublicKey())
                .isEqualTo(first.certificate().getPublicKey());
    }

    @Test
    void aDamagedKeySaysWhatToDo() throws Exception {
        CertificateAuthority.open(folder, now);
        Files.writeString(folder.resolve("ca.key"), "nonsense");

        assertThatThrownBy(() -> CertificateAuthority.open(folder, now))
                .isInstanceOf(PkiException.class)
                .hasMessageContaining("put it back from a backup");
    }

    @Test
    void noTextOfAKeyShowsItsSecret() {
        CertificateAuthority authority = CertificateAuthority.open(folder, now);

        assertThat(authority.tokenKey().toString()).isEqualTo("SigningKey[withheld]");
        assertThat(authority.operator().toString())
                .isEqualTo("KeyedCertificate[CN=operator,O=system:masters]");
    }
}
