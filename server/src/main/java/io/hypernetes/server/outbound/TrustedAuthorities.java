package io.hypernetes.server.outbound;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** TLS that trusts the authorities of a {@code caBundle}. */
public final class TrustedAuthorities {
    private TrustedAuthorities() {}

    /**
     * @param pem empty for the system's authorities
     * @throws IOException when no certificate is in it
     */
    public static SSLContext context(String pem) throws IOException {
        return context(pem, ClientCertificate.NONE);
    }

    /**
     * @param pem empty for the system's authorities
     * @param self shown to servers that ask for it
     * @throws IOException when no certificate is in it
     */
    public static SSLContext context(String pem, ClientCertificate self) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            if (pem.isEmpty()) {
                context.init(self.managers(), null, null);
                return context;
            }
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(
                                    new ByteArrayInputStream(
                                            pem.getBytes(StandardCharsets.ISO_8859_1)));
            int index = 0;
            for (Certificate certificate : certificates) {
                trusted.setCertificateEntry("ca" + index++, certificate);
            }
            TrustManagerFactory managers =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            context.init(self.managers(), managers.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("unable to load root certificates: " + e.getMessage(), e);
        }
    }
}
