package io.hypernetes.identity.webhook;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.json.Json;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

import javax.net.ssl.SSLContext;

/** Answers reviews that a Kubernetes API server posts, over HTTPS; a thread for each. */
public final class ReviewServer implements AutoCloseable {

    private final int longestBody;
    private final Function<ObjectNode, Optional<ObjectNode>> answers;
    private final HttpsServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * Listens at once. Throws IOException that says which address cannot be listened on.
     *
     * @param answers empty for a body that is no such review
     */
    public ReviewServer(
            InetSocketAddress address,
            SSLContext tls,
            int longestBody,
            Function<ObjectNode, Optional<ObjectNode>> answers)
            throws IOException {
        this.longestBody = longestBody;
        this.answers = answers;
        try {
            server = HttpsServer.create(address, 0);
        } catch (IOException e) {
            throw new IOException("cannot listen on " + address + ": " + e.getMessage(), e);
        }
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readNBytes(longestBody + 1);
            if (!exchange.getRequestMethod().equals("POST")) {
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            Optional<ObjectNode> answer =
                    body.length > longestBody ? Optional.empty() : parse(body).flatMap(answers);
            if (answer.isEmpty()) {
                exchange.sendResponseHeaders(400, -1);
                return;
            }
            byte[] bytes = Json.write(answer.get());
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private static Optional<ObjectNode> parse(byte[] body) {
        try {
            return Optional.of(Json.parseObject(body));
        } catch (ApiException _) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
