package io.hypernetes.installation;

import com.sun.net.httpserver.HttpServer;

import io.hypernetes.api.json.Json;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/** Answers SubjectAccessReviews: wanda may all, dora nothing, about others it has no opinion. */
final class RightsWebhook implements AutoCloseable {

    private final HttpServer server;

    RightsWebhook() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    ObjectNode review = Json.parseObject(exchange.getRequestBody().readAllBytes());
                    String user = review.path("spec").path("user").asString("");
                    review.putObject("status")
                            .put("allowed", user.equals("wanda"))
                            .put("denied", user.equals("dora"));
                    byte[] bytes = Json.write(review);
                    exchange.sendResponseHeaders(200, bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
        server.start();
    }

    /** A kubeconfig that names it. */
    Path write(Path file) throws IOException {
        return Files.writeString(
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
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
