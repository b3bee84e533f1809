package io.hypernetes.httpclient;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.json.Yaml;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Optional;

/**
 * One cluster and one user of a kubeconfig file.
 *
 * @param server the URL, with the tenant's prefix where there is one
 * @param authority the CA certificate, PEM
 * @param userName the name of the user's entry
 */
public record Kubeconfig(String server, String authority, String userName, Proof proof) {

    /** How the user proves who they are. */
    public sealed interface Proof {
        /** A bearer token; its text is a secret. */
        record Token(String value) implements Proof {
            @Override
            public String toString() {
                return "Token[withheld]";
            }
        }

        /** A name and a password, for HTTP Basic; the password is a secret. */
        record Password(String user, String password) implements Proof {
            @Override
            public String toString() {
                return "Password[withheld]";
            }
        }

        /** A client certificate and its key, both PEM; the key is a secret. */
        record Certificate(String certificate, String key) implements Proof {
            @Override
            public String toString() {
                return "Certificate[withheld]";
            }
        }
    }

    /**
     * Reads the current context of a file that {@link #write} or kubectl wrote. Throws IOException
     * for a file that cannot be read, or is none.
     */
    public static Kubeconfig read(Path file) throws IOException {
        try {
            return parse(file);
        } catch (ApiException | IllegalArgumentException e) {
            throw new IOException(file + " is no kubeconfig: " + e.getMessage(), e);
        }
    }

    private static Kubeconfig parse(Path file) throws IOException {
        JsonNode config = Yaml.parse(Files.readAllBytes(file)).tree();
        String contextName = config.path("current-context").asString("");
        JsonNode context = named(config, "contexts", contextName).path("context");
        JsonNode cluster =
                named(config, "clusters", context.path("cluster").asString("")).path("cluster");
        String userName = context.path("user").asString("");
        JsonNode user = named(config, "users", userName).path("user");
        Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
        return new Kubeconfig(
                cluster.path("server").asString(""),
                text(cluster, "certificate-authority", folder),
                userName,
                proof(user, folder));
    }

    private static Proof proof(JsonNode user, Path folder) throws IOException {
        if (user.has("token")) {
            return new Proof.Token(user.path("token").asString(""));
        }
        if (user.has("tokenFile")) {
            Path file = folder.resolve(user.path("tokenFile").asString(""));
            return new Proof.Token(Files.readString(file).strip());
        }
        if (user.has("username")) {
            return new Proof.Password(
                    user.path("username").asString(""), user.path("password").asString(""));
        }
        return new Proof.Certificate(
                text(user, "client-certificate", folder), text(user, "client-key", folder));
    }

    /** In the file itself ({@code NAME-data}), or in another beside it. */
    private static String text(JsonNode node, String field, Path folder) throws IOException {
        return node.has(field)
                ? Files.readString(folder.resolve(node.path(field).asString("")))
                : decoded(node, field + "-data");
    }

    private static JsonNode named(JsonNode config, String list, String name) {
        for (JsonNode entry : config.path(list)) {
            if (entry.path("name").asString("").equals(name)) {
                return entry;
            }
        }
        return JsonNodeFactory.instance.objectNode();
    }

    private static String decoded(JsonNode node, String field) {
        return new String(
                Base64.getDecoder().decode(node.path(field).asString("")),
                java.nio.charset.StandardCharsets.US_ASCII);
    }

    /** The text of a file with one context, as YAML; it holds the secret of the proof. */
    public byte[] yaml(String context, Optional<String> namespace) {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.put("apiVersion", "v1").put("kind", "Config").put("current-context", context);
        ObjectNode cluster = config.putArray("clusters").addObject().put("name", context);
        cluster.putObject("cluster")
                .put("server", server)
                .put("certificate-authority-data", encoded(authority));
        ObjectNode user = config.putArray("users").addObject().put("name", userName);
        switch (proof) {
            case Proof.Token(String value) -> user.putObject("user").put("token", value);
            case Proof.Password _ ->
                    throw new IllegalArgumentException(
                            "a password is not written to a file: log in to get a token");
            case Proof.Certificate(String certificate, String key) ->
                    user.putObject("user")
                            .put("client-certificate-data", encoded(certificate))
                            .put("client-key-data", encoded(key));
        }
        ObjectNode entry = config.putArray("contexts").addObject().put("name", context);
        ObjectNode inner = entry.putObject("context").put("cluster", context).put("user", userName);
        namespace.ifPresent(name -> inner.put("namespace", name));
        return Yaml.write(config);
    }

    /** Writes the file so that only its owner may read it, in one step. */
    public void write(Path file, String context, Optional<String> namespace) throws IOException {
        byte[] text = yaml(context, namespace);
        Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
        Path fresh =
                Files.createTempFile(
                        folder,
                        ".kubeconfig",
                        "",
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        Files.write(fresh, text);
        Files.move(
                fresh,
                file,
                java.nio.file.StandardCopyOption.ATOMIC_MOVE,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private static String encoded(String text) {
        return Base64.getEncoder()
                .encodeToString(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }
}
