package io.hypernetes.api.json;

import tools.jackson.core.SerializableString;
import tools.jackson.core.io.SerializedString;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An object in many trees at once. Its JSON is made once, and nobody can change it or what is in
 * it: that throws UnsupportedOperationException. A copy is an ordinary object.
 */
public final class WrittenObject extends ObjectNode {

    private static final long serialVersionUID = 1;

    private final transient SerializableString json;

    private WrittenObject(Map<String, JsonNode> fields, SerializableString json) {
        super(JsonNodeFactory.instance, fields);
        this.json = json;
    }

    /**
     * @param object of objects and single values, without lists
     */
    public static WrittenObject of(ObjectNode object) {
        SerializedString json = new SerializedString(JsonWriter.part(object));
        json.asUnquotedUTF8(); // which is kept
        return new WrittenObject(fixedFields(object), json);
    }

    private static Map<String, JsonNode> fixedFields(ObjectNode object) {
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        object.forEachEntry((name, value) -> fields.put(name, fixed(value)));
        return Collections.unmodifiableMap(fields);
    }

    private static JsonNode fixed(JsonNode value) {
        if (value.isArray()) {
            throw new IllegalArgumentException("a list could be changed");
        }
        return value instanceof ObjectNode object
                ? new ObjectNode(JsonNodeFactory.instance, fixedFields(object))
                : value;
    }

    SerializableString json() {
        return json;
    }
}
