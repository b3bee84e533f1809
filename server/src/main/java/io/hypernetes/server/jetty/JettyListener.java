package io.hypernetes.server.jetty;

import io.hypernetes.server.http.Handler;
import io.hypernetes.server.http.HttpLimits;
import io.hypernetes.server.http.HttpListener;
import io.hypernetes.server.http.TlsMaterial;

import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;

/** One port that speaks HTTP/2 and HTTP/1.1 over TLS, or HTTP/1.1 without. */
public final class JettyListener implements HttpListener {
    private static final Logger LOG = LoggerFactory.getLogger(JettyListener.class);
    private static final Duration GRACE = Duration.ofSeconds(5);

    /** The quickest of those that are beyond doubt, as servers in Go prefer it too. */
    private static final Comparator<String> PREFERENCE =
            Comparator.comparing(suite -> !suite.equals("TLS_AES_128_GCM_SHA256"));

    /** As Jetty has them; its own queue starts all of JMX, which takes a twentieth of a start. */
    private static final int THREADS = 200;

    private static final int FEWEST_THREADS = 8;
    private static final int IDLE_MILLIS = 60_000;

    private final Server server;
    private final TcpConnector connector;
    private final InetSocketAddress address;

    public JettyListener(
            InetSocketAddress address, TlsMaterial tls, Handler handler, HttpLimits limits) {
        this(address, Optional.of(tls), handler, limits);
    }

    /** For loopback. */
    public static JettyListener withoutTls(
            InetSocketAddress address, Handler handler, HttpLimits limits) {
        return new JettyListener(address, Optional.empty(), handler, limits);
    }

    private JettyListener(
            InetSocketAddress address,
            Optional<TlsMaterial> tls,
            Handler handler,
            HttpLimits limits) {
        this.address = address;
        QueuedThreadPool threads =
                new QueuedThreadPool(
                        THREADS, FEWEST_THREADS, IDLE_MILLIS, new LinkedBlockingQueue<>());
        threads.setName("http");
        threads.setVirtualThreadsExecutor(
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("request-", 0).factory()));
        server = new Server(threads);
        connector = new TcpConnector(server, connections(tls, limits));
        connector.setHost(address.getAddress().getHostAddress());
        connector.setPort(address.getPort());
        connector.setIdleTimeout(limits.idle().toMillis());
        connector.setAcceptQueueSize(1024);
        ConnectionBudget budget =
                new ConnectionBudget(limits, connector.getScheduler(), System::nanoTime);
        connector.addBean(budget);
        tls.ifPresent(_ -> connector.admit(budget::mayShakeHands));
        server.addConnector(connector);
        server.setErrorHandler(new JettyErrors());
        server.setStopTimeout(GRACE.toMillis());
        WebSocketUpgradeHandler sockets = WebSocketUpgradeHandler.from(server);
        ServerWebSocketContainer container = sockets.getServerWebSocketContainer();
        container.setIdleTimeout(Duration.ZERO);
        container.setMaxBinaryMessageSize(JettySocket.MESSAGE_BYTES);
        container.setMaxFrameSize(JettySocket.MESSAGE_BYTES);
        sockets.setHandler(new JettyHandler(handler, container, limits));
        server.setHandler(new GracefulHandler(sockets));
    }

    private static ConnectionFactory[] connections(Optional<TlsMaterial> tls, HttpLimits limits) {
        HttpConfiguration http = configuration(limits);
        HttpConnectionFactory http1 = new HttpConnectionFactory(http);
        return tls.map(material -> overTls(material, http, http1, limits))
                .orElseGet(() -> new ConnectionFactory[] {http1});
    }

    private static HttpConfiguration configuration(HttpLimits limits) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(true);
        http.setRequestHeaderSize(limits.headerBytes());
        http.setResponseHeaderSize(limits.headerBytes());
        // What is remembered of a connection's headers to save making texts of them costs more than
        // it saves: a bearer token is compared character by character.
        http.setHeaderCacheSize(0);
        http.setUseInputDirectByteBuffers(false);
        http.setUseOutputDirectByteBuffers(false);
        // Paths are taken apart by our own code, which refuses what could mean two things; a
        // proxied path is passed on as it came and may have any form.
        http.setUriCompliance(
                UriCompliance.RFC3986.with(
                        "proxied",
                        Violation.AMBIGUOUS_PATH_SEPARATOR,
                        Violation.AMBIGUOUS_PATH_SEGMENT,
                        Violation.AMBIGUOUS_PATH_ENCODING,
                        Violation.AMBIGUOUS_EMPTY_SEGMENT));
        return http;
    }

    private static ConnectionFactory[] overTls(
            TlsMaterial tls,
            HttpConfiguration http,
            HttpConnectionFactory http1,
            HttpLimits limits) {
        SecureRequestCustomizer secure = new SecureRequestCustomizer();
        secure.setSniHostCheck(false);
        http.addCustomizer(secure);
        HTTP2ServerConnectionFactory http2 = new HTTP2ServerConnectionFactory(http);
        http2.setMaxConcurrentStreams(limits.streams());
        // Jetty 12.1 resets a stream at its second idle timeout whatever the listeners say, which
        // would end quiet watches. Bodies that do not come and readers that take nothing are ended
        // by our own clocks (Bodies, PatientStream).
        http2.setStreamIdleTimeout(-1);
        ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
        alpn.setDefaultProtocol(http1.getProtocol());
        SslContextFactory.Server ssl = new SslContextFactory.Server();
        ssl.setSslContext(TlsContexts.server(tls));
        ssl.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        ssl.setWantClientAuth(true);
        ssl.setCipherComparator(PREFERENCE);
        return new ConnectionFactory[] {
            new TlsConnections(ssl, alpn.getProtocol()), alpn, http2, http1
        };
    }

    @Override
    public void start() throws IOException {
        try {
            server.start();
        } catch (IOException e) {
            throw new IOException("cannot listen on " + address + ": " + e.getMessage(), e);
        } catch (Exception e) {
            throw new IllegalStateException("the HTTP server does not start on " + address, e);
        }
    }

    @Override
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (TimeoutException e) {
            LOG.info("requests that did not end in {} s were cut off", GRACE.toSeconds());
        } catch (Exception e) {
            throw new IllegalStateException("the HTTP server does not stop", e);
        }
    }
}
