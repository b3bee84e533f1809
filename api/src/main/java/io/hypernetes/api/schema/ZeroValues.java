package io.hypernetes.api.schema;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tells zero values that mean something from those that Go's encoder leaves out, as most fields say
 * {@code omitempty}: no client in Go gives such a value back, so an object that kept it would
 * change with the first of them that writes it.
 *
 * <p>No schema says which fields are pointers in Go, whose zero is meant: they are listed in {@code
 * pointers.txt}, by their name, and where other structs have one of that name that is no pointer,
 * with their struct too. {@link AlwaysWritten} ones have no {@code omitempty}.
 */
public final class ZeroValues {
    private static final Set<String> POINTERS = read("pointers.txt");

    private ZeroValues() {}

    private static Set<String> read(String file) {
        try (InputStream in = Objects.requireNonNull(ZeroValues.class.getResourceAsStream(file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read from the class path", e);
        }
    }

    /** The same; nothing is left out of a checked struct, which is no struct in Go. */
    static boolean isLeftOut(Schema.Struct struct, Property field, JsonNode value) {
        return !struct.checked() && isLeftOut(struct.definition(), field, value);
    }

    /**
     * @param definition of the struct that has the field
     * @param value whatever was sent: one of a wrong type is no zero
     */
    public static boolean isLeftOut(String definition, Property field, JsonNode value) {
        if (!isZero(field, value)) {
            return false;
        }
        JsonNode always = AlwaysWritten.of(definition).get(field.name());
        if (always != null) {
            // What is empty comes back as nothing, and that is written as null.
            return always.isNull() && value.isContainer();
        }
        return !field.required()
                && !POINTERS.contains(field.name())
                && !POINTERS.contains(field.name() + " " + definition);
    }

    /** Structs are never left out, and neither is what somebody wrote where any shape may be. */
    private static boolean isZero(Property field, JsonNode value) {
        return switch (field.schema()) {
            case Schema.Any _, Schema.Struct _ -> false;
            case Schema.ListOf _ -> value.isArray() && value.isEmpty();
            case Schema.MapOf _ -> value.isObject() && value.isEmpty();
            case Schema.Scalar scalar ->
                    switch (scalar.type()) {
                        case STRING, BYTES -> value.isString() && value.stringValue().isEmpty();
                        case BOOLEAN -> value.isBoolean() && !value.booleanValue();
                        case INT32, INT64, DOUBLE -> value.isNumber() && value.doubleValue() == 0;
                        // Where a Service's is zero, it is that of the port; others are pointers.
                        case INT_OR_STRING ->
                                field.name().equals("targetPort")
                                        && value.isNumber()
                                        && value.doubleValue() == 0;
                        case QUANTITY, TIME, MICRO_TIME -> false;
                    };
        };
    }
}
