package io.hypernetes.server;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;

import io.hypernetes.api.json.Json;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

/** A real HTTPS server that answers admission reviews. */
final class WebhookServer implements AutoCloseable {
    private final TestCertificates certificates = TestCertificates.make();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpsServer server;

    /** All reviews that came. */
    final List<ObjectNode> reviews = new CopyOnWriteArrayList<>();

    WebhookServer() throws IOException {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(
                new HttpsConfigurator(context()) {
                    @Override
                    public void configure(HttpsParameters parameters) {
                        SSLParameters asks = getSSLContext().getDefaultSSLParameters();
                        asks.setWantClientAuth(true);
                        parameters.setSSLParameters(asks);
                    }
                });
        server.setExecutor(threads);
        server.start();
    }

    private SSLContext context() throws IOException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "server",
                    certificates.serverKey().getPrivate(),
                    new char[0],
                    new Certificate[] {certificates.server()});
            store.setCertificateEntry("front-proxy", TestServer.FRONT_PROXY.authority());
            TrustManagerFactory clients =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            clients.init(store);
            KeyManagerFactory keys =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), clients.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /**
     * @param answer the {@code response} to a {@code request}; its uid is filled in
     */
    void answer(String path, UnaryOperator<ObjectNode> answer) {
        server.createContext(
                path,
                exchange -> {
                    ObjectNode review = Json.parseObject(exchange.getRequestBody().readAllBytes());
                    reviews.add(review);
                    ObjectNode request = (ObjectNode) review.get("request");
                    ObjectNode answered = Json.object();
                    answered.put("kind", "AdmissionReview")
                            .put("apiVersion", "admission.k8s.io/v1");
                    ObjectNode response = answer.apply(request);
                    response.put("uid", request.path("uid").asString());
                    answered.set("response", response);
                    byte[] bytes = Json.write(answered);
                    exchange.getResponseHeaders().add("Content-Type", "application/json");
                    exchange.sendResponseHeaders(200, bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
    }

    /** Any other answers: an extension API server's. */
    void serve(String path, HttpHandler handler) {
        server.createContext(path, handler);
    }

    static ObjectNode allowed(boolean allowed) {
        return Json.object().put("allowed", allowed);
    }

    static ObjectNode patched(String patch) {
        return allowed(true)
                .put("patchType", "JSONPatch")
                .put(
                        "patch",
                        Base64.getEncoder().encodeToString(patch.getBytes(StandardCharsets.UTF_8)));
    }

    String url(String path) {
        return "https://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    String caBundle() {
        return certificates.authorityBase64();
    }

    TestCertificates certificates() {
        return certificates;
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
