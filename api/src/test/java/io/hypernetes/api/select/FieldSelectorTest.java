package io.hypernetes.api.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;

class FieldSelectorTest {

    private static final ObjectNode POD =
            Json.parseObject(
                    """
                    {"metadata":{"name":"p","namespace":"n"},
                     "spec":{"nodeName":"node-1"},"status":{"phase":"Running"}}\
                    """
                            .getBytes(StandardCharsets.UTF_8));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "metadata.name=p | true",
                "metadata.name==p,metadata.namespace=n | true",
                "metadata.name!=p | false",
                "spec.hostNetwork=false | true",
                "spec.hostNetwork=true | false",
                "status.podIPs=10.0.0.1 | false",
                "spec.nodeName=node-1,status.phase!=Failed | true",
                "spec.nodeName= | false",
                "status.podIP= | true",
                ",, | true"
            })
    void selectsByFields(String selector, boolean selected) {
        FieldSelector parsed = FieldSelector.parse(selector);
        parsed.check(BuiltinTypes.PODS);
        assertThat(parsed.matches(BuiltinTypes.PODS, POD)).isEqualTo(selected);
        boolean inside = !parsed.looksInside() || parsed.matches(BuiltinTypes.PODS, POD);
        assertThat(parsed.matchesKey("n", "p") && inside).isEqualTo(selected);
    }

    @Test
    void nameAndNamespaceAreAskedWithoutTheObject() {
        FieldSelector named = FieldSelector.parse("metadata.name=p,metadata.namespace!=other");
        assertThat(named.looksInside()).isFalse();
        assertThat(named.matchesKey("n", "p")).isTrue();
        assertThat(named.matchesKey("n", "q")).isFalse();
        assertThat(named.matchesKey("other", "p")).isFalse();
        FieldSelector more = FieldSelector.parse("metadata.name=p,status.phase=Running");
        assertThat(more.looksInside()).isTrue();
        assertThat(more.matchesKey("n", "p")).as("the rest is yet to be asked").isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "foo | invalid selector: 'foo'; can't understand 'foo'",
                "a=b=c | invalid field selector: unescaped character in value: 61",
                "a=b\\x | invalid field selector: invalid escape sequence: \\x",
                "a=b\\ | invalid field selector: invalid escape sequence: \\"
            })
    void refusesInKubernetesWords(String selector, String message) {
        assertThatThrownBy(() -> FieldSelector.parse(selector)).hasMessage(message);
    }

    @Test
    void anUnknownFieldIsABadRequest() {
        assertThatThrownBy(() -> FieldSelector.parse("spec.foo=x").check(BuiltinTypes.PODS))
                .hasMessage("field label not supported: spec.foo");
        assertThatThrownBy(() -> FieldSelector.parse("data=x").check(BuiltinTypes.CONFIG_MAPS))
                .hasMessage(
                        "\"data\" is not a known field selector: only \"metadata.name\","
                                + " \"metadata.namespace\"");
    }

    @Test
    void tellsTheOneNameThatCanMatch() {
        FieldSelector selector = FieldSelector.parse("status.phase!=x,metadata.name=p");
        assertThat(selector.exactly("metadata.name")).contains("p");
        assertThat(selector.exactly("status.phase")).isEmpty();
    }

    @Property
    void everyValueCanBeEscaped(@ForAll String value) {
        FieldSelector selector =
                new FieldSelector(
                        java.util.List.of(new FieldSelector.Term("metadata.name", false, value)));
        assertThat(FieldSelector.parse(selector.toString())).isEqualTo(selector);
    }
}
