package io.hypernetes.identity.webhook;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.json.Yaml;
import io.hypernetes.identity.remote.Trust;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/**
 * A file in the format of kubeconfig that says where a webhook is and how to get in.
 *
 * @param token shown to it, a secret
 */
public record WebhookFile(
        URI server,
        Optional<String> authorities,
        Optional<Trust.Client> client,
        Optional<String> token) {

    /** Throws IOException, and IllegalArgumentException when a part is missing. */
    public static WebhookFile read(Path file) throws IOException {
        JsonNode config = tree(file);
        JsonNode context =
                named(config, "contexts", config.path("current-context").asString(""), "context");
        JsonNode cluster =
                named(config, "clusters", context.path("cluster").asString(""), "cluster");
        JsonNode user = named(config, "users", context.path("user").asString(""), "user");
        String server = cluster.path("server").asString("");
        if (server.isEmpty()) {
            throw new IllegalArgumentException(
                    file + ": the cluster of the current context has no server");
        }
        Optional<String> certificate = pem(file, user, "client-certificate");
        Optional<String> key = pem(file, user, "client-key");
        return new WebhookFile(
                URI.create(server),
                pem(file, cluster, "certificate-authority"),
                certificate.flatMap(c -> key.map(k -> new Trust.Client(c, k))),
                Optional.of(user.path("token").asString("")).filter(text -> !text.isEmpty()));
    }

    private static JsonNode tree(Path file) throws IOException {
        try {
            return Yaml.parse(Files.readAllBytes(file)).tree();
        } catch (ApiException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /** Only the one entry needs no name. */
    private static JsonNode named(JsonNode config, String list, String name, String field) {
        for (JsonNode entry : config.path(list)) {
            if (name.isEmpty() || entry.path("name").asString("").equals(name)) {
                return entry.path(field);
            }
        }
        return MissingNode.getInstance();
    }

    private static Optional<String> pem(Path file, JsonNode section, String field)
            throws IOException {
        String data = section.path(field + "-data").asString("");
        if (!data.isEmpty()) {
            return Optional.of(
                    new String(Base64.getDecoder().decode(data), StandardCharsets.US_ASCII));
        }
        String path = section.path(field).asString("");
        return path.isEmpty()
                ? Optional.empty()
                : Optional.of(Files.readString(file.toAbsolutePath().resolveSibling(path)));
    }

    @Override
    public String toString() {
        return "WebhookFile[" + server + "]";
    }
}
