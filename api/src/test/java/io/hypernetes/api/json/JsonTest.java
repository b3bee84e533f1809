package io.hypernetes.api.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status.Reason;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;

class JsonTest {

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String canonical(String text) {
        return Json.text(Json.parse(bytes(text)));
    }

    @Test
    void exponentsBeyondAllBoundsAreRefusedOrNothing() {
        assertThatThrownBy(() -> Json.parse(bytes("[1e9999999991]")))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("cannot unmarshal number 1e9999999991");
        assertThat(canonical("[1e-9999999991]")).isEqualTo("[0]");
    }

    @Test
    void canonicalOrderPutsTheHeadFirstAndSortsOnlyTheMetadata() {
        assertThat(
                        canonical(
                                """
                                {"spec":{"z":1,"a":2},
                                 "metadata":{"name":"n","labels":{"z":"1","a":"2"},"annotations":{}},
                                 "kind":"Pod","apiVersion":"v1"}\
                                """))
                .isEqualTo(
                        "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"annotations\":{},"
                                + "\"labels\":{\"z\":\"1\",\"a\":\"2\"},\"name\":\"n\"},"
                                + "\"spec\":{\"z\":1,\"a\":2}}");
    }

    @ParameterizedTest
    @CsvSource({
        "9007199254740993, 9007199254740993",
        "123456789012345678901234567890, 123456789012345678901234567890",
        "0.1, 0.1",
        "1.10, 1.10",
        "-0, 0"
    })
    void numbersAreExact(String number, String written) {
        assertThat(canonical("{\"n\":" + number + "}")).isEqualTo("{\"n\":" + written + "}");
    }

