package io.hypernetes.cel;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.json.Json;
import io.hypernetes.cel.rules.RuleCompiler;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Which rules a CustomResourceDefinition may have. */
class RuleCheckTest {
    private static final String HINT =
            " (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where"
                    + " arrays, maps, and strings are declared)";
    private static final String CONTRIBUTED =
            "Forbidden: contributed to estimated rule cost total exceeding cost limit for entire"
                    + " OpenAPIv3 schema";
    private static final String TOTAL =
            "s: Forbidden: x-kubernetes-validations estimated rule cost total for entire OpenAPIv3"
                    + " schema exceeds budget by factor of ";

    private static List<String> errors(String properties) {
        String schema = "{\"type\": \"object\", \"properties\": {" + properties + "}}";
        return new RuleCompiler()
                .check(Json.parse(schema.getBytes(StandardCharsets.UTF_8)), "s").stream()
                        .map(FieldError::toString)
                        .toList();
    }

    private static String rule(String text) {
        return "\"x-kubernetes-validations\": [{\"rule\": \"" + text + "\"}]";
    }

    private static String list(String limit, String items) {
        return "\"f\": {\"type\": \"array\"" + limit + ", \"items\": {" + items + "}}";
    }

    @Test
    void aCheapRuleIsAcceptedEvenWithoutBounds() {
        assertThat(errors("\"f\": {\"type\": \"string\", " + rule("self.startsWith('a')") + "}"))
                .isEmpty();
        assertThat(errors("\"f\": {\"type\": \"string\", " + rule("self.contains('a')") + "}"))
                .isEmpty();
    }

    @Test
    void aLoopInALoopNeedsBounds() {
        String nested = "self.all(x, self.all(y, x == y))";
        String integers = ", \"items\": {\"type\": \"integer\"}}";
        String at = "s.properties[f].x-kubernetes-validations[0].rule: ";
        assertThat(errors("\"f\": {\"type\": \"array\", " + rule(nested) + integers))
                .containsExactly(
                        at
                                + "Forbidden: estimated rule cost exceeds budget by factor of more"
                                + " than 100x"
                                + HINT,
                        at + CONTRIBUTED,
                        TOTAL + "more than 100x" + HINT);
        assertThat(
                        errors(
                                "\"f\": {\"type\": \"array\", \"maxItems\": 100, "
                                        + rule(nested)
                                        + integers))
                .isEmpty();
    }

    /** Five for one text of 40 bytes. */
    @Test
    void aRuleCostsAsOftenAsTheListsAroundItHaveItems() {
        String plain = "\"type\": \"string\", \"maxLength\": 10, " + rule("self.contains('abc')");
        String at = "s.properties[f].items.x-kubernetes-validations[0].rule: ";
        assertThat(errors(list(", \"maxItems\": 2000000", plain))).isEmpty();
        assertThat(errors(list(", \"maxItems\": 2100000", plain)))
                .containsExactly(
                        at
                                + "Forbidden: estimated rule cost exceeds budget by factor of"
                                + " 1.050000x"
                                + HINT);
        assertThat(errors(list(", \"maxItems\": 4000000", plain)))
                .containsExactly(
                        at
                                + "Forbidden: estimated rule cost exceeds budget by factor of 2.0x"
                                + HINT);
        assertThat(errors(list("", plain))).isEmpty();
    }

    /** A map in a list: 1000 times 1000 values, nine for each. */
    @Test
    void boundsMultiply() {
        String value = "\"type\": \"string\", \"maxLength\": 20, " + rule("self.contains('abc')");
        String map =
                "\"type\": \"object\", \"maxProperties\": 1000, \"additionalProperties\": {"
                        + value
                        + "}";
        assertThat(errors(list(", \"maxItems\": 1000", map))).isEmpty();
        assertThat(errors(list(", \"maxItems\": 2000", map)))
                .containsExactly(
                        "s.properties[f].items.additionalProperties.x-kubernetes-validations[0]"
                                + ".rule: Forbidden: estimated rule cost exceeds budget by factor"
                                + " of 1.8x"
                                + HINT);
    }

    @Test
    void aMessageHasTheSameBounds() {
        String sum =
                "self[0] + self[1] + self[2] + self[3] + self[4] + self[5] + self[6] + self[7]";
        assertThat(
                        errors(
                                "\"f\": {\"type\": \"array\", \"items\": {\"type\": \"string\"},"
                                        + " \"x-kubernetes-validations\": [{\"rule\": \"true\","
                                        + " \"messageExpression\": \""
                                        + sum
                                        + "\"}]}"))
                .containsExactly(
                        "s.properties[f].x-kubernetes-validations[0].messageExpression: Forbidden:"
                                + " estimated messageExpression cost exceeds budget by factor of"
                                + " 1.101006x"
                                + HINT);
    }

