package io.hypernetes.api.custom;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Refusals;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.schema.FieldValidation;
import io.hypernetes.api.schema.SchemaRules;
import io.hypernetes.api.types.ExtensionTypes;
import io.hypernetes.fuzzing.Fuzz;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** A definition is a program of a stranger's: refused, or good for any object. */
class DefinitionFuzzTest {
    private static final ResourceType DEFINITIONS = ExtensionTypes.CUSTOM_RESOURCE_DEFINITIONS;

    private static final String WIDGETS =
            """
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
            "metadata":{"name":"widgets.example.com"},"spec":{"group":"example.com",
            "scope":"Namespaced","names":{"plural":"widgets","kind":"Widget","shortNames":["w"]},
            "conversion":{"strategy":"None"},"versions":[{"name":"v1","served":true,"storage":true,
            "subresources":{"status":{},"scale":{"specReplicasPath":".spec.replicas",
            "statusReplicasPath":".status.replicas"}},
            "selectableFields":[{"jsonPath":".spec.color"}],
            "additionalPrinterColumns":[{"name":"C","type":"string",
            "jsonPath":".spec.list[?(@.a==\\"x\\")].b"}],
            "schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object",
            "required":["color"],"properties":{"color":{"type":"string","pattern":"^[a-z]+$",
            "maxLength":9,"default":"red"},"replicas":{"type":"integer","format":"int32"},
            "port":{"x-kubernetes-int-or-string":true,"anyOf":[{"type":"integer"},
            {"type":"string"}]},"list":{"type":"array","x-kubernetes-list-type":"map",
            "x-kubernetes-list-map-keys":["a"],"items":{"type":"object","required":["a"],
            "properties":{"a":{"type":"string"},"b":{"type":"number","nullable":true}}}},
            "map":{"type":"object","additionalProperties":{"type":"boolean"}},
            "any":{"type":"object","x-kubernetes-preserve-unknown-fields":true},
            "pod":{"type":"object","x-kubernetes-embedded-resource":true}}},
            "status":{"type":"object","properties":{"replicas":{"type":"integer"}}}}}}}]}}
            """;

    private static final String WIDGET =
            """
            {"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"w"},"spec":{
            "color":"red","replicas":1,"port":"a","list":[{"a":"x","b":null}],"map":{"a":true},
            "any":{"a":[1]},"pod":{"apiVersion":"v1","kind":"Pod","metadata":{}},"unknown":1}}
            """;

    private static final List<String> WORDS =
            List.of(
                    "{",
                    "}",
                    "[",
                    "]",
                    ",",
                    ":",
                    "null",
                    "true",
                    "1",
                    "-1",
                    "1e400",
                    "\"\"",
                    "\"type\":\"object\",",
                    "\"type\":\"array\",",
                    "\"type\":\"string\",",
                    "\"type\":\"integer\",",
                    "\"properties\":{",
                    "\"items\":{",
                    "\"default\":",
                    "\"additionalProperties\":",
                    "\"not\":{",
                    "\"allOf\":[",
                    "\"oneOf\":[",
                    "\"enum\":[1],",
                    "\"pattern\":\"(a+)+$\",",
                    "\"pattern\":\"[\",",
                    "\"format\":\"date-time\",",
                    "\"nullable\":true,",
                    "\"minimum\":1e999,",
                    "\"multipleOf\":0,",
                    "\"uniqueItems\":true,",
                    "\"$ref\":\"#\",",
                    "\"x-kubernetes-list-type\":\"set\",",
                    "\"x-kubernetes-preserve-unknown-fields\":true,",
                    "\"x-kubernetes-embedded-resource\":true,",
                    "\"x-kubernetes-int-or-string\":true,",
                    "\"x-kubernetes-validations\":[{\"rule\":\"self\"}],",
                    ".spec",
                    "[*]",
                    "[?(@.a==1)]",
                    "..",
                    "['a']",
                    "$");

    @Test
    void definitions() {
        Fuzz.of(List.of(WIDGETS), WORDS)
                .refusing(Refusals::isOfTheClient)
                .run(bytes -> use(Json.parseObject(bytes)));
    }

    private static void use(ObjectNode definition) {
        DEFINITIONS
                .schema()
                .decode(DEFINITIONS.groupVersionKind(), definition, FieldValidation.WARN);
        DEFINITIONS.schema().applyDefaults(definition);
        DEFINITIONS.strategy().applyDefaults(definition);
        DEFINITIONS.strategy().prepareForCreate(definition);
        if (!DEFINITIONS.schema().validate(definition).isEmpty()
                || !DEFINITIONS.strategy().validate(definition).isEmpty()) {
            return;
        }
        assertThat(DEFINITIONS.strategy().warningsOnCreate(definition)).isNotNull();
        definition.withObject("/status").set("acceptedNames", definition.at("/spec/names"));
        definition
                .withObject("/status")
                .putArray("conditions")
                .addObject()
                .put("type", "Established")
                .put("status", "True");
        new CustomResources(SchemaRules.Compiler.NONE, CustomResources.Converters.NONE)
                .types(new Tenant("acme"), definition, 1)
                .forEach(DefinitionFuzzTest::use);
    }

    private static void use(ResourceType type) {
        ObjectNode widget = Json.parseObject(WIDGET.getBytes(StandardCharsets.UTF_8));
        type.schema().decode(type.groupVersionKind(), widget, FieldValidation.WARN);
        type.schema().applyDefaults(widget);
        assertThat(type.schema().validate(widget)).isNotNull();
        type.columns().forEach(column -> assertThat(column.cell().apply(widget)).isNotNull());
        type.strategy()
                .selectableFields()
                .forEach(field ->
                        assertThat(type.strategy().selectableValue(widget, field)).isNotNull());
    }
}
