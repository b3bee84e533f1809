package io.hypernetes.api.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.json.JsonMapper;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The numbers are those of gnostic's OpenAPIv3.proto. */
final class OpenApiV3ProtobufTest {

    private static final String DOCUMENT =
            """
            {"openapi": "3.0.0", "info": {"title": "T", "version": "v1"},
             "paths": {"/apis/a/v1/bs": {
               "parameters": [{"name": "pretty", "in": "query", "schema": {"type": "string"}}],
               "patch": {"tags": ["a_v1"], "operationId": "patchB", "x-kubernetes-action": "patch",
                 "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/x"}}}},
                 "responses": {"200": {"description": "OK"}, "default": {"description": "No"}}}}},
             "components": {"schemas": {"io.a.B": {
               "type": "object", "required": ["c", "d"], "x-list-type": ["k"],
               "properties": {
                 "ref": {"$ref": "#/components/schemas/io.a.C"},
                 "zero": {"type": "integer", "default": 0, "minimum": -1.5, "maxLength": 300},
                 "no": {"type": "boolean", "default": false, "nullable": true},
                 "empty": {"type": "string", "default": "", "enum": ["", "x"]},
                 "object": {"default": {}, "additionalProperties": true},
                 "list": {"type": "array", "items": {"format": "int32"}},
                 "map": {"additionalProperties": {"$ref": "#/y"}},
                 "some": {"oneOf": [{"type": "number"}, {"type": "string"}],
                          "not": {"title": "N"}}}}}}}
            """;

    private static final byte[] BYTES =
            OpenApiV3Protobuf.encode(JsonMapper.shared().readTree(DOCUMENT));

    @Test
    void theHeadAndThePaths() {
        assertThat(text(BYTES, 1)).isEqualTo("3.0.0");
        assertThat(text(BYTES, 2, 1)).isEqualTo("T");
        assertThat(text(BYTES, 2, 6)).isEqualTo("v1");
        byte[] path = named(at(BYTES, 4), 1, "/apis/a/v1/bs");
        assertThat(text(path, 13, 1, 1)).isEqualTo("pretty");
        assertThat(text(path, 13, 1, 2)).isEqualTo("query");
        assertThat(text(path, 13, 1, 10, 1, 25)).isEqualTo("string");
        byte[] patch = at(path, 10);
        assertThat(text(patch, 1)).isEqualTo("a_v1");
        assertThat(text(patch, 5)).isEqualTo("patchB");
        byte[] media = named(at(patch, 7, 1, 2), 1, "application/json");
        assertThat(text(media, 1, 2, 1)).isEqualTo("#/x");
        assertThat(text(at(patch, 8), 1, 1, 1)).isEqualTo("No");
        assertThat(text(named(at(patch, 8), 2, "200"), 1, 1)).isEqualTo("OK");
        assertThat(text(named(patch, 13, "x-kubernetes-action"), 2)).isEqualTo("\"patch\"");
    }

    @Test
    void schemas() {
        byte[] schema = at(named(at(BYTES, 5, 1), 1, "io.a.B"), 1);
        assertThat(text(schema, 25)).isEqualTo("object");
        assertThat(fields(schema, 23)).extracting(String::new).containsExactly("c", "d");
        assertThat(text(named(schema, 36, "x-list-type"), 2)).isEqualTo("[\"k\"]");
        assertThat(text(property("ref"), 2, 1)).isEqualTo("#/components/schemas/io.a.C");
        byte[] zero = at(property("zero"), 1);
        assertThat(decimal(zero, 13)).isEqualTo(-1.5);
        assertThat(fields(zero, 15)).containsExactly(new byte[] {(byte) 0xAC, 2});
        byte[] empty = at(property("empty"), 1);
        assertThat(fields(empty, 24)).extracting(any -> text(any, 2)).contains("\"\"", "\"x\"");
        assertThat(text(property("list"), 1, 30, 1, 1, 35)).isEqualTo("int32");
        assertThat(text(property("map"), 1, 32, 1, 2, 1)).isEqualTo("#/y");
        byte[] some = at(property("some"), 1);
        assertThat(fields(some, 27)).extracting(s -> text(s, 1, 25)).contains("number", "string");
        assertThat(text(some, 29, 9)).isEqualTo("N");
    }

    @Test
    void aDefaultThatIsZeroIsOne() {
        assertThat(decimal(at(property("zero"), 1, 33), 1)).isZero();
        assertThat(fields(at(property("no"), 1, 33), 2)).containsExactly(new byte[] {0});
        assertThat(fields(at(property("no"), 1), 1)).containsExactly(new byte[] {1});
        assertThat(fields(at(property("empty"), 1, 33), 3)).containsExactly(new byte[0]);
        assertThat(at(property("object"), 1, 33)).isEmpty();
        assertThat(fields(at(property("object"), 1, 32), 2)).containsExactly(new byte[] {1});
    }

    private static byte[] property(String name) {
        return named(at(named(at(BYTES, 5, 1), 1, "io.a.B"), 1, 31), 1, name);
    }

    /** The value of the pair of that name among the fields of that number. */
    static byte[] named(byte[] message, int number, String name) {
        return fields(message, number).stream()
                .filter(pair -> text(pair, 1).equals(name))
                .map(pair -> at(pair, 2))
                .findFirst()
                .orElseThrow();
    }

    /** The first field at the end of a path of numbers. */
    static byte[] at(byte[] message, int... path) {
        byte[] found = message;
        for (int number : path) {
            found = fields(found, number).getFirst();
        }
        return found;
    }

    static String text(byte[] message, int... path) {
        return new String(at(message, path), StandardCharsets.UTF_8);
    }

    private static double decimal(byte[] message, int number) {
        return ByteBuffer.wrap(at(message, number)).order(ByteOrder.LITTLE_ENDIAN).getDouble();
    }

    static List<byte[]> fields(byte[] message, int number) {
        List<byte[]> found = new ArrayList<>();
        ByteBuffer rest = ByteBuffer.wrap(message);
        while (rest.hasRemaining()) {
            long key = varint(rest);
            int start = rest.position();
            int length =
                    switch ((int) (key & 7)) {
                        case 0 -> {
                            varint(rest);
                            int end = rest.position();
                            rest.position(start);
                            yield end - start;
                        }
                        case 1 -> Double.BYTES;
                        case 2 -> (int) varint(rest);
                        default -> throw new AssertionError("no such wire type in " + key);
                    };
            byte[] content = new byte[length];
            rest.get(content);
            if (key >>> 3 == number) {
                found.add(content);
            }
        }
        return found;
    }

    private static long varint(ByteBuffer from) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = from.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }
}
