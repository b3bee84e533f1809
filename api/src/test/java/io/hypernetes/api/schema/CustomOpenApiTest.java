package io.hypernetes.api.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.json.Yaml;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;

/** What version 2 says of custom resources, as upstream's server does. */
final class CustomOpenApiTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // Open at the root: nothing else is told, not even the properties that it has.
                "{type: object, x-kubernetes-preserve-unknown-fields: true, description: d,"
                        + " properties: {spec: {type: object}}}"
                        + "| {type: object}",
                "{type: object, properties: {a: {type: object,"
                        + " x-kubernetes-preserve-unknown-fields: true, properties: {b: {}}}}}"
                        + "| {type: object, properties: {a:"
                        + " {x-kubernetes-preserve-unknown-fields: true}}}",
                // Who may be null may be left out, as far as an old client can tell.
                "{type: object, required: [a, b], properties: {a: {type: string, nullable: true},"
                        + " b: {type: string}}}"
                        + "| {type: object, required: [b], properties: {a: {}, b: {type: string}}}",
                "{type: object, properties: {a: {type: array,"
                        + " x-kubernetes-preserve-unknown-fields: true, items: {type: string}}}}"
                        + "| {type: object, properties: {a:"
                        + " {x-kubernetes-preserve-unknown-fields: true}}}",
                "{type: object, properties: {a: {type: string, default: x}}}"
                        + "| {type: object, properties: {a: {type: string}}}",
                "{type: object, x-kubernetes-validations: [{rule: 'true'}], oneOf: [{}]}"
                        + "| {type: object, x-kubernetes-validations: [{rule: 'true'}]}",
            })
    void version2SaysLess(String given, String told) {
        ObjectNode schema = yaml(given);
        CustomOpenApi.simplify(schema);
        assertThat(schema).isEqualTo(yaml(told));
    }

    private static ObjectNode yaml(String text) {
        return Yaml.parse(text.getBytes(StandardCharsets.UTF_8)).tree();
    }
}
