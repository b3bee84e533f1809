package io.hypernetes.api.apply;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;

/**
 * The way from client-side to server-side apply. {@code kubectl apply} keeps what it sent in an
 * annotation; when {@code kubectl apply --server-side} then meets its own older fields, that is no
 * conflict. Only the manager {@code kubectl} gets this.
 */
final class LastApplied {

    private static final String ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";
    private static final String KUBECTL = "kubectl";
    private static final int MAX_ANNOTATION_BYTES = 256 << 10;

    private LastApplied() {}

    /**
     * The fields that kubectl set on the client's side and nobody has changed since: it may take
     * them over. All conflicts must be of that kind, else none is forgiven but for being listed.
     */
    static FieldSet allowed(FieldManager kind, String manager, JsonNode live, Conflicts conflicts) {
        String text = annotation(live);
        if (!manager.equals(KUBECTL) || text.isEmpty() || conflicts.isEmpty()) {
            return FieldSet.EMPTY;
        }
        ObjectNode last;
        try {
            last = Json.parseObject(text.getBytes(StandardCharsets.UTF_8));
        } catch (ApiException e) {
            return FieldSet.EMPTY; // somebody wrote something else there
        }
        boolean fits =
                last.path("apiVersion").asString("").equals(kind.version())
                        && ConfigCheck.errors(kind.schema(), last).isEmpty();
        if (!fits) {
            return FieldSet.EMPTY;
        }
        Comparison since = Comparison.of(kind.schema(), last, live);
        return Leaves.of(kind.schema(), last)
                .difference(since.changed())
                .difference(since.removed());
    }

    /**
     * Keeps the annotation true, for a user who goes back to the client's side.
     *
     * @param object changed in place and returned
     */
    static ObjectNode refresh(String manager, ObjectNode object, ObjectNode config) {
        if (!manager.equals(KUBECTL) || annotation(object).isEmpty()) {
            return object;
        }
        ObjectNode sent = config.deepCopy();
        if (sent.path("metadata").path("annotations") instanceof ObjectNode annotations) {
            annotations.remove(ANNOTATION);
            if (annotations.isEmpty()) {
                Metadata.ensureMetadata(sent).remove("annotations");
            }
        }
        ObjectNode annotations = Metadata.ensureAnnotations(object);
        annotations.put(ANNOTATION, sorted(sent).toString() + "\n");
        long bytes = 0;
        for (var entry : annotations.properties()) {
            bytes += entry.getKey().getBytes(StandardCharsets.UTF_8).length;
            bytes += entry.getValue().asString("").getBytes(StandardCharsets.UTF_8).length;
        }
        if (bytes > MAX_ANNOTATION_BYTES) {
            annotations.remove(ANNOTATION);
        }
        return object;
    }

    private static String annotation(JsonNode object) {
        return object.path("metadata").path("annotations").path(ANNOTATION).asString("");
    }

    /** As Go writes a map: keys in order, at all depths. */
    private static JsonNode sorted(JsonNode value) {
        if (value instanceof ObjectNode object) {
            ObjectNode copy = Json.object();
            new java.util.TreeSet<>(object.propertyNames())
                    .forEach(name -> copy.set(name, sorted(object.get(name))));
            return copy;
        }
        if (value.isArray()) {
            var copy = tools.jackson.databind.node.JsonNodeFactory.instance.arrayNode();
            value.forEach(item -> copy.add(sorted(item)));
            return copy;
        }
        return value;
    }
}
