package io.hypernetes.cel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.api.json.Json;
import io.hypernetes.cel.evaluation.Result;
import io.hypernetes.cel.rules.RuleCompiler;
import io.hypernetes.fuzzing.Fuzz;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

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

    private static final RuleCompiler COMPILER = new RuleCompiler();

    private static final ObjectNode SCHEMA =
            object(
                    """
                    {"type":"object","properties":{"n":{"type":"integer"},"m":{"type":"object",
                    "maxProperties":9,"additionalProperties":{"type":"string","maxLength":9}},
                    "a":{"type":"array","maxItems":9,"items":{"type":"string","maxLength":9}}}}
                    """);

    private static final ObjectNode OBJECT =
            object("{\"n\":1,\"m\":{\"x\":\"c\"},\"a\":[\"b\",\"bb\"]}");

    private static final List<String> SEEDS =
            List.of(
                    "[1, 2].map(i, i + 1).all(i, i > 0) && 'a'.size() == 1",
                    "{'k': 1}.k == 1 ? quantity('1').isGreaterThan(quantity('2')) : !true",
                    "has({'k': 1}.k) || ip('::1').family() == 6",
                    "'%s'.format([1]) in ['a', \"b\"]",
                    "optional.of(1).orValue(2) * -9223372036854775807");

    @Test
    void anyTextIsAnsweredByAValueOrAnError() {
        Fuzz.of(SEEDS, PIECES)
                .refusing(e ->
                        e instanceof CompilationException refusal
                                && refusal.text().startsWith("ERROR: "))
                .run(bytes -> {
                    Result result =
                            Environment.standard()
                                    .compile(new String(bytes, StandardCharsets.UTF_8))
                                    .evaluate(name -> null, 10_000);
                    assertThat(result.cost()).isNotNegative();
                });
    }

    /** A definition's rule, as it is written and with what it may cost. */
    @Test
    void anyRuleIsCompiledOrAnError() {
        Fuzz.of(
                        List.of(
                                "self.a.all(x, x.startsWith('b')) && self.n > oldSelf.n",
                                "self.m.exists(k, self.m[k] == 'c') || !has(self.a)",
                                "self.a.map(x, x + x).filter(x, x.size() > 3).size() < 9"),
                        PIECES)
                .run(bytes -> {
                    ObjectNode schema = SCHEMA.deepCopy();
                    schema.putArray("x-kubernetes-validations")
                            .addObject()
                            .put("rule", new String(bytes, StandardCharsets.UTF_8));
                    if (COMPILER.check(schema, "s").isEmpty()) {
                        assertThat(COMPILER.rules(schema).check(OBJECT, Optional.of(OBJECT)))
                                .isNotNull();
                    }
                });
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

    /** An error for each of its characters, and the text beside each error, would fill a heap. */
    @Test
    void aLongMessIsToldOfInAFewErrors() {
        long before = allocated();
        assertThatThrownBy(() -> Environment.standard().compile("\u00e4".repeat(90_000)))
                .isInstanceOfSatisfying(
                        CompilationException.class,
                        e ->
                                assertThat(e.text())
                                        .startsWith("ERROR: <input>:1:1: Syntax error: token")
                                        .endsWith(" more errors were truncated")
                                        .hasLineCount(101));
        assertThat(allocated() - before).isLessThan(512L << 20);
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean)
                        java.lang.management.ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }

    private static ObjectNode object(String text) {
        return Json.parseObject(text.getBytes(StandardCharsets.UTF_8));
    }
}
