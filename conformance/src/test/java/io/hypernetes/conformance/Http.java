package io.hypernetes.conformance;

import io.hypernetes.api.json.Json;
import io.hypernetes.embedded.World;
import io.hypernetes.httpclient.Kubeconfig;
import io.hypernetes.httpclient.Tls;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Plain HTTPS as one user; knows nothing of objects. */
record Http(HttpClient client, String server, String token) {
    static final String JSON = "application/json";
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /**
     * @param body as it was sent
     */
    record Answer(int code, String body, String contentType) {
        ObjectNode object() {
            return Json.parseObject(body.getBytes(StandardCharsets.UTF_8));
        }

        ObjectNode succeeded() {
            if (code >= 300) {
                throw refused();
            }
            return object();
        }

        /** A path that is not served is refused by a text. */
        Refused refused() {
            boolean text = contentType.startsWith("text/plain");
            return new Refused(code, text ? Json.object().put("message", body) : object());
        }
    }

    static Http of(World world, String kubeconfig) {
        Http http = of(kubeconfig);
        return new Http(http.client(), world.server().url(), http.token());
    }

    /** As whom a kubeconfig with a token names, wherever that is. */
    static Http of(String kubeconfig) {
        Kubeconfig config = read(kubeconfig);
        HttpClient client = HttpClient.newBuilder().sslContext(Tls.context(config)).build();
        return new Http(client, config.server(), ((Kubeconfig.Proof.Token) config.proof()).value());
    }

    private static Kubeconfig read(String text) {
        try {
            Path file = Files.createTempFile("kubeconfig", "");
            try {
                return Kubeconfig.read(Files.writeString(file, text));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server + path))
                .header("Authorization", "Bearer " + token);
    }

    Answer get(String path, String accept) {
        return send(request(path).timeout(PATIENCE).header("Accept", accept).build());
    }

    Answer send(String method, String path, String type, String body) {
        return send(method, path, type, body, JSON);
    }

    Answer send(String method, String path, String type, String body, String accept) {
        return send(
                request(path)
                        .timeout(PATIENCE)
                        .header("Content-Type", type)
                        .header("Accept", accept)
                        .method(method, BodyPublishers.ofString(body))
                        .build());
    }

    private Answer send(HttpRequest request) {
        try {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body(), type(response));
        } catch (IOException e) {
            throw new UncheckedIOException(request.method() + " " + request.uri(), e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static String type(HttpResponse<?> response) {
        return response.headers().firstValue("Content-Type").orElse("");
    }

    InputStream stream(String path) {
        try {
            HttpResponse<InputStream> response =
                    client.send(request(path).build(), BodyHandlers.ofInputStream());
            if (response.statusCode() != 200) {
                String told = new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
                throw new Answer(response.statusCode(), told, type(response)).refused();
            }
            return response.body();
        } catch (IOException e) {
            throw new UncheckedIOException(path, e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted", e);
    }
}
