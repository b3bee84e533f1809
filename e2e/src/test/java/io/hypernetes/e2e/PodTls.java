package io.hypernetes.e2e;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * An HTTPS client in a pod, as far as the wire can tell: the guest has netcat and no TLS, so that
 * is done here, with what the pod trusts, over a connection that the pod opens.
 */
final class PodTls {

    private static final String SECRETS = "/var/run/secrets/kubernetes.io/serviceaccount/";

    private final Cloud.User user;
    private final String namespace;
    private final String pod;

    PodTls(Cloud.User user, String namespace, String pod) {
        this.user = user;
        this.namespace = namespace;
        this.pod = pod;
    }

    /** The whole answer to a GET with the token of the pod's service account. */
    String get(String host, String path) throws IOException, GeneralSecurityException {
        String token = user.inPod(namespace, pod, "cat " + SECRETS + "token").succeeded().text();
        try (ServerSocket here = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread relay = Thread.ofVirtual().start(() -> relay(here, host));
            Socket plain = new Socket(here.getInetAddress(), here.getLocalPort());
            try (SSLSocket tls =
                    (SSLSocket) trust().getSocketFactory().createSocket(plain, host, 443, true)) {
                SSLParameters parameters = tls.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the name must be right
                tls.setSSLParameters(parameters);
                String request =
                        "GET %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nConnection: close\r\n\r\n"
                                .formatted(path, host, token);
                tls.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                return new String(tls.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            } finally {
                relay.interrupt();
            }
        }
    }

    private SSLContext trust() throws IOException, GeneralSecurityException {
        String pem = user.inPod(namespace, pod, "cat " + SECRETS + "ca.crt").succeeded().text();
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry(
                "ca",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8))));
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private void relay(ServerSocket here, String host) {
        List<String> command = new ArrayList<>(Cloud.KUBECTL);
        command.addAll(List.of("-n", namespace, "exec", "-i", pod, "--", "nc", host, "443"));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("KUBECONFIG", user.kubeconfig().toString());
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        try (Socket client = here.accept()) {
            Process netcat = builder.start();
            try (OutputStream in = netcat.getOutputStream();
                    InputStream out = netcat.getInputStream()) {
                Thread.ofVirtual().start(() -> copy(client, in));
                byte[] bytes = new byte[16 * 1024];
                for (int n; (n = out.read(bytes)) >= 0; ) {
                    client.getOutputStream().write(bytes, 0, n);
                }
            } finally {
                netcat.destroy();
            }
        } catch (IOException e) {
            return; // the answer that is missing tells
        }
    }

    /** netcat's input is a pipe, which is written at once only when it is told so. */
    private static void copy(Socket client, OutputStream in) {
        byte[] bytes = new byte[16 * 1024];
        try {
            for (int n; (n = client.getInputStream().read(bytes)) >= 0; ) {
                in.write(bytes, 0, n);
                in.flush();
            }
        } catch (IOException e) {
            return; // both ends are gone
        }
    }
}
