package io.hypernetes.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.quantity.Quantity;
import io.hypernetes.api.select.FieldSelector;
import io.hypernetes.api.select.LabelSelector;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.fuzzing.Fuzz;

import org.junit.jupiter.api.Test;

import java.util.List;

/** The small languages: quantities and selectors. */
class TextFuzzTest {
    private static final List<String> OPERATORS =
            List.of(
                    "=",
                    "==",
                    "!=",
                    "!",
                    ",",
                    " in (",
                    " notin (",
                    ")",
                    "(",
                    ">",
                    "<",
                    "\\",
                    "\\,",
                    "a",
                    "a/b",
                    "metadata.name",
                    "spec.nodeName",
                    " ",
                    ".",
                    "-",
                    "\u0000",
                    "\u00e9");

    @Test
    void quantities() {
        Fuzz.of(
                        List.of("100m", "1.5Gi", "-1e3", "0.000000001", "+12E", "1e-99"),
                        List.of(
                                "m",
                                "Ki",
                                "e",
                                "E",
                                ".",
                                "-",
                                "+",
                                "0",
                                "9",
                                "n",
                                "u",
                                " ",
                                "e999999999"))
                .refusing(e -> e instanceof IllegalArgumentException)
                .run(bytes -> {
                    Quantity quantity = Quantity.parse(Fuzz.text(bytes));
                    assertThat(Quantity.parse(quantity.toString())).isEqualTo(quantity);
                });
    }

    @Test
    void labelSelectors() {
        Fuzz.of(
                        List.of("a=b,c!=d", "x in (a,b),y notin (c)", "!z,w", "e.com/a==b", "n>5"),
                        OPERATORS)
                .refusing(Refusals::isOfTheClient)
                .run(bytes -> {
                    LabelSelector selector = LabelSelector.parse(Fuzz.text(bytes));
                    assertThat(LabelSelector.parse(selector.toString())).isEqualTo(selector);
                });
    }

    @Test
    void fieldSelectors() {
        Fuzz.of(List.of("metadata.name=a", "spec.nodeName!=b,metadata.namespace==c"), OPERATORS)
                .refusing(Refusals::isOfTheClient)
                .run(bytes -> {
                    FieldSelector selector = FieldSelector.parse(Fuzz.text(bytes));
                    assertThat(FieldSelector.parse(selector.toString())).isEqualTo(selector);
                    selector.check(BuiltinTypes.PODS);
                });
    }
}
