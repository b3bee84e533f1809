package io.hypernetes.api.types.certificates;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Optional;

/** What a signer may put into {@code status.certificate}: PEM certificates, nothing else. */
final class Certificates {

    private Certificates() {}

    /**
     * @param base64 of the PEM text; an empty one is no certificate yet
     */
    static Optional<String> problem(String base64) {
        if (base64.isEmpty()) {
            return Optional.empty();
        }
        List<PemBlock> blocks = PemBlock.inBase64(base64);
        if (blocks.isEmpty()) {
            return Optional.of("must contain at least one CERTIFICATE PEM block");
        }
        for (PemBlock block : blocks) {
            if (!block.type().equals("CERTIFICATE")) {
                return Optional.of(
                        "only CERTIFICATE PEM blocks are allowed, found \"" + block.type() + "\"");
            }
            if (block.hasHeaders()) {
                return Optional.of("no PEM block headers are permitted");
            }
            try {
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(block.content()));
            } catch (CertificateException e) {
                return Optional.of("x509: malformed certificate");
            }
        }
        return Optional.empty();
    }
}
