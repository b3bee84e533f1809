package io.hypernetes.api.protobuf;

import io.hypernetes.api.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** What is one value in JSON and a message on the wire. */
final class ScalarMessages {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private ScalarMessages() {}

    /** Seconds and nanoseconds; an empty message is no time. */
    static Optional<JsonNode> time(WireReader in, boolean micros) {
        long seconds = 0;
        long nanos = 0;
        boolean any = false;
        while (in.hasMore()) {
            int tag = in.tag();
            switch (tag) {
                case 1 << 3 -> {
                    seconds = in.varint();
                    any = true;
                }
                case 2 << 3 -> nanos = in.varint();
                default -> in.skip(tag & 7);
            }
        }
        if (!any) {
            return Optional.empty();
        }
        try {
            Instant time = Instant.ofEpochSecond(seconds, micros ? nanos : 0);
            return Optional.of(NODES.stringNode(micros ? MICROS.format(time) : time.toString()));
        } catch (DateTimeException | ArithmeticException e) {
            throw WireReader.malformed("a time out of range");
        }
    }

    static Optional<JsonNode> quantity(WireReader in) {
        String text = "0";
        while (in.hasMore()) {
            int tag = in.tag();
            if (tag == (1 << 3 | WireReader.BYTES)) {
                text = in.text();
            } else {
                in.skip(tag & 7);
            }
        }
        return Optional.of(NODES.stringNode(text));
    }

    /** A type (0 number, 1 text), the number, the text. */
    static Optional<JsonNode> intOrString(WireReader in) {
        long type = 0;
        int number = 0;
        String text = "";
        while (in.hasMore()) {
            int tag = in.tag();
            switch (tag) {
                case 1 << 3 -> type = in.varint();
                case 2 << 3 -> number = (int) in.varint();
                case 3 << 3 | WireReader.BYTES -> text = in.text();
                default -> in.skip(tag & 7);
            }
        }
        return Optional.of(type == 0 ? NODES.numberNode(number) : NODES.stringNode(text));
    }

    /** JSON as bytes in field 1. */
    static Optional<JsonNode> raw(WireReader in) {
        Optional<JsonNode> value = Optional.empty();
        while (in.hasMore()) {
            int tag = in.tag();
            if (tag == (1 << 3 | WireReader.BYTES)) {
                byte[] json = in.bytes();
                value = json.length == 0 ? Optional.empty() : Optional.of(Json.parse(json));
            } else {
                in.skip(tag & 7);
            }
        }
        return value;
    }

    static String micros(long seconds, long nanos) {
        return MICROS.format(Instant.ofEpochSecond(seconds, nanos));
    }

    /** The inverse of {@link #time}; nothing for a text that is no time, as for no time at all. */
    static void writeTime(WireWriter out, String text, boolean micros) {
        try {
            Instant time = OffsetDateTime.parse(text).toInstant();
            out.varint(2, micros ? time.getNano() / 1000 * 1000L : 0);
            out.varint(1, time.getEpochSecond());
        } catch (DateTimeParseException e) {
            // What is stored has been checked: this is the empty time.
        }
    }

    /** The inverse of {@link #intOrString}: all three fields, as Go writes them. */
    static void writeIntOrString(WireWriter out, JsonNode value) {
        out.text(3, value.isNumber() ? "" : value.asString(""));
        out.varint(2, value.isNumber() ? value.intValue() : 0);
        out.varint(1, value.isNumber() ? 0 : 1);
    }
}