    /** Twelve rules of nine million: none is too much, all are, and the first four are told. */
    @Test
    void allRulesTogetherHaveABudget() {
        String text = "\"type\": \"string\", \"maxLength\": 10, " + rule("self.contains('abc')");
        StringBuilder fields = new StringBuilder("\"cheap\": {" + text + "}");
        for (int i = 0; i < 12; i++) {
            fields.append(", \"f")
                    .append(i)
                    .append("\": {\"type\": \"array\", \"maxItems\": 1800000, \"items\": {")
                    .append(text)
                    .append("}}");
        }
        assertThat(errors(fields.toString()))
                .containsExactly(
                        "s.properties[f0].items.x-kubernetes-validations[0].rule: " + CONTRIBUTED,
                        "s.properties[f1].items.x-kubernetes-validations[0].rule: " + CONTRIBUTED,
                        "s.properties[f2].items.x-kubernetes-validations[0].rule: " + CONTRIBUTED,
                        "s.properties[f3].items.x-kubernetes-validations[0].rule: " + CONTRIBUTED,
                        TOTAL + "1.080000x" + HINT);
    }

    @Test
    void itemsWithoutKeysHaveNoFormerState() {
        String text = "\"type\": \"string\", \"maxLength\": 10, " + rule("self == oldSelf");
        assertThat(errors(list(", \"maxItems\": 10", text)))
                .containsExactly(
                        "s.properties[f].items.x-kubernetes-validations[0].rule: Invalid value:"
                                + " \"self == oldSelf\": oldSelf cannot be used on the"
                                + " uncorrelatable portion of the schema within s.properties[f]");
    }

    @Test
    void fieldsOfAnAtomicMapHaveNoFormerState() {
        assertThat(
                        errors(
                                "\"f\": {\"type\": \"object\", \"x-kubernetes-map-type\":"
                                        + " \"atomic\", \"properties\": {\"a\": {\"type\":"
                                        + " \"integer\", "
                                        + rule("self == oldSelf")
                                        + "}}}"))
                .singleElement()
                .asString()
                .endsWith("portion of the schema within s.properties[f]");
    }

    @Test
    void aRuleIsShownWithAllItsFields() {
        assertThat(errors("\"f\": {\"type\": \"integer\", " + rule("self > 'a'") + "}"))
                .singleElement()
                .asString()
                .startsWith(
                        "s.properties[f].x-kubernetes-validations[0].rule: Invalid value:"
                            + " {\"Rule\":\"self \\u003e 'a'\",\"Message\":\"\","
                            + "\"MessageExpression\":\"\",\"Reason\":null,\"FieldPath\":\"\",\"OptionalOldSelf\":null}:"
                            + " compilation failed: ERROR: <input>:1:6:");
    }

    @Test
    void whatHasNoTypeHasNoRules() {
        assertThat(
                        errors(
                                "\"f\": {\"x-kubernetes-preserve-unknown-fields\": true, "
                                        + rule("self.a == 1")
                                        + "}"))
                .singleElement()
                .asString()
                .startsWith("s.properties[f].x-kubernetes-validations: Internal error: ");
    }

    /** Nothing else is told of rules then. */
    @Test
    void defaultsHoldToTheRules() {
        assertThat(
                        errors(
                                "\"f\": {\"type\": \"string\", \"default\": \"a\", "
                                        + rule("self == 'b'")
                                        + "}, \"g\": {\"type\": \"string\", "
                                        + rule("self.nothing")
                                        + "}"))
                .containsExactly(
                        "s.properties[f].default: Invalid value: \"a\": failed rule: self == 'b'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "self.matches('[') | 1:14: invalid matches argument",
                "duration('x') > duration('1s') | 1:10: invalid duration argument",
                "timestamp('x') == timestamp('y') | 1:11: invalid timestamp argument",
                "self in ['a', 1, 2.0] | 1:15: expected type 'string' but found 'int'",
                "{'a': 1, 2: 'b'}.size() > 0 | 1:10: expected type 'string' but found 'int'",
                "self.size() > 99999999999999999999 | 1:15: invalid int literal",
            })
    void literalsAreLookedAt(String rule, String error) {
        assertThat(errors("\"f\": {\"type\": \"string\", " + rule(rule) + "}"))
                .singleElement()
                .asString()
                .contains("compilation failed: ERROR: <input>:" + error);
    }

    @Test
    void aRuleThatDoesNotCompileCostsNothing() {
        assertThat(errors("\"f\": {\"type\": \"string\", " + rule("self.nothing") + "}"))
                .singleElement()
                .asString()
                .contains("rule: Invalid value:")
                .contains("compilation failed: ERROR: <input>:1:5:");
    }
}
