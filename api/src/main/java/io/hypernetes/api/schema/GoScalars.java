package io.hypernetes.api.schema;

import io.hypernetes.api.quantity.Quantity;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;

/** Values that Go writes otherwise than it may have read them: quantities and times. */
final class GoScalars {
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private static final Pattern RFC3339 =
            Pattern.compile(
                    "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?"
                            + "(Z|[+-][0-9]{2}:[0-9]{2})");

    private static final int SECONDS_LENGTH = "2026-01-01T00:00:00Z".length();
    private static final int MICROS_LENGTH = "2026-01-01T00:00:00.000000Z".length();

    private GoScalars() {}

    /** Empty where it stays as it is, and for what cannot be read. */
    static Optional<JsonNode> rewritten(Schema.Scalar scalar, JsonNode value) {
        return switch (scalar.type()) {
            case QUANTITY ->
                    value.isString() || value.isNumber() ? quantity(value) : Optional.empty();
            case TIME, MICRO_TIME ->
                    value.isString() ? time(scalar.type(), value) : Optional.empty();
            case STRING, BYTES, BOOLEAN, INT32, INT64, DOUBLE, INT_OR_STRING -> Optional.empty();
        };
    }

    private static Optional<JsonNode> quantity(JsonNode value) {
        String text = value.asString();
        try {
            return changed(value, Quantity.parse(text).toString());
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** In UTC, of whole seconds or all microseconds. */
    private static Optional<JsonNode> time(ScalarType type, JsonNode value) {
        String text = value.stringValue();
        int usual = type == ScalarType.TIME ? SECONDS_LENGTH : MICROS_LENGTH;
        if (text.length() == usual && text.endsWith("Z") || !RFC3339.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            Instant time = OffsetDateTime.parse(text).toInstant();
            return changed(
                    value,
                    type == ScalarType.TIME
                            ? time.truncatedTo(ChronoUnit.SECONDS).toString()
                            : MICROS.format(time));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    private static Optional<JsonNode> changed(JsonNode value, String text) {
        return value.isString() && value.stringValue().equals(text)
                ? Optional.empty()
                : Optional.of(JsonNodeFactory.instance.stringNode(text));
    }
}
