package io.hypernetes.api.quantity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.api.quantity.Quantity.Format;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantityTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0Gi, 0",
        "1, 1",
        "1000m, 1",
        "1500m, 1500m",
        "0.5, 500m",
        ".5, 500m",
        "5., 5",
        "+1, 1",
        "-1, -1",
        "1000, 1k",
        "1200, 1200",
        "1e3, 1e3",
        "12e2, 1200",
        "1E3, 1e3",
        "1E, 1E",
        "1Gi, 1Gi",
        "1024Mi, 1Gi",
        "1536Mi, 1536Mi",
        "1.5Gi, 1536Mi",
        "1.1Gi, 1181116006400m",
        "0.5Ki, 512",
        "1000Ki, 1000Ki",
        "128974848, 128974848",
        "100u, 100u",
        "0.0000000001, 1n",
        "1e999999999, 9223372036854775807e0",
        "99999E, 9223372036854775807"
    })
    void isPrintedInCanonicalForm(String text, String canonical) {
        assertThat(Quantity.parse(text)).hasToString(canonical.replace("e0", ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | quantities must match the regular expression"
                        + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
                "1 Gi | quantities must match the regular expression"
                        + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
                "ten | quantities must match the regular expression"
                        + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
                "1Zi | quantities must match the regular expression"
                        + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
                "1GiB | quantities must match the regular expression"
                        + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
                "1K | unable to parse quantity's suffix",
                "1.2.3 | unable to parse numeric part of quantity"
            })
    void refusesInKubernetesWords(String text, String message) {
        assertThatThrownBy(() -> Quantity.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message.replace("''", "'"));
    }

    @Test
    void valuesAreRoundedUp() {
        assertThat(Quantity.parse("1500m").value()).isEqualTo(2);
        assertThat(Quantity.parse("1500m").milliValue()).isEqualTo(1500);
        assertThat(Quantity.parse("100u").milliValue()).isEqualTo(1);
        assertThat(Quantity.parse("1Gi").value()).isEqualTo(1L << 30);
        assertThat(Quantity.parse("8E").milliValue()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void sumsKeepTheFirstNotation() {
        Quantity memory = Quantity.parse("512Mi");
        assertThat(memory.add(Quantity.parse("1Gi"))).hasToString("1536Mi");
        assertThat(Quantity.ZERO.add(memory)).hasToString("512Mi");
        assertThat(memory.subtract(memory)).hasToString("0");
        assertThat(Quantity.ofMillis(250).add(Quantity.of(1, Format.DECIMAL_SI)))
                .hasToString("1250m");
    }

    @Property
    void theCanonicalFormReadsBackAsTheSameAmount(@ForAll("texts") String text) {
        Quantity quantity = Quantity.parse(text);
        Quantity again = Quantity.parse(quantity.toString());
        // A binary amount is shown in whole units.
        assertThat(again.value()).isEqualTo(quantity.value());
        // One that is no multiple of 1024 has no suffix, and is a decimal one when it is read back.
        if (quantity.format() != Format.BINARY_SI) {
            assertThat(again).hasToString(quantity.toString());
        }
    }

    @Property
    void addingAndSubtractingGivesTheOriginal(
            @ForAll("texts") String first, @ForAll("texts") String second) {
        Quantity a = Quantity.parse(first);
        Quantity b = Quantity.parse(second);
        if (a.amount().abs().doubleValue() < 1e18 && b.amount().abs().doubleValue() < 1e18) {
            assertThat(a.add(b).subtract(b)).isEqualTo(a);
            assertThat(a.compareTo(b) < 0).isEqualTo(b.compareTo(a) > 0);
        }
    }

    @Provide
    Arbitrary<String> texts() {
        return Combinators.combine(
                        Arbitraries.longs().between(-99_999, 99_999),
                        Arbitraries.integers().between(0, 999),
                        Arbitraries.of(
                                "", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi",
                                "Ti", "Pi", "Ei", "e3", "e-3", "E2"))
                .as((whole, fraction, suffix) -> whole + "." + fraction + suffix);
    }
}
