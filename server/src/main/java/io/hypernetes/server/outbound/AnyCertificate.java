package io.hypernetes.server.outbound;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * For {@code https:} proxies and {@code insecureSkipTLSVerify}, as upstream: a pod's certificate is
 * its own affair, and the connection goes to that pod whoever signed it. No credentials that could
 * be used again are sent over it.
 */
public final class AnyCertificate extends X509ExtendedTrustManager {
    private AnyCertificate() {}

    public static SSLContext context() {
        return context(ClientCertificate.NONE);
    }

    public static SSLContext context(ClientCertificate self) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    self.managers(), new TrustManager[] {new AnyCertificate()}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no TLS", e);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
