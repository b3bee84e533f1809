package io.hypernetes.api.apply;

import io.hypernetes.api.apply.FieldSet.Step;
import io.hypernetes.api.schema.Schema;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.Map;

/** Takes fields and items out of an object. */
final class Removal {

    private Removal() {}

    /**
     * The object without the members of the set. What loses its last field or item goes with it,
     * except the object itself.
     *
     * @param object is not changed, but the result shares parts of it
     */
    static JsonNode of(Schema schema, JsonNode object, FieldSet unwanted) {
        if (unwanted.isEmpty()) {
            return object;
        }
        @Nullable JsonNode rest = rest(schema, object, unwanted);
        return rest == null ? JsonNodeFactory.instance.objectNode() : rest;
    }

    private static @Nullable JsonNode rest(Schema schema, JsonNode value, FieldSet unwanted) {
        return switch (Forms.of(schema, value)) {
            case LEAF -> value;
            case MAP ->
                    value instanceof ObjectNode object && !object.isEmpty()
                            ? fields(schema, object, unwanted)
                            : value;
            case LIST ->
                    value instanceof ArrayNode array && !array.isEmpty()
                            ? items(schema, array, unwanted)
                            : value;
        };
    }

    private static @Nullable JsonNode fields(Schema schema, ObjectNode object, FieldSet unwanted) {
        ObjectNode kept = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            String name = entry.getKey();
            Step step = unwanted.find(new PathElement.Field(name));
            if (step == null) {
                kept.set(name, entry.getValue());
            } else if (!step.member()) {
                JsonNode rest = rest(Forms.field(schema, name), entry.getValue(), step.below());
                if (rest != null) {
                    kept.set(name, rest);
                }
            }
        }
        return kept.isEmpty() ? null : kept;
    }

    private static @Nullable JsonNode items(Schema schema, ArrayNode list, FieldSet unwanted) {
        ArrayNode kept = JsonNodeFactory.instance.arrayNode();
        for (JsonNode item : list) {
            Step step = unwanted.find(Forms.item(schema, item));
            if (step == null) {
                kept.add(item);
            } else if (!step.member()) {
                JsonNode rest = rest(Forms.items(schema), item, step.below());
                kept.add(rest == null ? JsonNodeFactory.instance.objectNode() : rest);
            }
        }
        return kept.isEmpty() ? null : kept;
    }

    /**
     * The set with every struct field that leads to one of its paths: who owns {@code a.b.c} holds
     * {@code a} there, unless {@code a} is an item or a key.
     */
    static FieldSet withNamedFields(Schema schema, FieldSet set) {
        return new FieldSet(
                set.steps().stream()
                        .map(step ->
                                new Step(
                                        step.element(),
                                        step.member()
                                                || step.element()
                                                                instanceof
                                                                PathElement.Field(String name)
                                                        && Forms.names(schema, name),
                                        withNamedFields(
                                                Forms.below(schema, step.element()), step.below())))
                        .toList());
    }
}
