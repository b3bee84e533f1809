package io.hypernetes.api.protobuf;

import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.schema.Property;
import io.hypernetes.api.schema.ScalarType;
import io.hypernetes.api.schema.Schema;
import io.hypernetes.api.schema.Schemas;
import io.hypernetes.api.schema.WireFields;
import io.hypernetes.api.schema.WireFields.Field;
import io.hypernetes.api.schema.ZeroValues;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * Makes of a protobuf body the tree that the same object would be in JSON.
 *
 * <p>The body is {@code "k8s\0"} and a {@code runtime.Unknown}: apiVersion and kind, then the
 * object's own message. The schema says what the fields are, the field numbers come from the
 * extracted messages. Kubernetes' encoder writes every field that is no pointer, empty or not; JSON
 * leaves those out, and so does {@link ZeroValues}.
 */
public final class ProtobufDecoder {
    private static final int DEPTH = 64;

    private final Schemas schemas;
    private final WireFields fields;

    public ProtobufDecoder(Schemas schemas, WireFields fields) {
        this.schemas = schemas;
        this.fields = fields;
    }

    /** Throws BadRequest. */
    public ObjectNode decode(byte[] body) {
        if (body.length < Envelope.MAGIC.length
                || !Arrays.equals(
                        body, 0, Envelope.MAGIC.length, Envelope.MAGIC, 0, Envelope.MAGIC.length)) {
            throw WireReader.malformed("it does not begin with k8s");
        }
        WireReader unknown = new WireReader(body, Envelope.MAGIC.length, body.length);
        String apiVersion = "";
        String kind = "";
        WireReader raw = new WireReader(new byte[0]);
        while (unknown.hasMore()) {
            int tag = unknown.tag();
            switch (tag) {
                case 1 << 3 | WireReader.BYTES -> {
                    WireReader typeMeta = unknown.nested();
                    while (typeMeta.hasMore()) {
                        int part = typeMeta.tag();
                        switch (part) {
                            case 1 << 3 | WireReader.BYTES -> apiVersion = typeMeta.text();
                            case 2 << 3 | WireReader.BYTES -> kind = typeMeta.text();
                            default -> typeMeta.skip(part & 7);
                        }
                    }
                }
                case 2 << 3 | WireReader.BYTES -> raw = unknown.nested();
                default -> unknown.skip(tag & 7);
            }
        }
        ObjectNode tree = Json.object().put("apiVersion", apiVersion).put("kind", kind);
        String definition = Envelope.definition(GroupVersionKind.of(apiVersion, kind));
        if (fields.has(definition)
                && schemas.find(definition).orElse(null) instanceof Schema.Struct struct) {
            readStruct(raw, definition, struct, tree, 0);
            return tree;
        }
        throw WireReader.malformed("its kind " + kind + " in " + apiVersion + " is not known");
    }

    private void readStruct(
            WireReader in, String message, Schema.Struct struct, ObjectNode into, int depth) {
        if (depth > DEPTH) {
            throw WireReader.malformed("it is nested too deeply");
        }
        while (in.hasMore()) {
            int tag = in.tag();
            Optional<Field> field = fields.find(message, tag >>> 3);
            if (field.isEmpty()) {
                in.skip(tag & 7);
                continue;
            }
            Optional<Property> property = struct.property(field.get().name());
            if (property.isPresent()) {
                readField(in, tag & 7, message, field.get(), property.get(), into, depth);
            } else if (!field.get().message().isEmpty() && (tag & 7) == WireReader.BYTES) {
                // A struct that Go embeds: its fields are this object's own in JSON.
                readStruct(in.nested(), field.get().message(), struct, into, depth + 1);
            } else {
                in.skip(tag & 7);
            }
        }
    }

