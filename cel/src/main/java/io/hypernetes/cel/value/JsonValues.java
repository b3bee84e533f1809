package io.hypernetes.cel.value;

import io.hypernetes.cel.type.DeclaredType;
import io.hypernetes.cel.type.DeclaredType.Kind;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;

/** Jackson's trees as CEL values: containers are views, nothing is copied. */
public final class JsonValues {
    private JsonValues() {}

    /**
     * @param type {@link DeclaredType#DYN} where the schema says nothing
     */
    public static Object of(JsonNode node, DeclaredType type) {
        return switch (node) {
            case ObjectNode object -> new JsonMap(object, type);
            case ArrayNode array ->
                    new JsonList(
                            array, type.kind() == Kind.LIST ? type.element() : DeclaredType.DYN);
            default -> scalar(node, type);
        };
    }

    private static Object scalar(JsonNode node, DeclaredType type) {
        if (node.isString()) {
            return text(node.stringValue(), type);
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        if (node.isNumber()) {
            if (type.kind() == Kind.DOUBLE) {
                return node.doubleValue();
            }
            if (node.isIntegralNumber() && node.canConvertToLong()) {
                return node.longValue();
            }
            double number = node.doubleValue();
            return type.kind() == Kind.INT && number == Math.rint(number)
                    ? (Object) (long) number
                    : (Object) number;
        }
        return Null.NULL;
    }

    private static Object text(String text, DeclaredType type) {
        try {
            return switch (type.kind()) {
                case BYTES -> new Bytes(Base64.getDecoder().decode(text));
                case DURATION -> Durations.parse(text);
                case TIMESTAMP ->
                        text.length() == 10
                                ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
                                : OffsetDateTime.parse(text).toInstant();
                default -> text;
            };
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new EvaluationException("failed to parse " + type.name() + ": " + e.getMessage());
        }
    }

    private record JsonList(ArrayNode array, DeclaredType element) implements ListValue {
        @Override
        public int size() {
            return array.size();
        }

        @Override
        public Object get(int index) {
            return of(array.get(index), element);
        }
    }

    /** An object with declared fields, known by their escaped names, or a map. */
    record JsonMap(ObjectNode object, DeclaredType type) implements MapValue {
        @Override
        public int size() {
            return object.size();
        }

        @Override
        public @Nullable Object find(Object key) {
            if (!(key instanceof String name)) {
                return null;
            }
            if (type.kind() != Kind.OBJECT) {
                JsonNode value = object.get(name);
                return value == null
                        ? null
                        : of(value, type.kind() == Kind.MAP ? type.element() : DeclaredType.DYN);
            }
            DeclaredType.Field field = type.fields().get(name);
            if (field == null) {
                return null;
            }
            JsonNode value = object.get(field.name());
            return value == null ? null : of(value, field.type());
        }

        @Override
        public Iterable<?> keys() {
            return type.kind() == Kind.OBJECT
                    ? type.fields().entrySet().stream()
                            .filter(field -> object.has(field.getValue().name()))
                            .map(java.util.Map.Entry::getKey)
                            .toList()
                    : object.propertyNames();
        }

        @Override
        public String typeName() {
            return type.kind() == Kind.OBJECT ? type.name() : "map";
        }
    }
}
