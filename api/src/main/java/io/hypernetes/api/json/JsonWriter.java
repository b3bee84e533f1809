package io.hypernetes.api.json;

import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** A tree to canonical bytes; the order is described at {@link Json}. */
final class JsonWriter {

    private final JsonGenerator out;
    private final boolean stored;

    private JsonWriter(JsonGenerator out, boolean stored) {
        this.out = out;
        this.stored = stored;
    }

    /**
     * @param stored leave {@code metadata.resourceVersion} out
     */
    static byte[] write(JsonNode node, boolean stored) {
        return write(JsonReader.FACTORY, node, stored);
    }

    static byte[] write(JsonFactory factory, JsonNode node, boolean stored) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator out =
                factory.createGenerator(ObjectWriteContext.empty(), bytes, JsonEncoding.UTF8)) {
            JsonWriter writer = new JsonWriter(out, stored);
            if (node instanceof ObjectNode object) {
                writer.root(object);
            } else {
                writer.value(node);
            }
        }
        return bytes.toByteArray();
    }

    /** The JSON of what is somewhere in an object: no field comes before another. */
    static String part(JsonNode node) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator out =
                JsonReader.FACTORY.createGenerator(
                        ObjectWriteContext.empty(), bytes, JsonEncoding.UTF8)) {
            new JsonWriter(out, false).value(node);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private void root(ObjectNode object) {
        out.writeStartObject();
        if (object.get("apiVersion") instanceof JsonNode version) {
            field("apiVersion", version);
        }
        if (object.get("kind") instanceof JsonNode kind) {
            field("kind", kind);
        }
        if (object.get("metadata") instanceof JsonNode metadata) {
            out.writeName("metadata");
            if (metadata instanceof ObjectNode fields) {
                metadata(fields);
            } else {
                value(metadata);
            }
        }
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            switch (entry.getKey()) {
                case "apiVersion", "kind", "metadata" -> {}
                default -> field(entry.getKey(), entry.getValue());
            }
        }
        out.writeEndObject();
    }

    private void metadata(ObjectNode metadata) {
        Map<String, JsonNode> sorted = new TreeMap<>();
        metadata.properties().forEach(e -> sorted.put(e.getKey(), e.getValue()));
        JsonNode version = sorted.remove("resourceVersion");
        out.writeStartObject();
        if (version != null && !stored) {
            field("resourceVersion", version);
        }
        sorted.forEach(this::field);
        out.writeEndObject();
    }

    private void field(String name, JsonNode value) {
        out.writeName(name);
        value(value);
    }

    private void value(JsonNode node) {
        switch (node.getNodeType()) {
            case OBJECT -> object((ObjectNode) node);
            case ARRAY -> {
                out.writeStartArray();
                ((ArrayNode) node).forEach(this::value);
                out.writeEndArray();
            }
            case STRING -> out.writeString(node.stringValue());
            case BOOLEAN -> out.writeBoolean(node.booleanValue());
            case NULL -> out.writeNull();
            case NUMBER -> number(node);
            default -> throw new IllegalArgumentException("no JSON value: " + node.getNodeType());
        }
    }

    private void object(ObjectNode object) {
        if (object instanceof WrittenObject written) {
            out.writeRawValue(written.json());
            return;
        }
        out.writeStartObject();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            field(entry.getKey(), entry.getValue());
        }
        out.writeEndObject();
    }

    private void number(JsonNode node) {
        switch (node.numberType()) {
            case INT -> out.writeNumber(node.intValue());
            case LONG -> out.writeNumber(node.longValue());
            case BIG_INTEGER -> out.writeNumber(node.bigIntegerValue());
            case FLOAT -> out.writeNumber(node.floatValue());
            case DOUBLE -> out.writeNumber(node.doubleValue());
            case BIG_DECIMAL -> out.writeNumber(node.decimalValue());
        }
    }
}
