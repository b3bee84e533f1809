package io.hypernetes.identity.conformance;

import com.sun.net.httpserver.HttpServer;

import io.hypernetes.api.json.Json;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** A webhook on loopback that makes its answer of the review that it is asked. */
final class JsonServer implements AutoCloseable {

    final AtomicInteger calls = new AtomicInteger();
    private final HttpServer server;

    JsonServer(UnaryOperator<ObjectNode> status) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(
                "/",
                exchange -> {
                    calls.incrementAndGet();
                    ObjectNode review = Json.parseObject(exchange.getRequestBody().readAllBytes());
                    ObjectNode spec = (ObjectNode) review.path("spec");
                    review.set("status", status.apply(spec));
                    byte[] bytes = Json.write(review);
                    exchange.sendResponseHeaders(200, bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
        server.start();
    }

    /** A kubeconfig that names it. */
    Path file(Path folder) throws IOException {
        Path file = Files.createTempFile(folder, "webhook", ".yaml");
        Files.writeString(
                file,
                """
                apiVersion: v1
                kind: Config
                clusters: [{name: hook, cluster: {server: "http://127.0.0.1:%d/review"}}]
                users: [{name: us, user: {token: t}}]
                contexts: [{name: c, context: {cluster: hook, user: us}}]
                current-context: c
                """
                        .formatted(server.getAddress().getPort()));
        return file;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
