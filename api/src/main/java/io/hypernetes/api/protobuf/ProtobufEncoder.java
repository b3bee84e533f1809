package io.hypernetes.api.protobuf;

import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.schema.Property;
import io.hypernetes.api.schema.ScalarType;
import io.hypernetes.api.schema.Schema;
import io.hypernetes.api.schema.Schemas;
import io.hypernetes.api.schema.WireFields;
import io.hypernetes.api.schema.WireFields.Field;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Makes of an object's tree Kubernetes' protobuf message of it, the inverse of {@link
 * ProtobufDecoder}. Only what the tree has is written: to Go a field that is not there is its zero
 * value, and a pointer that is not there is nil, as after decoding the same JSON.
 */
public final class ProtobufEncoder {
    private static final int EXPECTED_BYTES = 2048;

    private final Schemas schemas;
    private final WireFields fields;

    public ProtobufEncoder(Schemas schemas, WireFields fields) {
        this.schemas = schemas;
        this.fields = fields;
    }

    /** For Kubernetes' own kinds; loaded by the first call. */
    public static ProtobufEncoder kubernetes() {
        return Loaded.INSTANCE;
    }

    /** Whether objects of this kind have a message; custom resources have none. */
    public boolean knows(GroupVersionKind kind) {
        String definition = Envelope.definition(kind);
        return fields.has(definition) && schemas.find(definition).isPresent();
    }

    /** The object with its envelope. The kind must be known. */
    public byte[] object(ObjectNode tree) {
        String apiVersion = tree.path("apiVersion").asString("");
        String kind = tree.path("kind").asString("");
        return Envelope.of(apiVersion, kind, message(GroupVersionKind.of(apiVersion, kind), tree));
    }

    /** The bare message of an object of a known kind. */
    public byte[] message(GroupVersionKind kind, ObjectNode tree) {
        String definition = Envelope.definition(kind);
        WireWriter out = new WireWriter(EXPECTED_BYTES);
        if (definition.endsWith(".PartialObjectMetadata")) {
            // It has no schema: only its metadata has.
            writeValue(out, 1, "", objectMeta(), tree.path("metadata"));
        } else {
            writeStruct(out, definition, schemas.struct(definition), tree);
        }
        return out.bytes();
    }

    /** The bare message of a list's metadata. */
    public byte[] listMeta(ObjectNode tree) {
        String definition = "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta";
        WireWriter out = new WireWriter(128);
        writeStruct(out, definition, schemas.struct(definition), tree);
        return out.bytes();
    }

    private Schema objectMeta() {
        return schemas.struct("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");
    }

    private void writeStruct(
            WireWriter out, String message, Schema.Struct struct, JsonNode object) {
        for (Field field : fields.of(message).reversed()) {
            Optional<Property> property = struct.property(field.name());
            if (property.isPresent()) {
                JsonNode value = object.get(field.name());
                if (value != null && !value.isNull()) {
                    writeField(out, field, property.get().schema(), value);
                }
            } else if (!field.message().isEmpty()) {
                // A struct that Go embeds: its fields are this object's own in JSON.
                int mark = out.length();
                writeStruct(out, field.message(), struct, object);
                if (out.length() > mark) {
                    out.message(field.number(), mark);
                }
            }
        }
    }

    private void writeField(WireWriter out, Field field, Schema schema, JsonNode value) {
        switch (schema) {
            case Schema.ListOf list -> {
                for (int i = value.size() - 1; i >= 0; i--) {
                    writeValue(
                            out,
                            field.number(),
                            field.message(),
                            list.items().schema(),
                            value.path(i));
                }
            }
            case Schema.MapOf map -> writeMap(out, field, map.values().schema(), value);
            default -> writeValue(out, field.number(), field.message(), schema, value);
        }
    }

    /** Entries in the order of their keys, as Go writes them. */
    private void writeMap(WireWriter out, Field field, Schema values, JsonNode map) {
        TreeMap<String, JsonNode> sorted = new TreeMap<>();
        map.forEachEntry(sorted::put);
        sorted.descendingMap()
                .forEach((key, value) -> {
                    int mark = out.length();
                    if (values instanceof Schema.ListOf list) {
                        // A list as a map's value is a message of its own with the items in field
                        // 1.
                        int inner = out.length();
                        for (int i = value.size() - 1; i >= 0; i--) {
                            writeValue(out, 1, "", list.items().schema(), value.path(i));
                        }
                        out.message(2, inner);
                    } else {
                        writeValue(out, 2, SchemaUnions.ofMap(field), values, value);
                    }
                    out.text(1, key);
                    out.message(field.number(), mark);
                });
    }

    private void writeValue(
            WireWriter out, int number, String message, Schema schema, @Nullable JsonNode value) {
        if (value == null || value.isNull() && !(schema instanceof Schema.Any)) {
            return;
        }
        switch (schema) {
            case Schema.Struct struct -> {
                int mark = out.length();
                String name = struct.definition().isEmpty() ? message : struct.definition();
                writeStruct(out, name, struct, value);
                out.message(number, mark);
            }
            case Schema.Scalar scalar -> writeScalar(out, number, scalar.type(), value);
            case Schema.Any _ -> {
                int mark = out.length();
                writeAny(out, message, value);
                out.message(number, mark);
            }
            case Schema.ListOf _, Schema.MapOf _ -> {} // there are no lists of lists or of maps
        }
    }

    private void writeAny(WireWriter out, String message, JsonNode value) {
        List<SchemaUnions.Part> parts = SchemaUnions.parts(message, value);
        for (SchemaUnions.Part part : parts.reversed()) {
            switch (part) {
                case SchemaUnions.Flag(int number, boolean flag) ->
                        out.varint(number, flag ? 1 : 0);
                case SchemaUnions.Text(int number, String text) -> out.text(number, text);
                case SchemaUnions.Raw(int number, byte[] json) -> out.bytes(number, json);
                case SchemaUnions.Nested(int number, JsonNode schema) ->
                        writeValue(out, number, "", schemas.struct(SchemaUnions.SCHEMA), schema);
            }
        }
    }

    private static void writeScalar(WireWriter out, int number, ScalarType type, JsonNode value) {
        switch (type) {
            case STRING -> out.text(number, value.asString(""));
            case BYTES -> out.bytes(number, Base64.getMimeDecoder().decode(value.asString("")));
            case BOOLEAN -> out.varint(number, value.asBoolean(false) ? 1 : 0);
            case INT32, INT64 -> out.varint(number, value.asLong(0));
            case DOUBLE -> out.fixed64(number, Double.doubleToRawLongBits(value.asDouble(0)));
            case TIME, MICRO_TIME, QUANTITY, INT_OR_STRING -> {
                int mark = out.length();
                switch (type) {
                    case QUANTITY -> out.text(1, value.asString(""));
                    case INT_OR_STRING -> ScalarMessages.writeIntOrString(out, value);
                    default ->
                            ScalarMessages.writeTime(
                                    out, value.asString(""), type == ScalarType.MICRO_TIME);
                }
                out.message(number, mark);
            }
        }
    }

    private static final class Loaded {
        static final ProtobufEncoder INSTANCE =
                new ProtobufEncoder(Schemas.kubernetes(), new WireFields());
    }
}
