package io.hypernetes.cli.assembly;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Finds the authority of an installation by the hash of its public key, as kubeadm's {@code
 * --discovery-token-ca-cert-hash}: {@code sha256:} and the SHA-256 of the SubjectPublicKeyInfo (RFC
 * 7469) in hexadecimal digits.
 */
public final class PinnedAuthority {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String PREFIX = "sha256:";

    private PinnedAuthority() {}

    public static String hash(X509Certificate authority) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(authority.getPublicKey().getEncoded());
            return PREFIX + HexFormat.of().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java platform has SHA-256
        }
    }

    public static String hash(String pem) throws IOException {
        return hash(NodeFolder.certificate(pem));
    }

    /**
     * @return the authority's certificate as PEM
     * @throws IOException when the server cannot be reached, or is of another authority
     */
    public static String find(URI server, String hash) throws IOException {
        Pin pin = new Pin(hash);
        try {
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(null, new TrustManager[] {pin}, null);
            try (SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket()) {
                int port = server.getPort() < 0 ? 443 : server.getPort();
                socket.connect(
                        new InetSocketAddress(server.getHost(), port), (int) PATIENCE.toMillis());
                socket.setSoTimeout((int) PATIENCE.toMillis());
                socket.startHandshake();
                for (var shown : socket.getSession().getPeerCertificates()) {
                    if (shown instanceof X509Certificate known && hash(known).equals(hash)) {
                        return "-----BEGIN CERTIFICATE-----\n"
                                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                        .encodeToString(known.getEncoded())
                                + "\n-----END CERTIFICATE-----\n";
                    }
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
        throw new IOException(server + " shows no authority: is it Hypernetes?");
    }

    /** Believes a server whose certificate the known authority has signed. */
    private static final class Pin extends X509ExtendedTrustManager {
        private final String hash;

        private Pin(String hash) {
            this.hash = hash;
        }

        private void check(X509Certificate[] chain) throws CertificateException {
            X509Certificate authority = chain[chain.length - 1];
            if (!hash(authority).equals(hash)) {
                throw new CertificateException(
                        "this is another installation's server: its authority has the hash "
                                + hash(authority));
            }
            try {
                chain[0].checkValidity();
                chain[0].verify(authority.getPublicKey());
            } catch (GeneralSecurityException e) {
                throw new CertificateException("not signed by its authority", e);
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            throw new CertificateException("no clients here");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("no clients here");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            throw new CertificateException("no clients here");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
