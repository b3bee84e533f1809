package io.hypernetes.identity.pki;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Credentials;
import io.hypernetes.fuzzing.Fuzz;
import io.hypernetes.identity.certificate.CertificateAuthenticator;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Certificates that clients show, and requests that they want signed. */
class CertificateFuzzTest {
    private static final String REQUEST =
            "MIHLMHQCAQAwEjEQMA4GA1UEAwwHZXhhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49"
                    + "AwEHA0IABNYtalOdy5n6ha1lgc28bZd+0gPLd7rvf/yzTLwQ9yghTC423K/kkBDT"
                    + "b0QZb18rly7l02NY6RcGItra7oMZgwqgADAKBggqhkjOPQQDAgNHADBEAiAdO49f"
                    + "xyUYNGwHsHfRCoXb1tODAhNTdhMEf2xfM5u6owIgUTS9skOZFQ4sTU++wygVR3ok"
                    + "uNzYwLm89qA8DTzTOfw=";

    private static final List<String> DER =
            List.of(
                    "\u0030\u0082\u0001\u0000",
                    "\u0030\u0080",
                    "\u0030\u0084\u007f\u00ff\u00ff\u00ff",
                    "\u0031\u0000",
                    "\u0002\u0001\u0000",
                    "\u0006\u0003\u0055\u0004\n",
                    "\u000c\u000btenant:acme",
                    "\u00a0\u0000",
                    "\u0000");

    @TempDir private Path folder;
    private CertificateAuthority authority;

    @BeforeEach
    void open() {
        authority = CertificateAuthority.open(folder.resolve("pki"), Clock.systemUTC());
    }

    @Test
    void aChangedCertificateIsNobody() throws CertificateException {
        X509Certificate good = authority.tenant(new Tenant("acme"), "alice").certificate();
        CertificateAuthenticator authenticator =
                new CertificateAuthenticator(authority.certificate(), Clock.systemUTC());
        byte[] der = good.getEncoded();
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        Fuzz.of(List.of(new String(der, StandardCharsets.ISO_8859_1)), DER)
                .refusing(e ->
                        e instanceof CertificateException
                                || e instanceof ApiException refusal
                                        && refusal.is(Reason.UNAUTHORIZED))
                .run(bytes -> {
                    X509Certificate shown =
                            (X509Certificate)
                                    factory.generateCertificate(new ByteArrayInputStream(bytes));
                    authenticator.authenticate(
                            new Credentials(Optional.empty(), Optional.of(shown)));
                    // A signature may be written in several ways, what it signs may not.
                    assertThat(shown.getTBSCertificate()).isEqualTo(good.getTBSCertificate());
                });
    }

    @Test
    void requestsAreReadOrRefused() {
        byte[] der = Base64.getMimeDecoder().decode(REQUEST);
        Fuzz.of(List.of(new String(der, StandardCharsets.ISO_8859_1)), DER)
                .refusing(e -> e instanceof PkiException)
                .run(bytes -> {
                    String pem =
                            "-----BEGIN CERTIFICATE REQUEST-----\n"
                                    + Base64.getMimeEncoder().encodeToString(bytes)
                                    + "\n-----END CERTIFICATE REQUEST-----\n";
                    assertThat(SigningRequest.parse(pem).toString()).isNotEmpty();
                });
    }

    @Test
    void blocksAreReadOrRefused() {
        Fuzz.of(
                        List.of(
                                "-----BEGIN CERTIFICATE REQUEST-----\n"
                                        + REQUEST
                                        + "\n-----END CERTIFICATE REQUEST-----\n"),
                        List.of(
                                "-----BEGIN ",
                                "-----END ",
                                "-----",
                                "\n",
                                "=",
                                "PRIVATE KEY",
                                "EC PARAMETERS",
                                "Proc-Type: 4,ENCRYPTED\n",
                                "DEK-Info: AES-128-CBC,00\n"))
                .refusing(e -> e instanceof PkiException)
                .run(bytes -> assertThat(SigningRequest.parse(Fuzz.text(bytes))).isNotNull());
    }
}
