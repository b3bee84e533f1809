package io.hypernetes.api.protobuf;

import io.hypernetes.api.schema.Property;
import io.hypernetes.api.schema.ScalarType;
import io.hypernetes.api.schema.Schema;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tells zero values that mean something from those that only stand there because the encoder writes
 * every field that is no pointer. The wire does not say which is which, so the fields that are
 * pointers in Go are listed in {@code pointers.txt}: by their name, and where other messages have
 * one of that name that is no pointer, with their message too.
 */
final class ZeroValues {
    private static final Set<String> POINTERS = read();

    private ZeroValues() {}

    private static Set<String> read() {
        try (InputStream in =
                Objects.requireNonNull(ZeroValues.class.getResourceAsStream("pointers.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException("pointers.txt cannot be read from the class path", e);
        }
    }

    /**
     * A required field is one that Go writes in JSON too, whatever it holds; a value of any shape
     * ({@code default: false}) is there because somebody wrote it. Of what is a number or a text
     * all are pointers but a Service's targetPort.
     */
    static boolean isLeftOut(String message, Property field, JsonNode value) {
        boolean zero =
                (value.isString() && value.stringValue().isEmpty())
                        || (value.isNumber() && value.doubleValue() == 0)
                        || (value.isBoolean() && !value.booleanValue());
        return zero && !field.required() && !isMeant(message, field);
    }

    private static boolean isMeant(String message, Property field) {
        return switch (field.schema()) {
            case Schema.Any _ -> true;
            case Schema.Scalar scalar when scalar.type() == ScalarType.INT_OR_STRING ->
                    !field.name().equals("targetPort");
            default ->
                    POINTERS.contains(field.name())
                            || POINTERS.contains(field.name() + " " + message);
        };
    }
}
