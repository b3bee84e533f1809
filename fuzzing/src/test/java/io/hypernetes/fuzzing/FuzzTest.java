package io.hypernetes.fuzzing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class FuzzTest {
    private static final Fuzz NUMBERS =
            Fuzz.of(List.of("12", "34"), List.of("5"))
                    .refusing(e -> e instanceof NumberFormatException);

    @Test
    void aParserThatRefusesAsDocumentedIsGood() {
        List<String> fed = new ArrayList<>();
        NUMBERS.run(input -> {
            fed.add(Fuzz.text(input));
            int number = Integer.parseInt(Fuzz.text(input));
            assertThat(Integer.toString(number)).isNotEmpty();
        });
        assertThat(fed).startsWith("12", "34").hasSizeGreaterThan(100);
    }

    @Test
    void anyOtherExceptionIsToldWithItsBytes() {
        assertThatThrownBy(() ->
                        NUMBERS.run(input -> {
                            if (input.length > 2 && input[1] == '5') {
                                throw new IllegalStateException("a bug");
                            }
                        }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("a bug for the bytes ");
    }

    @Test
    void muchMemoryIsToldOfToo() {
        assertThatThrownBy(() ->
                        NUMBERS.shortInputs(50)
                                .run(input -> {
                                    for (int i = 0; input.length == 0 && i < 300; i++) {
                                        assertThat(new byte[1 << 20]).isNotEmpty();
                                    }
                                }))
                .hasMessageContaining(" bytes for ");
    }

    @Test
    void placesThatWereNewAreWorthTheirInputs() {
        Mutator mutator = new Mutator(List.of(new byte[] {1}), List.of(), 1);
        byte[] kept = new byte[10_000];
        mutator.keep(kept);
        boolean grown = false;
        for (int i = 0; i < 100; i++) {
            grown |= mutator.next().length > 1_000;
        }
        assertThat(grown).isTrue();
    }
}
