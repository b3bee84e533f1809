package io.hypernetes.api.schema;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** An operation of OpenAPI v2 while it is put together; used by one thread. */
final class OpenApiOperation {

    /** Every form in which an object is answered. */
    static final List<String> OBJECT =
            List.of("application/json", "application/yaml", "application/vnd.kubernetes.protobuf");

    static final List<String> WATCH =
            List.of(
                    "application/json",
                    "application/yaml",
                    "application/vnd.kubernetes.protobuf",
                    "application/json;stream=watch",
                    "application/vnd.kubernetes.protobuf;stream=watch");

    static final List<String> ANYTHING = List.of("*/*");

    /** Custom resources have no messages of protobuf. */
    static final List<String> CUSTOM = List.of("application/json", "application/yaml");

    private final ObjectNode node = JsonNodeFactory.instance.objectNode();
    private final List<ObjectNode> parameters = new ArrayList<>();

    OpenApiOperation(String id, String description, String tag) {
        consumes(ANYTHING);
        node.put("description", description);
        node.put("operationId", id);
        produces(OBJECT);
        node.putObject("responses");
        node.putArray("schemes").add("https");
        node.putArray("tags").add(tag);
    }

    OpenApiOperation consumes(List<String> types) {
        types.forEach(node.putArray("consumes")::add);
        return this;
    }

    OpenApiOperation produces(List<String> types) {
        types.forEach(node.putArray("produces")::add);
        return this;
    }

    /** A good answer with an object of a definition. */
    OpenApiOperation answers(String definition, int... codes) {
        return answers(OpenApiPaths.reference(definition), codes);
    }

    OpenApiOperation answersText() {
        return answers(JsonNodeFactory.instance.objectNode().put("type", "string"), 200);
    }

    private OpenApiOperation answers(ObjectNode schema, int... codes) {
        for (int code : codes) {
            String text =
                    switch (code) {
                        case 201 -> "Created";
                        case 202 -> "Accepted";
                        default -> "OK";
                    };
            node.withObjectProperty("responses")
                    .putObject(Integer.toString(code))
                    .put("description", text)
                    .set("schema", schema.deepCopy());
        }
        return this;
    }

    OpenApiOperation with(List<ObjectNode> more) {
        parameters.addAll(more);
        return this;
    }

    OpenApiOperation with(ObjectNode parameter) {
        parameters.add(parameter);
        return this;
    }

    OpenApiOperation extensions(String action, ObjectNode kind) {
        node.put("x-kubernetes-action", action);
        node.set("x-kubernetes-group-version-kind", kind);
        return this;
    }

    ObjectNode build() {
        node.withObjectProperty("responses").putObject("401").put("description", "Unauthorized");
        if (!parameters.isEmpty()) {
            ArrayNode list = node.putArray("parameters");
            parameters.stream()
                    .sorted(
                            Comparator.comparing((ObjectNode p) -> p.path("name").asString())
                                    .thenComparing(p -> p.path("in").asString()))
                    .forEach(list::add);
        }
        return node;
    }
}
