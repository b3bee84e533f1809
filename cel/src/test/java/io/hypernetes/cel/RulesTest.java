package io.hypernetes.cel;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.json.Json;
import io.hypernetes.cel.rules.RuleValidator;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code x-kubernetes-validations} over objects. */
class RulesTest {
    private static final String SCHEMA =
            """
            {"type": "object", "properties": {"spec": {"type": "object",
              "x-kubernetes-validations": [
                {"rule": "self.min <= self.max", "message": "min above max", "fieldPath": ".min"},
                {"rule": "self.kind == oldSelf.kind", "reason": "FieldValueForbidden",
                 "messageExpression": "'kind was ' + oldSelf.kind"},
                {"rule": "oldSelf.hasValue() || self.min == 0", "optionalOldSelf": true}],
              "properties": {
                "min": {"type": "integer"}, "max": {"type": "integer"},
                "kind": {"type": "string", "x-kubernetes-validations": [
                   {"rule": "self != 'bad'"}]},
                "ports": {"type": "array", "x-kubernetes-list-type": "map",
                  "x-kubernetes-list-map-keys": ["name"],
                  "items": {"type": "object",
                    "x-kubernetes-validations": [{"rule": "self.port >= oldSelf.port"}],
                    "properties": {"name": {"type": "string"}, "port": {"type": "integer"}}}},
                "percent": {"x-kubernetes-int-or-string": true, "x-kubernetes-validations": [
                   {"rule": "type(self) == int ? self < 10 : self.endsWith('%')"}]}}}},
             "x-kubernetes-validations": [{"rule": "self.metadata.name.startsWith('x')"}]}
            """;

    private static ObjectNode tree(String json) {
        return (ObjectNode) Json.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> errors(String object, String... old) {
        JsonNode schema = tree(SCHEMA);
        List<String> said = new ArrayList<>();
        RuleValidator.of(schema)
                .orElseThrow()
                .validate(
                        tree(object),
                        old.length == 0 ? Optional.empty() : Optional.of(tree(old[0])),
                        warning -> said.add("warning: " + warning))
                .stream()
                .map(FieldError::toString)
                .forEach(said::add);
        return said;
    }

    private static String object(String spec) {
        return "{\"metadata\": {\"name\": \"x1\"}, \"spec\": {" + spec + "}}";
    }

    @Test
    void aGoodObjectHasNoErrors() {
        assertThat(errors(object("\"min\": 0, \"max\": 2, \"kind\": \"a\", \"percent\": \"5%\"")))
                .isEmpty();
    }

    @Test
    void whatIsWrongIsToldWithItsPathAndMessage() {
        assertThat(errors(object("\"min\": 3, \"max\": 2, \"kind\": \"bad\", \"percent\": 11")))
                .containsExactly(
                        "spec.min: Invalid value: min above max",
                        "spec: Invalid value: failed rule: oldSelf.hasValue() || self.min == 0",
                        "spec.kind: Invalid value: \"bad\": failed rule: self != 'bad'",
                        "spec.percent: Invalid value: 11: failed rule: type(self) == int ? self <"
                                + " 10 : self.endsWith('%')");
        assertThat(errors("{\"metadata\": {\"name\": \"y\"}}"))
                .containsExactly(
                        "<nil>: Invalid value: failed rule: self.metadata.name.startsWith('x')");
    }

    @Test
    void transitionsAreHeldAgainstTheOldObject() {
        String old =
                object(
                        "\"min\": 1, \"max\": 2, \"kind\": \"a\", \"ports\": [{\"name\": \"h\","
                                + " \"port\": 80}, {\"name\": \"s\", \"port\": 443}]");
        assertThat(
                        errors(
                                object(
                                        "\"min\": 1, \"max\": 2, \"kind\": \"b\", \"ports\":"
                                                + " [{\"name\": \"s\", \"port\": 442}, {\"name\":"
                                                + " \"n\", \"port\": 1}]"),
                                old))
                .containsExactly(
                        "spec: Forbidden: kind was a",
                        "spec.ports[0]: Invalid value: failed rule: self.port >= oldSelf.port");
    }

    @Test
    void anUnchangedViolationIsAWarning() {
        String bad = object("\"min\": 1, \"max\": 2, \"kind\": \"bad\"");
        assertThat(errors(bad, bad))
                .containsExactly(
                        "warning: spec.kind: Invalid value: \"bad\": failed rule: self != 'bad'");
    }

    @Test
    void aMissingFieldIsAnErrorOfTheRule() {
        assertThat(errors(object("\"max\": 2")))
                .contains(
                        "spec: Invalid value: \"object\": no such key: min evaluating rule: min"
                                + " above max");
    }
}
