package io.hypernetes.conformance;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.json.Yaml;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The objects of one resource in one namespace, or of a whole world; manifests are YAML or JSON.
 *
 * @param path of the collection
 * @param everywhere path of the collection over all namespaces
 */
record Objects(Http http, String apiVersion, String resource, String path, String everywhere) {
    static final String MERGE = "application/merge-patch+json";
    static final String STRATEGIC = "application/strategic-merge-patch+json";
    static final String JSON_PATCH = "application/json-patch+json";
    static final String APPLY = "application/apply-patch+yaml";

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    static Objects of(Http http, String apiVersion, String resource, String namespace) {
        String root = (apiVersion.contains("/") ? "/apis/" : "/api/") + apiVersion;
        String everywhere = root + "/" + resource;
        String inside =
                namespace.isEmpty()
                        ? everywhere
                        : root + "/namespaces/" + namespace + "/" + resource;
        return new Objects(http, apiVersion, resource, inside, everywhere);
    }

    static ObjectNode tree(String manifest) {
        return Yaml.parse(manifest.getBytes(StandardCharsets.UTF_8)).tree();
    }

    static String query(String name, String value) {
        return name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    static String labelled(String selector) {
        return query("labelSelector", selector);
    }

    private static String with(String path, String query) {
        return query.isEmpty() ? path : path + "?" + query;
    }

    Objects everyNamespace() {
        return new Objects(http, apiVersion, resource, everywhere, everywhere);
    }

    ObjectNode create(String manifest) {
        return create(tree(manifest), "");
    }

    ObjectNode create(ObjectNode object) {
        return create(object, "");
    }

    ObjectNode create(ObjectNode object, String query) {
        return http.send("POST", with(path, query), Http.JSON, Json.text(object)).succeeded();
    }

    /** Acts on a subresource: a binding, an eviction, a token. */
    ObjectNode post(String name, String subresource, ObjectNode object) {
        return http.send("POST", at(name, subresource), Http.JSON, Json.text(object)).succeeded();
    }

    String at(String name, String... subresource) {
        return path
                + "/"
                + name
                + (subresource.length == 0 || subresource[0].isEmpty() ? "" : "/" + subresource[0]);
    }

    ObjectNode get(String name, String... subresource) {
        return http.get(at(name, subresource), Http.JSON).succeeded();
    }

    Optional<ObjectNode> found(String name) {
        Http.Answer answer = http.get(at(name), Http.JSON);
        return answer.code() == 404 ? Optional.empty() : Optional.of(answer.succeeded());
    }

    boolean exists(String name) {
        return found(name).isPresent();
    }

    ObjectNode replace(ObjectNode object, String... subresource) {
        return http.send(
                        "PUT", at(Metadata.name(object), subresource), Http.JSON, Json.text(object))
                .succeeded();
    }

    /** Reads, changes and replaces; controllers write too: who comes too late begins again. */
    ObjectNode change(String name, Consumer<ObjectNode> change, String... subresource) {
        while (true) {
            ObjectNode read = get(name, subresource);
            change.accept(read);
            try {
                return replace(read, subresource);
            } catch (Refused refused) {
                if (refused.code() != 409) {
                    throw refused;
                }
            }
        }
    }

    ObjectNode patch(String name, String type, String patch, String... subresource) {
        return http.send("PATCH", at(name, subresource), type, patch).succeeded();
    }

    ObjectNode merge(String name, String patch, String... subresource) {
        return patch(name, MERGE, Json.text(tree(patch)), subresource);
    }

    /** As {@code kubectl apply --server-side} does. */
    ObjectNode apply(String name, String manifest, String query) {
        return patch(name + "?" + query, APPLY, manifest);
    }

    ObjectNode listing(String query) {
        return http.get(with(path, query), Http.JSON).succeeded();
    }

    List<ObjectNode> list(String... query) {
        List<ObjectNode> items = new ArrayList<>();
        for (JsonNode item : listing(query.length == 0 ? "" : query[0]).path("items")) {
            items.add((ObjectNode) item);
        }
        return items;
    }

    List<String> names(String... query) {
        return list(query).stream().map(Metadata::name).toList();
    }

    void delete(String name) {
        delete(name, "{}");
    }

    void delete(String name, String options) {
        http.send("DELETE", at(name), Http.JSON, Json.text(tree(options))).succeeded();
    }

    void deleteAll(String query) {
        http.send("DELETE", with(path, query), Http.JSON, "").succeeded();
    }

    Watching watch(String query) {
        return new Watching(
                http.stream(with(path, "watch=true" + (query.isEmpty() ? "" : "&" + query))));
    }

    /** The object once it is as asked. */
    ObjectNode await(String name, Predicate<ObjectNode> wanted) {
        return waiting(name)
                .until(
                        () -> found(name).orElseGet(Json::object),
                        object -> object.has("metadata") && wanted.test(object));
    }

    void awaitGone(String name) {
        waiting(name).until(() -> !exists(name));
    }

    void awaitCount(int count, String... query) {
        waiting("").until(() -> list(query).size() == count);
    }

    void awaitSome(String query) {
        waiting("").until(() -> !list(query).isEmpty());
    }

    private ConditionFactory waiting(String name) {
        return Awaitility.await(resource + " " + name).atMost(LONG).pollInterval(LOOK_AGAIN);
    }
}
