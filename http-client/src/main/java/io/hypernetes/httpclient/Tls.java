package io.hypernetes.httpclient;

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

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An SSL context that trusts one authority and may show one client certificate. */
public final class Tls {

    private static final char[] NO_PASSWORD = new char[0];

    private Tls() {}

    /** Throws IllegalArgumentException when the certificates or the key cannot be read. */
    public static SSLContext context(Kubeconfig config) {
        try {
            KeyStore trusted = emptyStore();
            trusted.setCertificateEntry("authority", certificates(config.authority())[0]);
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trusted);
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(own(config.proof()), NO_PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException(
                    "the certificates of this kubeconfig file cannot be used: get a new one", e);
        }
    }

    private static KeyStore own(Kubeconfig.Proof proof)
            throws GeneralSecurityException, IOException {
        KeyStore own = emptyStore();
        if (proof instanceof Kubeconfig.Proof.Certificate(String certificate, String key)) {
            own.setKeyEntry("client", privateKey(key), NO_PASSWORD, certificates(certificate));
        }
        return own;
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
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

    /** A PKCS#8 key of the algorithm that our authority uses, or RSA. */
    private static PrivateKey privateKey(String pem) throws GeneralSecurityException {
        String base64 = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64));
        try {
            return KeyFactory.getInstance("EC").generatePrivate(spec);
        } catch (GeneralSecurityException _) {
            return KeyFactory.getInstance("RSA").generatePrivate(spec);
        }
    }
}
