package io.hypernetes.cli.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.json.Json;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.node.ObjectNode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class SchemaDiffTest {

    private static final String OURS =
            """
            {'definitions': {'a.Pod': {'type': 'object', 'required': ['x', 'y'],
               'properties': {'x': {'type': 'string', 'description': 'one'},
                              'l': {'type': 'array', 'x-kubernetes-list-type': 'atomic'}}}},
             'parameters': {'p1': {'in': 'query', 'name': 'limit', 'type': 'integer'}},
             'paths': {'/pods': {'parameters': [{'$ref': '#/parameters/p1'}],
               'get': {'operationId': 'listPods', 'produces': ['a', 'b'],
                       'responses': {'200': {'description': 'OK'}}}}}}
            """;

    private static ObjectNode json(String text) {
        return Json.parseObject(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static List<Difference> compare(String theirs, boolean descriptions) {
        return OpenApiComparison.of(json(OURS), json(theirs), descriptions);
    }

    @Test
    void orderAndPlacesOfParametersAreNoDifference() {
        String theirs =
                OURS.replace("['x', 'y']", "['y', 'x']")
                        .replace("['a', 'b']", "['b', 'a']")
                        .replace("'parameters': [{'$ref': '#/parameters/p1'}],", "")
                        .replace(
                                "'get': {",
                                "'get': {'parameters': [{'in': 'query', 'name': 'limit', 'type':"
                                        + " 'integer'}],");
        assertThat(compare(theirs, true)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = ';',
            textBlock =
                    """
                    'a.Pod':         ; 'a.Node':        ; definition
                    'x': {           ; 'z': {           ; field
                    ['x', 'y']       ; ['x']            ; type required
                    'atomic'         ; 'set'            ; field x-kubernetes-list-type
                    'string'         ; 'integer'        ; field type
                    '/pods'          ; '/nodes'         ; path
                    'get'            ; 'put'            ; operation
                    'listPods'       ; 'list'           ; operation operationId
                    'limit'          ; 'continue'       ; parameter
                    'type': 'integer'; 'type': 'number' ; parameter type
                    '200'            ; '201'            ; response
                    """)
    void everyOtherChangeIsOne(String from, String to, String what) {
        assertThat(OURS).contains(from);
        assertThat(compare(OURS.replace(from, to), false))
                .isNotEmpty()
                .allSatisfy(difference -> assertThat(difference.what()).isEqualTo(what));
    }

    @Test
    void textsAreComparedWhenAsked() {
        String theirs = OURS.replace("'one'", "'two'");
        assertThat(compare(theirs, false)).isEmpty();
        assertThat(compare(theirs, true))
                .containsExactly(
                        new Difference("field description", "a.Pod.x", "\"one\"", "\"two\""));
    }

    @Test
    void whatIsListedIsCountedAndWhatIsNotEndsWithOne() {
        KnownDifferences known =
                KnownDifferences.parse(
                        "differences: [{what: path, where: /a.*, reason: because}]"
                                .getBytes(StandardCharsets.UTF_8));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        Difference listed = new Difference("path", "/abc", "absent", "present");
        Difference other = new Difference("path", "/b", "absent", "present");
        assertThat(SchemaDiffCommand.report(List.of(listed), known, print)).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("1  because")
                .doesNotContain("/abc");
        assertThat(SchemaDiffCommand.report(List.of(listed, other), known, print)).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("path: 1", "/b");
    }

    @Test
    void thePageOfTheDocumentationIsMadeFromTheList() throws IOException {
        Path page = Path.of("..", "docs", "schema-differences.md");
        assertThat(Files.readString(page)).isEqualTo(KnownDifferences.shipped().markdown());
    }

    @Test
    void everyListedDifferenceHasAReason() {
        assertThat(KnownDifferences.shipped().entries())
                .isNotEmpty()
                .allSatisfy(entry -> assertThat(entry.reason()).hasSizeGreaterThan(20));
    }
}
