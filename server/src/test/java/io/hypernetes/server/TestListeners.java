package io.hypernetes.server;

import io.hypernetes.server.http.Handler;
import io.hypernetes.server.http.HttpLimits;
import io.hypernetes.server.jetty.JettyListener;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** A port without a server behind it, and clients that trust it. */
public final class TestListeners {
    private TestListeners() {}

    public static JettyListener start(Handler handler) throws IOException {
        return start(handler, HttpLimits.DEFAULT);
    }

    public static JettyListener start(Handler handler, HttpLimits limits) throws IOException {
        JettyListener listener =
                new JettyListener(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        TestCertificates.make().tls(),
                        handler,
                        limits);
        listener.start();
        return listener;
    }

    /** Takes any certificate: it is not what is tested. */
    public static SSLContext trusting() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Trusting()}, null);
        return context;
    }

    private static final class Trusting extends X509ExtendedTrustManager {
        private static final java.security.cert.X509Certificate[] NONE = {};

        @Override
        public void checkClientTrusted(
                java.security.cert.X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(
                java.security.cert.X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(
                java.security.cert.X509Certificate[] chain,
                String type,
                javax.net.ssl.SSLEngine engine) {}

        @Override
        public void checkServerTrusted(
                java.security.cert.X509Certificate[] chain,
                String type,
                javax.net.ssl.SSLEngine engine) {}

        @Override
        public void checkClientTrusted(java.security.cert.X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(java.security.cert.X509Certificate[] chain, String type) {}

        @Override
        public java.security.cert.X509Certificate[] getAcceptedIssuers() {
            return NONE;
        }
    }
}
