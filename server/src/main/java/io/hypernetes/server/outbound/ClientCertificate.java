package io.hypernetes.server.outbound;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

/**
 * What this server proves itself with where it is the client. To extension servers it is the front
 * proxy, whose {@code X-Remote-*} headers they believe for this certificate alone.
 */
public final class ClientCertificate {
    /** For those who are asked without one. */
    public static final ClientCertificate NONE = new ClientCertificate(new KeyManager[0]);

    private final KeyManager[] managers;

    private ClientCertificate(KeyManager[] managers) {
        this.managers = managers;
    }

    public static ClientCertificate of(X509Certificate certificate, PrivateKey key) {
        try {
            // Lives in memory alone: PKCS12 would derive a key to encrypt it, ten thousand rounds
            // long.
            KeyStore store = KeyStore.getInstance("JKS");
            store.load(null, null);
            store.setKeyEntry("client", key, new char[0], new X509Certificate[] {certificate});
            KeyManagerFactory factory =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, new char[0]);
            return new ClientCertificate(factory.getKeyManagers());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("this is no certificate with its key", e);
        }
    }

    KeyManager[] managers() {
        return managers.clone();
    }

    @Override
    public String toString() {
        return "ClientCertificate[withheld]";
    }
}