    @Test
    void theVersionIsSplicedIntoTheObjectsOwnMetadata() {
        ObjectNode object =
                Json.parseObject(
                        bytes(
                                """
                                {"apiVersion":"x\\"metadata\\":{","kind":"T",
                                 "spec":{"metadata":{"name":"inner"}},
                                 "metadata":{"name":"outer","resourceVersion":"3"}}\
                                """));
        byte[] stored = Json.writeStored(object);
        assertThat(new String(stored, StandardCharsets.UTF_8)).doesNotContain("resourceVersion");
        ObjectNode read = Json.parseObject(Json.withResourceVersion(stored, 42));
        assertThat(read.path("metadata").path("resourceVersion").asString()).isEqualTo("42");
        assertThat(read.path("metadata").propertyNames().iterator().next())
                .isEqualTo("resourceVersion");
        assertThat(Json.writeStored(read)).isEqualTo(stored);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"kind\":\"T\",\"metadata\":{\"resourceVersion\":\"7\",\"name\":\"a\"}}",
                "{\"kind\":\"T\",\"metadata\":{\"annotations\":{\"resourceVersion\":\"7\"},\"resourceVersion\":\"7\"}}",
                "{\"kind\":\"T\",\"metadata\":{\"name\":\"a\"}}",
                "{\"kind\":\"T\",\"metadata\":{\"resourceVersion\":\"7\"}}",
                "{\"kind\":\"T\",\"metadata\":{}}"
            })
    void theVersionOfCanonicalBytesIsReplaced(String text) {
        ObjectNode object = Json.parseObject(bytes(text));
        byte[] moved = Json.atResourceVersion(Json.write(object), 12_345);
        object.withObject("metadata").put("resourceVersion", "12345");
        assertThat(Json.parseObject(moved)).isEqualTo(object);
        assertThat(moved).isEqualTo(Json.write(object));
    }

    @Test
    void theVersionIsSplicedIntoEmptyMetadata() {
        byte[] bytes = bytes("{\"kind\":\"T\",\"metadata\":{}}");
        assertThat(new String(Json.withResourceVersion(bytes, 7), StandardCharsets.UTF_8))
                .isEqualTo("{\"kind\":\"T\",\"metadata\":{\"resourceVersion\":\"7\"}}");
    }

    @Test
    void duplicateFieldsAreReportedWithTheirPathAndTheLastWins() {
        Parsed parsed =
                Json.parseManifest(
                        bytes(
                                """
                                {"spec":{"x":1,"x":2,"c":[{"n":"a"},{"n":"b","n":"c","n":"d"}]},
                                 "kind":"A","kind":"B"}\
                                """));
        assertThat(parsed.duplicates())
                .containsExactly(
                        "duplicate field \"spec.x\"",
                        "duplicate field \"spec.c[1].n\"",
                        "duplicate field \"kind\"");
        assertThat(parsed.tree().path("kind").asString()).isEqualTo("B");
        assertThat(parsed.tree().path("spec").path("x").asInt()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{x; invalid character 'x' looking for beginning of object key string",
                "{\"a\" 1}; invalid character '1' after object key",
                "{\"a\":1 \"b\"; invalid character '\"' after object key:value pair",
                "{\"a\":1}}; invalid character '}' after top-level value",
                "{\"a\":[1 2]}; invalid character '2' after array element",
                "{\"a\":; unexpected end of JSON input",
                "`` ; unexpected end of JSON input",
                "{\"a\":tru}; invalid character '}' in literal true (expecting 'e')",
                "{\"a\":1.}; invalid character '}' after decimal point in numeric literal",
                "{\"a\":01}; invalid character '1' after object key:value pair",
                "{\"a\":\"\\x\"}; invalid character 'x' in string escape code",
                "apiVersion: v1; invalid character 'a' looking for beginning of value",
                "{\"a\":1e999}; json: cannot unmarshal number 1e999 into Go value of type float64",
            })
    void syntaxErrorsAreWordedAsUsersKnowThem(String json, String message) {
        assertThatThrownBy(() -> Json.parse(bytes(json)))
                .isInstanceOf(ApiException.class)
                .hasMessage(message);
    }

    @Test
    void aBodyThatIsNoObjectIsABadRequest() {
        assertThatThrownBy(() -> Json.parseObject(bytes("[1]")))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.is(Reason.BAD_REQUEST)).isTrue())
                .hasMessageStartingWith("couldn't get version/kind; json parse error: ");
    }

    @Test
    void nestingIsBounded() {
        String deep = "[".repeat(Json.MAX_DEPTH) + "]".repeat(Json.MAX_DEPTH);
        assertThat(Json.parse(bytes(deep)).isArray()).isTrue();
        assertThatThrownBy(() -> Json.parse(bytes("[".repeat(100_000))))
                .isInstanceOf(ApiException.class)
                .hasMessage("exceeded max depth");
    }

    @Property(tries = 200)
    void whatIsWrittenReadsBackAsTheSameTreeAndBytes(@ForAll("trees") JsonNode tree) {
        byte[] written = Json.write(tree);
        JsonNode read = Json.parse(written);
        assertThat(Json.write(read)).isEqualTo(written);
        assertThat(read).isEqualTo(tree);
    }

    @Provide
    Arbitrary<JsonNode> trees() {
        return trees(3);
    }

    private static Arbitrary<JsonNode> trees(int depth) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        Arbitrary<JsonNode> leaves =
                Arbitraries.oneOf(
                        Arbitraries.strings().ofMaxLength(12).map(nodes::stringNode),
                        Arbitraries.integers().map(nodes::numberNode),
                        Arbitraries.of(true, false).map(nodes::booleanNode),
                        Arbitraries.just(nodes.nullNode()));
        if (depth == 0) {
            return leaves;
        }
        Arbitrary<String> names =
                Arbitraries.oneOf(
                        Arbitraries.of("metadata", "kind", "apiVersion", "spec", "name"),
                        Arbitraries.strings().alpha().ofMaxLength(5));
        Arbitrary<JsonNode> objects =
                Arbitraries.maps(names, trees(depth - 1))
                        .ofMaxSize(4)
                        .map(fields -> {
                            ObjectNode object = nodes.objectNode();
                            fields.forEach(object::set);
                            return object;
                        });
        Arbitrary<JsonNode> arrays =
                trees(depth - 1).list().ofMaxSize(3).map(l -> nodes.arrayNode().addAll(l));
        return Arbitraries.oneOf(leaves, objects, arrays);
    }
}
