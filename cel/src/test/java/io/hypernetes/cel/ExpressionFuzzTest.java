package io.hypernetes.cel;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.cel.evaluation.Result;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Random;

/** Whatever text comes, the answer is a value or an error, and it comes soon. */
class ExpressionFuzzTest {
    private static final List<String> PIECES =
            List.of(
                    "1",
                    "'a'",
                    "[1, 2]",
                    "{'k': 1}",
                    "x",
                    ".size()",
                    " + ",
                    " == ",
                    " && ",
                    "(",
                    ")",
                    "[",
                    "]",
                    "{",
                    "}",
                    "?",
                    ":",
                    "!",
                    ".map(i, i)",
                    ".all(i, i > 0)",
                    "has(",
                    "null",
                    "true",
                    ".k",
                    ".?k",
                    " in ",
                    "duration('1s')",
                    "-",
                    "9223372036854775807",
                    "lists.range(9)",
                    ".format([1])",
                    "b'x'",
                    "1u",
                    "1.5",
                    "\\",
                    "\"",
                    "\u0000",
                    "ä",
                    "quantity('1')",
                    "ip('::1')",
                    ".orValue(2)",
                    "optional.of(1)",
                    "type(1)");

    private static final int ROUNDS = Boolean.getBoolean("long") ? 200_000 : 1_500;

    @Test
    void anyTextIsAnsweredByAValueOrAnError() {
        Random random = new Random(42);
        int compiled = 0;
        for (int round = 0; round < ROUNDS; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(8) + 1; i > 0; i--) {
                text.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            try {
                Result result =
                        Environment.standard()
                                .compile(text.toString())
                                .evaluate(name -> null, 10_000);
                assertThat(result.cost()).isNotNegative();
                compiled++;
            } catch (CompilationException e) {
                assertThat(e.text()).startsWith("ERROR: ");
            }
        }
        assertThat(compiled).isPositive();
    }

    @Test
    void deepNestingIsAnError() {
        for (String open : List.of("(", "[", "!", "-")) {
            String text = open.repeat(5000) + "1";
            try {
                Environment.standard().compile(text);
            } catch (CompilationException e) {
                assertThat(e.text()).startsWith("ERROR: ");
            }
        }
    }
}
