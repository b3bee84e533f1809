package io.hypernetes.api.custom;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.Trees;
import io.hypernetes.api.schema.SchemaRules;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.stream.Collectors;

/** What a kube-apiserver 1.36 says of the same custom objects. */
class CustomSchemaTest {
    private static final String SCHEMA =
            """
            {'type':'object','properties':{
              's':{'type':'string','maxLength':1,'pattern':'^[a-z]*$'},
              'e':{'type':'string','enum':['a','b']},
              'n':{'type':'number','maximum':5},
              'i':{'type':'integer','format':'int32'},
              'l':{'type':'integer'},
              't':{'type':'string','format':'date-time'},
              'o':{'type':'object','required':['b'],'properties':{'a':{'type':'string'}}},
              'x':{'type':'object','maxProperties':1,'additionalProperties':{'type':'string'}},
              'm':{'type':'array','x-kubernetes-list-type':'map','x-kubernetes-list-map-keys':['k'],
                   'items':{'type':'object','required':['k'],'properties':{'k':{'type':'string'}}}},
              'any':{'type':'object','properties':{'a':{'type':'string'}},
                     'not':{'required':['a']}}}}
            """;

    /** Whose only rule nothing follows. */
    private static final SchemaRules.Compiler ONE_RULE =
            new SchemaRules.Compiler() {
                @Override
                public SchemaRules rules(JsonNode schema) {
                    return (object, old) -> List.of(FieldError.forbidden("r", "asked"));
                }

                @Override
                public List<FieldError> check(JsonNode schema, String path) {
                    return List.of();
                }
            };

    private static final CustomSchema CUSTOM =
            new CustomSchema(
                    new GroupVersionKind("example.com", "v1", "Widget"),
                    Trees.object(SCHEMA),
                    false,
                    ONE_RULE);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {} | ASKED
                    {'s':'UP'} | s: Too long: may not be more than 1 byte && BLOCKED
                    {'s':'U'} | s: Invalid value: "U": s in body should match '^[a-z]*$' && ASKED
                    {'e':1} | e: Invalid value: "integer": e in body must be of type string: "integer" && e: Unsupported value: 1: supported values: "a", "b" && BLOCKED
                    {'n':1000.0} | n: Invalid value: 1000: n in body should be less than or equal to 5 && ASKED
                    {'m':['x']} | m[0]: Invalid value: "string": m[0] in body must be of type object: "string" && m[0]: Invalid value: "x": must be an object for an array of list-type map && BLOCKED
                    {'i':1.5} | i: Invalid value: "float64": i in body must be of type int32: "float64" && <nil>: Invalid value: "": Checked value must be of type integer with format int32 in i && BLOCKED
                    {'i':3000000000} | <nil>: Invalid value: "": Checked value must be of type integer with format int32 in i && ASKED
                    {'i':true} | i: Invalid value: "": i in body must be of type int32: "" && BLOCKED
                    {'i':'5'} | i: Invalid value: "string": i in body must be of type integer: "string" && BLOCKED
                    {'i':2.0} | ASKED
                    {'l':12345678901234567890} | l: Invalid value: "number": l in body must be of type integer: "number" && <nil>: Invalid value: "": Checked value must be of type integer (default format) in l && BLOCKED
                    {'t':5} | t: Invalid value: "int64": t in body must be of type date-time: "int64" && BLOCKED
                    {'o':{'a':1}} | o.a: Invalid value: "integer": o.a in body must be of type string: "integer" && o.b: Required value && BLOCKED
                    {'x':{'a':1,'b':2}} | x: Too many: 2: must have at most 1 items && BLOCKED
                    {'any':{'a':'x'}} | <nil>: Invalid value: "": "any" must not validate the schema (not) && ASKED
                    """)
    void objectsAreJudgedInUpstreamsWords(String object, String told) {
        ObjectNode tree = Trees.object(object);
        assertThat(
                        CUSTOM.validate(tree).stream()
                                .map(FieldError::toString)
                                .collect(Collectors.joining(" && ")))
                .isEqualTo(
                        told.replace("ASKED", "r: Forbidden: asked")
                                .replace(
                                        "BLOCKED",
                                        "<nil>: Invalid value: null: some validation rules were not"
                                                + " checked because the object was invalid; correct"
                                                + " the existing errors to complete validation"));
    }
}
