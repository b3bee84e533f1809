package io.hypernetes.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.api.apply.FieldFilter;
import io.hypernetes.api.apply.FieldManager;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.json.Yaml;
import io.hypernetes.api.patch.JsonPatch;
import io.hypernetes.api.patch.MergePatch;
import io.hypernetes.api.protobuf.ProtobufDecoder;
import io.hypernetes.api.schema.FieldValidation;
import io.hypernetes.api.schema.Schema;
import io.hypernetes.api.schema.Schemas;
import io.hypernetes.api.schema.StrategicMergePatch;
import io.hypernetes.api.schema.WireFields;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.fuzzing.Fuzz;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Every language of request bodies. */
class BodyFuzzTest {
    private static final String POD =
            """
            {"kind":"Pod","apiVersion":"v1","metadata":{"name":"p","namespace":"default",
            "labels":{"a":"b"},"annotations":{"x":"\\u00e9\\n"}},"spec":{"containers":[{"name":"c",
            "image":"i","env":[{"name":"A","value":"1"}],"ports":[{"containerPort":80}],
            "resources":{"limits":{"cpu":"100m","memory":1.5e3}}}],"volumes":[],"restartPolicy":null}}
            """;

    private static final List<String> JSON_WORDS =
            List.of(
                    "{",
                    "}",
                    "[",
                    "]",
                    ":",
                    ",",
                    "\"",
                    "\\",
                    "\\u",
                    "\\ud800",
                    "null",
                    "true",
                    "-",
                    "1e999999999",
                    "0.1",
                    "{\"a\":",
                    "[[",
                    "{\"a\":[",
                    "\"metadata\"",
                    "\u0000",
                    "\u00ff",
                    " ",
                    "1234567890");

    private static final String YAML =
            """
            kind: Pod
            apiVersion: v1
            metadata: &m
              name: p
              labels: {a: b, "c": 'd'}
            spec:
              containers:
              - name: c
                image: |
                  text
                args: [1, 0x1F, .inf, ~, yes, 2020-01-01]
              other: *m
              <<: *m
            """;

    private static final List<String> YAML_WORDS =
            List.of(
                    "- ",
                    "&a ",
                    "*a",
                    "*m",
                    "<<: *m\n",
                    "? ",
                    ": ",
                    "|\n",
                    ">\n",
                    "!!binary ",
                    "!!set ",
                    "!x ",
                    "%YAML 1.1\n",
                    "---\n",
                    "...\n",
                    "{",
                    "[",
                    "]",
                    "}",
                    "'",
                    "\"",
                    "#",
                    "\t",
                    "\n",
                    "  ",
                    "- - - ",
                    "a: &a [*a,*a]\n",
                    "\u00ff",
                    "\u0000");

    private static final Schema.Struct SCHEMA = BuiltinTypes.PODS.schema().struct();

    private static void feed(List<String> seeds, List<String> words, Fuzz.Parser parser) {
        Fuzz.of(seeds, words).refusing(Refusals::isOfTheClient).run(parser);
    }

    @Test
    void json() {
        feed(List.of(POD, "{}", "[1,[2]]"), JSON_WORDS, Json::parse);
        feed(List.of(POD), JSON_WORDS, bytes -> decode(Json.parseManifest(bytes).tree()));
    }

    @Test
    void yaml() {
        feed(List.of(YAML, "a: 1\n"), YAML_WORDS, bytes -> decode(Yaml.parse(bytes).tree()));
    }

    private static void decode(ObjectNode tree) {
        GroupVersionKind kind = GroupVersionKind.of("v1", "Pod");
        BuiltinTypes.PODS.schema().decode(kind, tree, FieldValidation.WARN);
        assertThat(Json.write(tree)).isNotEmpty();
    }

    @Test
    void anchorsThatMultiplyAreRefused() {
        StringBuilder bomb = new StringBuilder("a: &a [x,x,x,x,x,x,x,x,x,x]\n");
        for (char c = 'b'; c <= 'z'; c++) {
            String before = "*" + (char) (c - 1);
            bomb.append("%c: &%c [%s]\n".formatted(c, c, (before + ",").repeat(10)));
        }
        assertThatThrownBy(() -> Yaml.parse(bytes(bomb.toString())))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("excessive aliasing");
    }

    @Test
    void whatIsNestedTooDeeplyIsRefused() {
        String deep = "{\"a\":".repeat(20_000) + "1" + "}".repeat(20_000);
        for (byte[] body : List.of(bytes(deep), bytes("[".repeat(60_000)))) {
            assertThatThrownBy(() -> Json.parse(body)).isInstanceOf(ApiException.class);
            assertThatThrownBy(() -> Json.parseManifest(body)).isInstanceOf(ApiException.class);
            assertThatThrownBy(() -> Yaml.parse(body)).isInstanceOf(ApiException.class);
        }
        assertThatThrownBy(() -> Yaml.parse(bytes("- ".repeat(20_000) + "a")))
                .isInstanceOf(ApiException.class);
    }