    private void readField(
            WireReader in,
            int wire,
            String message,
            Field field,
            Property property,
            ObjectNode into,
            int depth) {
        switch (property.schema()) {
            case Schema.ListOf list -> {
                ArrayNode array =
                        into.get(field.name()) instanceof ArrayNode present
                                ? present
                                : into.putArray(field.name());
                readValue(in, wire, field.message(), list.items().schema(), depth)
                        .ifPresent(array::add);
            }
            case Schema.MapOf map -> {
                ObjectNode entries =
                        into.get(field.name()) instanceof ObjectNode present
                                ? present
                                : into.putObject(field.name());
                readEntry(in.nested(), field, map.values().schema(), entries, depth);
            }
            default ->
                    readValue(in, wire, field.message(), property.schema(), depth)
                            .filter(value -> !ZeroValues.isLeftOut(message, property, value))
                            .ifPresent(value -> into.set(field.name(), value));
        }
    }

    private void readEntry(WireReader in, Field field, Schema values, ObjectNode into, int depth) {
        String key = "";
        Optional<JsonNode> value = Optional.empty();
        while (in.hasMore()) {
            int tag = in.tag();
            switch (tag >>> 3) {
                case 1 -> key = in.text();
                case 2 -> value = readMapValue(in, tag & 7, field, values, depth);
                default -> in.skip(tag & 7);
            }
        }
        into.set(key, value.orElseGet(() -> JsonNodeFactory.instance.stringNode("")));
    }

    private Optional<JsonNode> readMapValue(
            WireReader in, int wire, Field field, Schema values, int depth) {
        if (!(values instanceof Schema.ListOf list)) {
            return readValue(in, wire, SchemaUnions.ofMap(field), values, depth);
        }
        // A list as a map's value is a message of its own with the items in field 1.
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        WireReader message = in.nested();
        while (message.hasMore()) {
            int tag = message.tag();
            readValue(message, tag & 7, "", list.items().schema(), depth).ifPresent(array::add);
        }
        return Optional.of(array);
    }

    private Optional<JsonNode> readValue(
            WireReader in, int wire, String message, Schema schema, int depth) {
        return switch (schema) {
            case Schema.Struct struct -> {
                ObjectNode object = Json.object();
                String name = struct.definition().isEmpty() ? message : struct.definition();
                readStruct(in.nested(), name, struct, object, depth + 1);
                yield Optional.of(object);
            }
            case Schema.Scalar scalar -> readScalar(in, wire, scalar.type());
            case Schema.Any _ -> readAny(in.nested(), message, depth);
            case Schema.ListOf _, Schema.MapOf _ -> {
                in.skip(wire);
                yield Optional.empty();
            }
        };
    }

    private Optional<JsonNode> readAny(WireReader in, String message, int depth) {
        String union = SchemaUnions.union(message);
        if (union.isEmpty()) {
            return ScalarMessages.raw(in);
        }
        return Optional.of(
                SchemaUnions.read(
                        union,
                        in,
                        content -> {
                            ObjectNode schema = Json.object();
                            readStruct(
                                    content,
                                    SchemaUnions.SCHEMA,
                                    schemas.struct(SchemaUnions.SCHEMA),
                                    schema,
                                    depth + 1);
                            return schema;
                        }));
    }

    private static Optional<JsonNode> readScalar(WireReader in, int wire, ScalarType type) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (type) {
            case STRING -> Optional.of(nodes.stringNode(in.text()));
            case BYTES ->
                    Optional.of(nodes.stringNode(Base64.getEncoder().encodeToString(in.bytes())));
            case BOOLEAN -> Optional.of(nodes.booleanNode(in.varint() != 0));
            case INT32 -> Optional.of(nodes.numberNode((int) in.varint()));
            case INT64 -> Optional.of(nodes.numberNode(in.varint()));
            case DOUBLE -> {
                if (wire != WireReader.FIXED64) {
                    throw WireReader.malformed("a number of another size");
                }
                yield Optional.of(nodes.numberNode(Double.longBitsToDouble(in.fixed64())));
            }
            case TIME -> ScalarMessages.time(in.nested(), false);
            case MICRO_TIME -> ScalarMessages.time(in.nested(), true);
            case QUANTITY -> ScalarMessages.quantity(in.nested());
            case INT_OR_STRING -> ScalarMessages.intOrString(in.nested());
        };
    }
}
