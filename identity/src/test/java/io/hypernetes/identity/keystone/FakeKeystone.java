package io.hypernetes.identity.keystone;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** Answers what a test wants it to, and remembers what it was asked. */
final class FakeKeystone implements AutoCloseable {

    /** What is done with a request. */
    @FunctionalInterface
    interface Behaviour {
        void answer(HttpExchange exchange) throws IOException;
    }

    /** Shaped as fernet tokens are. */
    static final String TOKEN = "gAAAAAB" + "x".repeat(170);

    final List<String> calls = new CopyOnWriteArrayList<>();
    volatile Behaviour tokens = exchange -> json(exchange, 404, "{}");
    volatile String groups = "{\"groups\":[]}";
    volatile String projects = "{\"projects\":[]}";
    private final CountDownLatch end = new CountDownLatch(1);
    private final HttpServer server;

    FakeKeystone() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        String path = exchange.getRequestURI().getPath();
        calls.add(exchange.getRequestMethod() + " " + path);
        if (path.endsWith("/groups")) {
            json(exchange, 200, groups);
        } else if (path.endsWith("/auth/projects")) {
            json(exchange, 200, projects);
        } else {
            tokens.answer(exchange);
        }
    }

    /** Whoever asks is this user, in this project (empty for none). */
    void says(String user, String project, String... roles) {
        String body = token(user, "default", "Default", project, "default", "Default", roles);
        tokens = exchange -> good(exchange, body);
    }

    static void good(HttpExchange exchange, String body) throws IOException {
        exchange.getResponseHeaders().add("X-Subject-Token", TOKEN);
        json(exchange, exchange.getRequestMethod().equals("POST") ? 201 : 200, body);
    }

    static String token(
            String user,
            String userDomain,
            String userDomainName,
            String project,
            String projectDomain,
            String projectDomainName,
            String... roles) {
        String scope =
                project.isEmpty()
                        ? ""
                        : ",\"project\":{\"id\":\"%s\",\"name\":\"%s\",\"domain\":{\"id\":\"%s\",\"name\":\"%s\"}}"
                                .formatted(id(project), project, projectDomain, projectDomainName);
        StringBuilder held = new StringBuilder();
        for (String role : roles) {
            held.append(held.isEmpty() ? "" : ",").append("{\"name\":\"" + role + "\"}");
        }
        return """
        {"token":{"user":{"id":"id-of-%s","name":"%s","domain":{"id":"%s","name":"%s"}},
         "roles":[%s],"expires_at":"2999-01-01T00:00:00.000000Z"%s}}
        """
                .formatted(user, user, userDomain, userDomainName, held, scope);
    }

    /** A project's id, made of its name. */
    static String id(String project) {
        return "%032x".formatted(project.hashCode() & 0xffffffffL);
    }

    static void json(HttpExchange exchange, int code, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    /** Says nothing more until the end. */
    void hang() {
        try {
            end.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        end.countDown();
        server.stop(0);
    }
}
