package io.hypernetes.api.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Trees;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.Map;

class YamlTest {

    private static Parsed parse(String yaml) {
        return Yaml.parse(yaml.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "yes | true",
                "off | false",
                "'yes' | \"yes\"",
                "~ | null",
                "0x1f | 31",
                "010 | 8",
                "1_000 | 1000",
                "1.50 | 1.50",
                "1.2.3 | \"1.2.3\"",
                "2026-01-02 | \"2026-01-02\"",
                "!!str 1 | \"1\"",
                "500m | \"500m\""
            })
    void plainScalarsMeanWhatKubectlTakesThemFor(String scalar, String json) {
        assertThat(Json.text(parse("a: " + scalar).tree().path("a"))).isEqualTo(json);
    }

    @Test
    void aliasesMergesAndSeveralDocumentsAreRead() {
        String yaml = "---\nx: &x {a: 1, b: 2}\nw: {<<: *x, b: 3}\nz: [*x]\n---\n---\n1: one\n";
        assertThat(Yaml.parseAll(yaml.getBytes(StandardCharsets.UTF_8)))
                .extracting(p -> Json.text(p.tree()))
                .containsExactly(
                        "{\"x\":{\"a\":1,\"b\":2},\"w\":{\"b\":3,\"a\":1},\"z\":[{\"a\":1,\"b\":2}]}",
                        "{\"1\":\"one\"}");
    }

    @Test
    void duplicateFieldsAreReported() {
        assertThat(parse("s:\n  x: 1\n  x: 2\n").duplicates())
                .containsExactly("line 3: key \"x\" already set in map");
    }

    @Test
    void aBillionLaughsAreRefused() {
        StringBuilder yaml = new StringBuilder("a0: &a0 [lol,lol,lol,lol,lol,lol,lol,lol,lol]\n");
        for (int i = 1; i < 10; i++) {
            String alias = "*a" + (i - 1) + ",";
            yaml.append("a%d: &a%d [%s]\n".formatted(i, i, alias.repeat(9)));
        }
        assertThatThrownBy(() -> parse(yaml.toString()))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("excessive aliasing");
    }

    @Test
    void malformedYamlIsABadRequest() {
        assertThatThrownBy(() -> parse("a: [1,\nb: }"))
                .isInstanceOf(ApiException.class)
                .hasMessageStartingWith("error converting YAML to JSON: yaml: ");
    }

    @Test
    void anEscapeThatIsCutOffIsABadRequest() {
        assertThatThrownBy(() -> parse("a: \"\\u"))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("did not find expected hexdecimal number");
    }

    @Test
    void isWrittenInBlockStyle() {
        ObjectNode tree =
                Trees.object("{'kind':'Pod','spec':{'c':[{'name':'a','v':['yes','x']}],'e':{}}}");
        assertThat(new String(Yaml.write(tree), StandardCharsets.UTF_8))
                .isEqualTo(
                        "kind: Pod\n"
                                + "spec:\n"
                                + "  c:\n"
                                + "  - name: a\n"
                                + "    v:\n"
                                + "    - \"yes\"\n"
                                + "    - x\n"
                                + "  e: {}\n");
    }

    @Property(tries = 300)
    void everyTextSurvives(@ForAll Map<String, String> texts) {
        ObjectNode tree = Json.object();
        texts.forEach(tree::put);
        boolean wellFormed = StandardCharsets.UTF_8.newEncoder().canEncode(texts.toString());
        if (wellFormed && !tree.isEmpty()) {
            assertThat(Yaml.parse(Yaml.write(tree)).tree()).isEqualTo(tree);
        }
    }
}
