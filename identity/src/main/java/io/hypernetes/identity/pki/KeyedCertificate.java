package io.hypernetes.identity.pki;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/** A certificate with its private key: what one needs to prove to be its subject. */
public record KeyedCertificate(X509Certificate certificate, PrivateKey key) {

    public String certificatePem() {
        return Pem.of(certificate);
    }

    /** A secret. */
    public String keyPem() {
        return Pem.of(key);
    }

    @Override
    public String toString() {
        return "KeyedCertificate[" + certificate.getSubjectX500Principal().getName() + "]";
    }
}
