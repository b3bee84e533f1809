package io.hypernetes.api.custom;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.schema.FieldValidation;
import io.hypernetes.api.schema.SchemaRules;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Random;
import java.util.function.Supplier;

/** What holds for every schema and every object. */
class CustomSchemaLawsTest {
    private static final GroupVersionKind KIND = new GroupVersionKind("e.com", "v1", "Thing");
    private static final String[] FIELDS = {"a", "b", "c", "metadata", "kind"};

    /** Random trees; what a seed makes, it makes again. */
    private static final class Trees {
        private final Random random;

        Trees(long seed) {
            this.random = new Random(seed);
        }

        @SafeVarargs
        private <T> T one(Supplier<? extends T>... choices) {
            return choices[random.nextInt(choices.length)].get();
        }

        JsonNode value(int depth) {
            if (depth <= 0) {
                return one(
                        () -> Json.parse("null".getBytes()),
                        () -> Json.parse("1".getBytes()),
                        () -> Json.parse("\"x\"".getBytes()),
                        () -> Json.parse("true".getBytes()),
                        () -> Json.parse("1.5".getBytes()));
            }
            return one(() -> value(0), () -> object(depth), () -> list(depth));
        }

        ObjectNode object(int depth) {
            ObjectNode object = Json.object();
            for (int i = random.nextInt(4); i > 0; i--) {
                object.set(FIELDS[random.nextInt(FIELDS.length)], value(depth - 1));
            }
            return object;
        }

        private ArrayNode list(int depth) {
            ArrayNode list = Json.object().putArray("list");
            for (int i = random.nextInt(3); i > 0; i--) {
                list.add(value(depth - 1));
            }
            return list;
        }

        ObjectNode schema(int depth) {
            ObjectNode schema = Json.object();
            switch (random.nextInt(depth <= 0 ? 3 : 6)) {
                case 0 -> schema.put("type", "string");
                case 1 -> schema.put("type", "integer");
                case 2 -> schema.put("x-kubernetes-int-or-string", true);
                case 3 -> {
                    schema.put("type", "array");
                    schema.set("items", schema(depth - 1));
                }
                case 4 -> {
                    schema.put("type", "object");
                    schema.set("additionalProperties", schema(depth - 1));
                }
                default -> {
                    schema.put("type", "object");
                    ObjectNode properties = schema.putObject("properties");
                    for (int i = random.nextInt(3); i >= 0; i--) {
                        properties.set(FIELDS[random.nextInt(3)], schema(depth - 1));
                    }
                }
            }
            if (random.nextInt(4) == 0) {
                schema.put("nullable", true);
            }
            if (random.nextInt(5) == 0) {
                schema.put("x-kubernetes-preserve-unknown-fields", true);
            }
            if (random.nextInt(3) == 0) {
                schema.set("default", value(1));
            }
            return schema;
        }

        ObjectNode root() {
            ObjectNode schema = Json.object().put("type", "object");
            ObjectNode properties = schema.putObject("properties");
            for (String field : new String[] {"a", "b", "c"}) {
                properties.set(field, schema(3));
            }
            return schema;
        }

        /** A schema's words in any places, with any values. */
        ObjectNode nonsense(int depth) {
            String[] words = {
                "type",
                "properties",
                "items",
                "additionalProperties",
                "default",
                "enum",
                "required",
                "allOf",
                "anyOf",
                "oneOf",
                "not",
                "pattern",
                "format",
                "nullable",
                "x-kubernetes-list-type",
                "x-kubernetes-list-map-keys",
                "x-kubernetes-map-type",
                "x-kubernetes-embedded-resource",
                "x-kubernetes-int-or-string",
                "x-kubernetes-preserve-unknown-fields",
                "x-kubernetes-validations",
                "minimum",
                "maxLength",
                "$ref",
                "definitions"
            };
            ObjectNode schema = Json.object();
            for (int i = random.nextInt(6); i > 0; i--) {
                schema.set(
                        words[random.nextInt(words.length)],
                        one(
                                () -> value(2),
                                () -> depth > 0 ? nonsense(depth - 1) : value(1),
                                () -> {
                                    ArrayNode list = Json.object().putArray("l");
                                    list.add(depth > 0 ? nonsense(depth - 1) : value(1));
                                    return list;
                                },
                                () -> Json.parse("\"object\"".getBytes()),
                                () -> Json.parse("\"array\"".getBytes())));
            }
            return schema;
        }
    }

    @Provide
    Arbitrary<Long> seeds() {
        return Arbitraries.longs();
    }

    @Property(tries = 500)
    void pruningTwiceIsPruningOnce(@ForAll("seeds") long seed) {
        Trees trees = new Trees(seed);
        Structural schema = Structural.of(trees.root());
        ObjectNode object = trees.object(4);
        Pruner.prune(schema, object);
        ObjectNode once = object.deepCopy();
        assertThat(Pruner.prune(schema, object)).isEmpty();
        assertThat(object).isEqualTo(once);
    }

    @Property(tries = 500)
    void defaultingTwiceIsDefaultingOnce(@ForAll("seeds") long seed) {
        Trees trees = new Trees(seed);
        Structural schema = Structural.of(trees.root());
        ObjectNode object = trees.object(4);
        Defaulter.apply(schema, object);
        ObjectNode once = object.deepCopy();
        Defaulter.apply(schema, object);
        assertThat(object).isEqualTo(once);
    }

    @Property(tries = 500)
    void anObjectIsNotMadeWorseByAnUpdateThatChangesNothing(@ForAll("seeds") long seed) {
        Trees trees = new Trees(seed);
        Structural schema = Structural.of(trees.root());
        ObjectNode object = trees.object(4);
        assertThat(ValueValidator.validate(schema, object, object.deepCopy())).isEmpty();
        ValueValidator.validate(schema, object, null);
    }

    @Property(tries = 1000)
    void aSchemaIsGoodOrToldWhatIsWrong(@ForAll("seeds") long seed) {
        ObjectNode nonsense = new Trees(seed).nonsense(4);
        ObjectNode definition = DefinitionStrategyTest.definition(Json.text(nonsense));
        DefinitionStrategy strategy = new DefinitionStrategy();
        strategy.warningsOnCreate(definition);
        if (strategy.validate(definition).isEmpty()) {
            // What was accepted can be compiled, and decides about any object.
            CustomSchema schema =
                    new CustomSchema(KIND, nonsense, false, SchemaRules.Compiler.NONE);
            ObjectNode object = new Trees(seed + 1).object(3);
            try {
                schema.decode(KIND, object, FieldValidation.WARN);
            } catch (ApiException _) {
                return;
            }
            schema.applyDefaults(object);
            schema.validate(object);
        }
    }
}
