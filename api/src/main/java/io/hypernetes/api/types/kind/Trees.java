package io.hypernetes.api.types.kind;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/** Reading and filling trees whose fields may be missing, null or (unchecked) of the wrong type. */
public final class Trees {

    private Trees() {}

    /** The text at a path; empty when there is none. */
    public static String text(JsonNode node, String... path) {
        return at(node, path).asString("");
    }

    public static JsonNode at(JsonNode node, String... path) {
        JsonNode found = node;
        for (String step : path) {
            found = found.path(step);
        }
        return found;
    }

    /** Whether there is a value: neither missing nor null. */
    public static boolean has(JsonNode node, String... path) {
        JsonNode found = at(node, path);
        return !found.isMissingNode() && !found.isNull();
    }

    /** The objects in a list; empty when there is no list. */
    public static List<ObjectNode> objects(JsonNode list) {
        List<ObjectNode> objects = new ArrayList<>();
        for (JsonNode item : list) {
            if (item instanceof ObjectNode object) {
                objects.add(object);
            }
        }
        return objects;
    }

    public static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.add(item.asString("")));
        return texts;
    }

    public static void setDefault(ObjectNode object, String field, String value) {
        if (!has(object, field) || text(object, field).isEmpty()) {
            object.put(field, value);
        }
    }

    /** Of a field that is a pointer in Go: an empty text is a text. */
    public static void setIfAbsent(ObjectNode object, String field, String value) {
        if (!has(object, field)) {
            object.put(field, value);
        }
    }

    public static void setDefault(ObjectNode object, String field, long value) {
        if (!has(object, field)) {
            object.set(field, JsonNodeFactory.instance.numberNode(Math.toIntExact(value)));
        }
    }

    public static void setDefault(ObjectNode object, String field, boolean value) {
        if (!has(object, field)) {
            object.put(field, value);
        }
    }

    /** The object in a field, put there empty when it is missing. */
    public static ObjectNode child(ObjectNode object, String field) {
        return object.get(field) instanceof ObjectNode child ? child : object.putObject(field);
    }

    /** Makes a field of one object what it is in another: the same value, or none. */
    public static void copy(String field, ObjectNode from, ObjectNode to) {
        JsonNode value = from.get(field);
        if (value == null) {
            to.remove(field);
        } else {
            to.set(field, value);
        }
    }
}