    @Test
    void protobuf() {
        ProtobufDecoder decoder = new ProtobufDecoder(Schemas.kubernetes(), new WireFields());
        String pod =
                "k8s\u0000\n"
                        + "\t\n"
                        + "\u0002v1\u0012\u0003Pod\u0012\u001f\n"
                        + "\u0007\n"
                        + "\u0001p\u0012\u0000\u001a\u0000\u0012\u0010\u0012\u000e\n"
                        + "\u0001c\u0012\u0001i:\u0006\n"
                        + "\u0001A\u0012\u00011\u001a\u0000\"\u0000";
        feed(
                List.of(pod),
                List.of(
                        "\n",
                        "\u0012",
                        "\u001a",
                        "\u0012\u007f",
                        "\u00ff\u00ff\u00ff\u00ff\u000f",
                        "\u0000",
                        "\u0080"),
                decoder::decode);
    }

    @Test
    void jsonPatches() {
        feed(
                List.of(
                        """
                        [{"op":"add","path":"/metadata/labels/b","value":"c"},
                        {"op":"test","path":"/kind","value":"Pod"},
                        {"op":"remove","path":"/spec/containers/0/env"},
                        {"op":"replace","path":"/spec/containers/0/image","value":"j"},
                        {"op":"move","from":"/spec/volumes","path":"/spec/other"},
                        {"op":"copy","from":"/metadata","path":"/spec/containers/-"}]
                        """,
                        "[{\"op\":\"copy\",\"from\":\"\",\"path\":\"/a\"}]"),
                List.of(
                        "{\"op\":\"copy\",\"from\":\"\",\"path\":\"/a\"},",
                        "/",
                        "~0",
                        "~1",
                        "~",
                        "/-",
                        "/0",
                        "\"\"",
                        "[",
                        "]",
                        "{",
                        "}",
                        ",",
                        "\"op\":\"move\"",
                        "99999999999",
                        "-1"),
                bytes -> JsonPatch.apply(Json.parse(bytes), pod()));
    }

    @Test
    void mergePatches() {
        feed(
                List.of(
                        "{\"metadata\":{\"labels\":{\"a\":null,\"b\":\"c\"}},\"spec\":{\"x\":[1]}}"),
                JSON_WORDS,
                bytes -> decode(MergePatch.apply(Json.parse(bytes), pod())));
    }

    @Test
    void strategicMergePatches() {
        feed(
                List.of(
                        """
                        {"spec":{"containers":[{"name":"c","image":"j","env":[{"$patch":"delete",
                        "name":"A"}]},{"$patch":"replace"}],"$setElementOrder/containers":
                        [{"name":"d"},{"name":"c"}],"$retainKeys":["containers"]},
                        "metadata":{"$deleteFromPrimitiveList/finalizers":["x"],"labels":{"$patch":"replace"}}}
                        """),
                List.of(
                        "\"$patch\":\"delete\"",
                        "\"$patch\":\"merge\"",
                        "\"$patch\":1",
                        "null",
                        "[",
                        "]",
                        "{",
                        "}",
                        ",",
                        "\"$retainKeys\":[\"a\"],",
                        "\"$setElementOrder/env\":[1],",
                        "\"$deleteFromPrimitiveList/args\":[[]],",
                        "\"name\":null",
                        "\"name\":{}"),
                bytes -> {
                    if (Json.parse(bytes) instanceof ObjectNode patch) {
                        decode(StrategicMergePatch.apply(SCHEMA, pod(), patch));
                    }
                });
    }

    @Test
    void applyConfigurations() {
        FieldManager manager =
                FieldManager.of(SCHEMA, GroupVersionKind.of("v1", "Pod"), FieldFilter.ALL);
        Fuzz.of(List.of(POD, YAML), YAML_WORDS)
                .refusing(Refusals::isOfTheClient)
                .shortInputs(200)
                .run(bytes -> {
                    ObjectNode config = Yaml.parse(bytes).tree();
                    decode(config.deepCopy());
                    try {
                        manager.apply(pod(), config, "fuzz", true);
                    } catch (ApiException e) {
                        // As upstream, a 500 for fields that the schema does not have.
                        if (!e.status()
                                .message()
                                .startsWith("failed to create typed patch object")) {
                            throw e;
                        }
                    }
                });
    }

    private static ObjectNode pod() {
        return Json.parseObject(bytes(POD));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
