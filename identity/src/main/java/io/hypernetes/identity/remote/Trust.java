package io.hypernetes.identity.remote;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Whose certificates are believed, and the own one that is shown. */
public final class Trust {

    private static final char[] NO_PASSWORD = new char[0];

    private Trust() {}

    /** A client certificate and its key (PKCS#8), both PEM; the key is a secret. */
    public record Client(String certificate, String key) {
        @Override
        public String toString() {
            return "Client[withheld]";
        }
    }

    /**
     * @param authorities PEM; empty for those that this machine's Java trusts
     * @throws IllegalArgumentException for what cannot be read
     */
    public static SSLContext context(Optional<String> authorities, Optional<Client> own) {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(authorities.isEmpty() ? null : trusted(authorities.get()));
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            KeyStore mine = empty();
            if (own.isPresent()) {
                mine.setKeyEntry(
                        "client",
                        key(own.get().key()),
                        NO_PASSWORD,
                        certificates(own.get().certificate()));
            }
            keys.init(mine, NO_PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "these certificates cannot be used: give PEM files", e);
        }
    }

    private static KeyStore trusted(String pem) throws GeneralSecurityException, IOException {
        KeyStore store = empty();
        Certificate[] certificates = certificates(pem);
        if (certificates.length == 0) {
            throw new IllegalArgumentException("no certificate in it");
        }
        for (int i = 0; i < certificates.length; i++) {
            store.setCertificateEntry("authority-" + i, certificates[i]);
        }
        return store;
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    private static Certificate[] certificates(String pem) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(
                        new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
                .toArray(new Certificate[0]);
    }

    private static PrivateKey key(String pem) throws GeneralSecurityException {
        String base64 = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64));
        try {
            return KeyFactory.getInstance("EC").generatePrivate(spec);
        } catch (GeneralSecurityException _) {
            return KeyFactory.getInstance("RSA").generatePrivate(spec);
        }
    }
}
