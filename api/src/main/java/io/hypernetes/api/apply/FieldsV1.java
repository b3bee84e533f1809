package io.hypernetes.api.apply;

import io.hypernetes.api.apply.FieldSet.Step;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The JSON form of a set of fields: {@code {"f:spec":{"f:ports":{".":{},"k:{\"port\":80}":{}}}}}. A
 * step with an empty object is a member; one with members below it is a member itself when it also
 * holds {@code "."}.
 */
public final class FieldsV1 {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String SELF = ".";

    private FieldsV1() {}

    /** The canonical form: steps in order. It may be part of other trees. */
    public static ObjectNode encode(FieldSet set) {
        if (set.written() instanceof ObjectNode written) {
            return written;
        }
        ObjectNode object = NODES.objectNode();
        // Leaves are the bulk of a table: one empty object stands for all of them.
        encodeInto(object, set, NODES.objectNode());
        return object;
    }

    private static void encodeInto(ObjectNode object, FieldSet set, ObjectNode leaf) {
        for (Step step : set.steps()) {
            ObjectNode below = leaf;
            if (!step.below().isEmpty()) {
                below = NODES.objectNode();
                if (step.member()) {
                    below.set(SELF, leaf);
                }
                encodeInto(below, step.below(), leaf);
            }
            object.set(step.element().encoded(), below);
        }
    }

    /**
     * @throws IllegalArgumentException when it is malformed; the message says what is wrong
     */
    public static FieldSet decode(JsonNode fields) {
        if (fields.isNull() || fields.isMissingNode()) {
            return FieldSet.EMPTY;
        }
        FieldSet set = decodeBelow(fields);
        return set == null ? FieldSet.EMPTY : set;
    }

    /** Null when nothing is below: the step itself is the member then. */
    private static @Nullable FieldSet decodeBelow(JsonNode node) {
        if (!(node instanceof ObjectNode object)) {
            throw new IllegalArgumentException("expected an object of fields, got " + node);
        }
        List<Step> steps = new ArrayList<>(object.size());
        boolean ordered = true;
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            if (entry.getKey().equals(SELF)) {
                continue;
            }
            PathElement element = PathElement.decode(entry.getKey());
            if (element == null) {
                continue;
            }
            JsonNode value = entry.getValue();
            FieldSet below = decodeBelow(value);
            boolean member = below == null || value.has(SELF);
            ordered &= steps.isEmpty() || steps.getLast().element().compareTo(element) < 0;
            steps.add(new Step(element, member, below == null ? FieldSet.EMPTY : below));
        }
        if (steps.isEmpty()) {
            return null;
        }
        if (ordered) {
            return new FieldSet(steps);
        }
        FieldSet set = FieldSet.EMPTY;
        for (Step step : steps) {
            set = set.union(new FieldSet(List.of(step)));
        }
        return set;
    }
}
