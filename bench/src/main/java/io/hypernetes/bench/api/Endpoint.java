package io.hypernetes.bench.api;

import io.hypernetes.httpclient.Kubeconfig;
import io.hypernetes.httpclient.Kubeconfig.Proof;
import io.hypernetes.httpclient.Tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Optional;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * Where requests go and what proves who sends them.
 *
 * @param prefix of every path: {@code /tenants/NAME} for a tenant's world, else empty
 * @param token a bearer token; empty where none is needed
 * @param from the address that connections come from; empty for the system's choice
 */
record Endpoint(
        String host,
        int port,
        String prefix,
        SSLContext tls,
        String token,
        Optional<InetAddress> from) {

    private static final int CONNECT_MILLIS = 10_000;
    private static final int READ_MILLIS = 120_000;

    static Endpoint of(Kubeconfig config) {
        URI uri = URI.create(config.server());
        String path = uri.getPath();
        String prefix = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        String token = config.proof() instanceof Proof.Token(String value) ? value : "";
        return new Endpoint(
                uri.getHost(), uri.getPort(), prefix, Tls.context(config), token, Optional.empty());
    }

    /** The same, seen by the server as another machine. */
    Endpoint from(InetAddress address) {
        return new Endpoint(host, port, prefix, tls, token, Optional.of(address));
    }

    Socket connect() throws IOException {
        Socket plain = new Socket();
        plain.setTcpNoDelay(true);
        if (from.isPresent()) {
            plain.bind(new InetSocketAddress(from.get(), 0));
        }
        plain.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
        plain.setSoTimeout(READ_MILLIS);
        return plain;
    }

    /** TLS over a connected socket, which closes with it. */
    Socket secure(Socket plain) throws IOException {
        SSLSocket secured =
                (SSLSocket) tls.getSocketFactory().createSocket(plain, host, port, true);
        secured.startHandshake();
        return secured;
    }

    @Override
    public String toString() {
        return "https://" + host + ":" + port + prefix;
    }
}
