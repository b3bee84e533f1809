package io.hypernetes.api.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.json.Json;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Map;

class LabelSelectorTest {

    private static final Map<String, String> LABELS =
            Map.of("app", "web", "tier", "front", "size", "5", "empty", "");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "app",
                "app=web",
                "app==web",
                "app = web , tier=front",
                "app!=db",
                "missing!=x",
                "app in (web,db)",
                "app in ( web )",
                "app notin (db)",
                "missing notin (a)",
                "!missing",
                "size>4",
                "size<6",
                "empty=",
                "empty in (,x)",
                "empty in ()",
                "tier=front,app=web",
                "app notin (in,notin)"
            })
    void selects(String selector) {
        assertThat(LabelSelector.parse(selector).matches(LABELS)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "app=db",
                "app!=web",
                "!app",
                "missing",
                "missing=x",
                "app in (a,b)",
                "app notin (web)",
                "size>5",
                "size<5",
                "app>1",
                "missing>1",
                "app=web,tier=back"
            })
    void doesNotSelect(String selector) {
        assertThat(LabelSelector.parse(selector).matches(LABELS)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "=web | found '=', expected: !, identifier, or 'end of string'",
                "app web | unable to parse requirement: found 'web', expected: in, notin, =, ==,"
                        + " !=, gt, lt",
                "app=web, | found '', expected: identifier after ','",
                "app=web x | found 'x', expected: ',' or 'end of string'",
                "app in web | unable to parse requirement: found 'web' expected: '('",
                "app in (a | unable to parse requirement: found '', expected: ',' or ')'",
                "! | unable to parse requirement: found '', expected: identifier",
                "a>x | unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt'"
                        + " operators, the value must be an integer",
                "a/b/c=d | unable to parse requirement: <nil>: Invalid value: \"a/b/c\": a valid"
                    + " label key must consist of alphanumeric characters, '-', '_' or '.', and"
                    + " must start and end with an alphanumeric character (e.g. 'MyName',  or"
                    + " 'my.name',  or '123-abc', regex used for validation is"
                    + " '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain"
                    + " prefix and '/' (e.g. 'example.com/MyName')",
                "a=-b | unable to parse requirement: values[0][a]: Invalid value: \"-b\": a valid"
                    + " label must be an empty string or consist of alphanumeric characters, '-',"
                    + " '_' or '.', and must start and end with an alphanumeric character (e.g."
                    + " 'MyValue',  or 'my_value',  or '12345', regex used for validation is"
                    + " '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
            })
    void refusesInKubernetesWords(String selector, String message) {
        assertThatThrownBy(() -> LabelSelector.parse(selector))
                .isInstanceOf(ApiException.class)
                .hasMessage(message);
    }

    @Test
    void aSpecsSelectorIsAConjunction() {
        LabelSelector selector =
                LabelSelector.fromObject(
                        json(
                                """
                                {"matchLabels":{"app":"web"},"matchExpressions":[
                                 {"key":"tier","operator":"In","values":["front","back"]},
                                 {"key":"old","operator":"DoesNotExist"}]}\
                                """));
        assertThat(selector).hasToString("app=web,!old,tier in (front,back)");
        assertThat(selector.matches(LABELS)).isTrue();
        assertThat(selector.matches(Map.of("app", "web"))).isFalse();
    }

    @Test
    void anEmptySelectorMeansAllAndAMissingOneNothing() {
        assertThat(LabelSelector.fromObject(json("{}")).matches(LABELS)).isTrue();
        assertThat(LabelSelector.fromObject(json("{}").path("x")).matches(LABELS)).isFalse();
    }

    @Test
    void anUnknownOperatorIsRefused() {
        assertThatThrownBy(() ->
                        LabelSelector.fromObject(
                                json("{\"matchExpressions\":[{\"operator\":\"Gt\"}]}")))
                .hasMessage("\"Gt\" is not a valid label selector operator");
    }

    @Property
    void anyTextIsAnsweredAndWhatIsReadReadsBackEqual(
            @ForAll
                    @StringLength(max = 20)
                    @CharRange(from = 'a', to = 'c')
                    @Chars({'=', '!', ',', '(', ')', '<', '>', ' ', 'i', 'n', '1', '/'})
                    String text) {
        LabelSelector selector;
        try {
            selector = LabelSelector.parse(text);
        } catch (ApiException refused) {
            return;
        }
        assertThat(LabelSelector.parse(selector.toString())).isEqualTo(selector);
    }

    @Property
    void aSelectorAndItsNegationDivideTheWorld(
            @ForAll @StringLength(max = 3) @Chars({'a', 'b', '1'}) String value,
            @ForAll @StringLength(max = 3) @Chars({'a', 'b', '1'}) String other) {
        Map<String, String> labels = Map.of("k", value);
        assertThat(LabelSelector.parse("k=" + other).matches(labels))
                .isNotEqualTo(LabelSelector.parse("k!=" + other).matches(labels));
        assertThat(LabelSelector.parse("k in (x," + other + ")").matches(labels))
                .isNotEqualTo(LabelSelector.parse("k notin (x," + other + ")").matches(labels));
    }

    private static tools.jackson.databind.node.ObjectNode json(String text) {
        return Json.parseObject(text.getBytes(StandardCharsets.UTF_8));
    }
}
