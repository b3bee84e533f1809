package io.hypernetes.cel;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.json.Json;
import io.hypernetes.cel.type.DeclaredType;
import io.hypernetes.cel.type.SchemaTypes;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;

/** What expressions are estimated to cost at most, by the sizes in a schema. */
class EstimateTest {
    /** A character costs a tenth, one of a schema's {@code maxLength} has four bytes. */
    private static final String SCHEMA =
            """
            {"type": "object", "properties": {
              "number": {"type": "integer"},
              "flag": {"type": "boolean"},
              "open": {"type": "string"},
              "short": {"type": "string", "maxLength": 10},
              "word": {"type": "string", "enum": ["a", "seven77"]},
              "bytes": {"type": "string", "format": "byte", "maxLength": 100},
              "when": {"type": "string", "format": "date-time"},
              "for": {"type": "string", "format": "duration"},
              "either": {"x-kubernetes-int-or-string": true},
              "numbers": {"type": "array", "items": {"type": "integer"}},
              "few": {"type": "array", "maxItems": 5, "items": {"type": "string", "maxLength": 5}},
              "texts": {"type": "array", "items": {"type": "string"}},
              "rows": {"type": "array", "maxItems": 7, "items": {
                "type": "array", "maxItems": 3, "items": {"type": "integer"}}},
              "needy": {"type": "array", "items": {"type": "object", "required": ["abc"],
                "properties": {"abc": {"type": "string"}, "more": {"type": "string"}}}},
              "map": {"type": "object", "maxProperties": 4,
                "additionalProperties": {"type": "string", "maxLength": 50}},
              "wide": {"type": "object", "additionalProperties": {"type": "integer"}}}}
            """;

    private static final DeclaredType TYPE =
            SchemaTypes.of(Json.parse(SCHEMA.getBytes(StandardCharsets.UTF_8)), false)
                    .orElseThrow();
    private static final DeclaredType SELF = TYPE.named("selfType");
    private static final Environment ENVIRONMENT =
            Environment.standard().with("self", SELF).with("oldSelf", SELF);

    private static long estimate(String expression) throws CompilationException {
        return ENVIRONMENT.compile(expression).estimatedCost(TYPE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "true | 0",
                "has(self.number) | 1",
                "self.number | 2",
                "self.number > 3 | 3",
                "self.number == oldSelf.number | 4",
                "self.flag ? self.number == 1 : self.open == self.open | 314579",
                "self.flag && self.number == 1 | 4",
                "dyn(self.number) == 1 | 3",
            })
    void fieldsAndOperatorsCostOneEach(String expression, long cost) throws CompilationException {
        assertThat(estimate(expression)).isEqualTo(cost);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "self.open == 'abc' | 3",
                "self.open == oldSelf.open | 314577",
                "self.short == oldSelf.short | 8",
                "self.word == oldSelf.word | 5",
                "self.bytes == oldSelf.bytes | 14",
                "self.when == oldSelf.when | 8",
                "self.either == 5 | 3",
                "self.open.startsWith('abcdefghijk') | 4",
                "self.short.contains('abcdefghijk') | 10",
                "self.short.matches('abcdefgh') | 12",
                "self.open.matches('abcdefgh') | 629148",
                "size(self.open) > 3 | 4",
                "self.short + self.short == self.open | 22",
                "self.short.lowerAscii() == oldSelf.open | 12",
                "self.short.replace('a', 'bb') == self.open | 20",
                "self.short.split(',') == [] | 20",
                "quantity(self.short) == quantity('1') | 8",
                "ip(self.short).family() == 4 | 8",
                "isURL(self.short) | 3",
                "url(self.short).getHost() == 'a' | 8",
            })
    void textCostsByItsLength(String expression, long cost) throws CompilationException {
        assertThat(estimate(expression)).isEqualTo(cost);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "self.few.all(x, true) | 18",
                "self.numbers.all(x, true) | 4718592",
                "self.texts.all(x, true) | 3145728",
                "self.needy.all(x, true) | 786432",
                "self.wide.all(k, true) | 1348170",
                "self.map.all(k, self.map[k].startsWith('x')) | 35",
                "self.rows.all(r, r.all(i, i > 0)) | 143",
                "self.few.exists(x, x == 'abc') | 33",
                "self.few.map(x, x + 'a').size() == 5 | 95",
                "self.few.filter(x, x == 'a').all(y, y == 'a') | 109",
                "'a' in self.few | 7",
                "3 in self.numbers | 1572865",
                "self.few.all(x, self.few.exists_one(y, x.lowerAscii() == y.lowerAscii())) | 288",
                "self.few.isSorted() | 17",
                "self.few.join(',') == 'a' | 14",
                "self.few.sort() == self.few | 69",
                "sets.contains(self.few, ['a', 'b']) | 23",
                "self.map.exists(k, v, v == 'abc') | 27",
                "self.map.transformList(k, v, v).size() == 4 | 67",
                "self.?few.orValue([]).size() == 1 | 15",
                "optional.of('a').optMap(v, v == 'value').hasValue() | 18",
            })
    void loopsCostAsOftenAsTheyMayRun(String expression, long cost) throws CompilationException {
        assertThat(estimate(expression)).isEqualTo(cost);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "self.numbers.all(x, self.numbers.all(y, x == y))",
                "self.texts.join('') == 'a'",
                "optional.of('a') == optional.none()",
                "lists.range(self.number).all(x, true)",
            })
    void whatHasNoBoundsCostsMoreThanAnyLimit(String expression) throws CompilationException {
        assertThat(estimate(expression)).isGreaterThan(100 * Limits.SCHEMA_ESTIMATE);
    }
}
