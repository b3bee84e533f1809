package io.hypernetes.server;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.json.Json;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One request, as a walk over all types, verbs and subresources makes it.
 *
 * @param path without the prefix that names a tenant
 */
record Attempt(String method, String path, String body, String contentType) {
    private static final String MERGE = "{\"metadata\":{\"labels\":{\"walk\":\"yes\"}}}";
    private static final String JSON_PATCH =
            "[{\"op\":\"add\",\"path\":\"/metadata/annotations\",\"value\":{\"walk\":\"yes\"}}]";

    static Attempt get(String path) {
        return new Attempt("GET", path, "", "");
    }

    private static Attempt delete(String path) {
        return new Attempt("DELETE", path, "", "");
    }

    private static List<Attempt> writes(String path, String body) {
        return List.of(
                new Attempt("PUT", path, body, "application/json"),
                new Attempt("PATCH", path, JSON_PATCH, "application/json-patch+json"),
                new Attempt("PATCH", path, MERGE, "application/merge-patch+json"),
                new Attempt("PATCH", path, MERGE, "application/strategic-merge-patch+json"),
                new Attempt(
                        "PATCH",
                        path + "?fieldManager=walk&force=true",
                        identity(body),
                        "application/apply-patch+yaml"));
    }

    /** The manifest's kind and name alone: what every schema declares. */
    private static String identity(String manifest) {
        ObjectNode object = Json.parseObject(manifest.getBytes(StandardCharsets.UTF_8));
        return object.retain("apiVersion", "kind", "metadata").toString();
    }

    /** The collections of a type: over all namespaces, in one that both have, in a foreign one. */
    static List<String> collections(ResourceType type) {
        String base = (type.id().group().isEmpty() ? "/api/" : "/apis/") + type.apiVersion();
        String resource = "/" + type.id().resource();
        List<String> collections = new ArrayList<>(List.of(base + resource));
        if (type.namespaced()) {
            collections.add(base + "/namespaces/default" + resource);
            collections.add(base + "/namespaces/" + ForeignWorld.GUESSED + resource);
        }
        return collections;
    }

    /**
     * Every verb on every path of a type, an object's life in its order.
     *
     * @param body a manifest of the object called {@link ForeignWorld#GUESSED}
     * @param tokens continue tokens of another world's lists
     */
    static List<Attempt> all(ResourceType type, String body, List<String> tokens) {
        List<Attempt> attempts = new ArrayList<>();
        for (String collection : collections(type)) {
            attempts.addAll(reads(collection, tokens));
            attempts.add(new Attempt("POST", collection, body, "application/json"));
            String object = collection + "/" + ForeignWorld.GUESSED;
            attempts.addAll(objectVerbs(type, object, body));
            attempts.add(delete(object));
            attempts.add(delete(collection + "?labelSelector=marker"));
            attempts.add(delete(collection));
        }
        return attempts;
    }

    private static List<Attempt> reads(String collection, List<String> tokens) {
        List<Attempt> attempts = new ArrayList<>();
        for (String query :
                List.of(
                        "",
                        "?labelSelector=marker",
                        "?labelSelector=a%21%3Db",
                        "?fieldSelector=metadata.name%3D" + ForeignWorld.GUESSED,
                        "?fieldSelector=metadata.name%21%3Dx",
                        "?limit=1",
                        "?resourceVersion=1&resourceVersionMatch=Exact",
                        "?resourceVersion=0")) {
            attempts.add(get(collection + query));
        }
        tokens.forEach(token -> attempts.add(get(collection + "?limit=1&continue=" + token)));
        return attempts;
    }

    private static List<Attempt> objectVerbs(ResourceType type, String object, String body) {
        List<Attempt> attempts = new ArrayList<>();
        attempts.add(get(object));
        attempts.add(get(object + "?watch=1&timeoutSeconds=1"));
        attempts.add(new Attempt("HEAD", object, "", ""));
        attempts.addAll(writes(object, body));
        List<String> parts = new ArrayList<>(type.subresources());
        parts.addAll(List.of("proxy", "eviction", "scale", "ephemeralcontainers"));
        for (String part : parts) {
            String path = object + "/" + part;
            attempts.add(get(path + "?command=id&stdout=true"));
            attempts.add(new Attempt("POST", path, body(part, body), "application/json"));
            attempts.addAll(writes(path, body));
            attempts.add(delete(path));
        }
        return attempts;
    }

    private static String body(String part, String manifest) {
        return switch (part) {
            case "binding" -> "{\"target\":{\"kind\":\"Node\",\"name\":\"n1\"}}";
            case "token", "eviction" -> Json.text(Json.object());
            default -> manifest;
        };
    }
}
