package io.hypernetes.server.jetty;

import io.hypernetes.server.http.TlsMaterial;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Makes the TLS side of the listener from its certificates. */
final class TlsContexts {
    private TlsContexts() {}

    static SSLContext server(TlsMaterial tls) {
        try {
            char[] password = new char[0];
            // Lives in memory alone: PKCS12 would derive a key to encrypt it, ten thousand rounds
            // long.
            KeyStore keys = KeyStore.getInstance("JKS");
            keys.load(null, password);
            keys.setKeyEntry(
                    "server", tls.key(), password, tls.certificates().toArray(Certificate[]::new));
            KeyManagerFactory managers =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(keys, password);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    managers.getKeyManagers(),
                    new TrustManager[] {
                        new PossessionOnly(tls.clientAuthorities().toArray(X509Certificate[]::new))
                    },
                    null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("the server's certificate cannot be used", e);
        }
    }

    /**
     * Takes any client certificate. TLS itself has the client sign with its key; who may use the
     * certificate for what is the authenticators' question, and they are given it.
     */
    private static final class PossessionOnly extends X509ExtendedTrustManager {
        private final X509Certificate[] hints;

        PossessionOnly(X509Certificate[] hints) {
            this.hints = hints;
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return hints.clone();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            throw new UnsupportedOperationException("this side is the server");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
            throw new UnsupportedOperationException("this side is the server");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
            throw new UnsupportedOperationException("this side is the server");
        }
    }
}
