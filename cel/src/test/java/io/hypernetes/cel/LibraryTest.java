package io.hypernetes.cel;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.cel.evaluation.Result;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The functions of each library, as tables of expressions that hold. */
class LibraryTest {
    private static Result evaluate(String text) throws CompilationException {
        return Environment.standard().compile(text).evaluate(name -> null, Limits.PER_CALL);
    }

    private static void holds(String text) throws CompilationException {
        assertThat(evaluate(text)).as(text).isInstanceOf(Result.Value.class);
        assertThat(((Result.Value) evaluate(text)).value()).as(text).isEqualTo(true);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1 + 2 * 3 == 7 && 7 / 2 == 3 && -7 % 3 == -1 && 1.5 + 1.5 == 3.0",
                "dyn(1) == 1.0 && dyn(1u) == 1 && 1 < 1.5 && 2u > 1",
                "[1, 2] + [3] == [1, 2, 3] && {'a': 1} == {'a': 1} && 'b' in {'b': null}",
                "!(false && 1 / 0 == 1) && !((1 / 0 == 1) && false) && (1 / 0 == 1 || true)",
                "[0, 1].exists(x, 1 / x == 1) && !([0, 1].all(x, 1 / x == 2))",
                "int('42') == 42 && string(1.0) == '1' && double('1.5') == 1.5 && bool('true')",
                "duration('1h30m') == duration('90m') && string(duration('90s')) == '90s'",
                "type(duration('1h')) == google.protobuf.Duration",
                "type(timestamp('2024-01-31T00:00:00Z')) == google.protobuf.Timestamp",
                "timestamp('2024-01-31T00:00:00Z') + duration('24h') =="
                        + " timestamp('2024-02-01T00:00:00Z')",
                "timestamp('2024-01-01T00:00:00Z').getDayOfWeek() == 1",
                "type(1) == int && type('a') == string && type([]) == list && type(null) =="
                        + " null_type",
                "[1, 2, 3].map(x, x > 1, x * 2) == [4, 6] && size('äö') == 2",
                "bytes('a') == b'a' && string(b'a') == 'a'"
            })
    void theLanguageItself(String text) throws CompilationException {
        holds(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'hello'.charAt(1) == 'e' && 'hello'.charAt(5) == '' && 'HeLLo'.lowerAscii() =="
                        + " 'hello'",
                "'abc'.indexOf('c') == 2 && 'abcabc'.lastIndexOf('bc') == 4 && 'abc'.indexOf('z')"
                        + " == -1",
                "'a,b,c'.split(',') == ['a', 'b', 'c'] && 'a,b,c'.split(',', 2) == ['a', 'b,c']",
                "'abc'.split('') == ['a', 'b', 'c'] && ['a', 'b'].join('-') == 'a-b'",
                "'hello'.substring(1, 3) == 'el' && ' x '.trim() == 'x' && 'aaa'.replace('a', 'b',"
                        + " 2) == 'bba'",
                "'%s is %d of %.2f, %x'.format(['a', dyn(1), dyn(1.5), dyn(255)]) == 'a is 1 of"
                        + " 1.50, ff'",
                "'%s'.format([[dyn(1), dyn('a'), dyn({'k': true})]]) == '[1, a, {k: true}]'",
                "strings.quote('a\"b') == '\"a\\\\\"b\"'"
            })
    void strings(String text) throws CompilationException {
        holds(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[1, 2, 2].isSorted() && ![2, 1].isSorted() && [1, 2].sum() == 3 && [1.5].sum() =="
                        + " 1.5",
                "[3, 1].min() == 1 && ['a', 'b'].max() == 'b' && [1, 2, 1].lastIndexOf(1) == 2",
                "[1, 2, 3].slice(1, 3) == [2, 3] && [[1], [2]].flatten() == [1, 2]",
                "[1, 2, 1].distinct() == [1, 2] && [3, 1, 2].sort() == [1, 2, 3]",
                "lists.range(3) == [0, 1, 2] && [1, 2].reverse() == [2, 1]",
                "sets.contains([1, 2], [2]) && sets.equivalent([1, 2], [2, 1, 1])",
                "sets.intersects([1], [1, 2]) && !sets.intersects([1], [2])",
                "{'a': 1}.transformMap(k, v, v + 1) == {'a': 2} && [1, 2].transformList(i, v, i +"
                        + " v) == [1, 3]",
                "[1, 2].all(i, v, v == i + 1) && {'a': 1}.exists(k, v, k == 'a')"
            })
    void listsSetsAndComprehensions(String text) throws CompilationException {
        holds(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'abc 123 45'.find('[0-9]+') == '123' && 'abc'.find('x') == ''",
                "'1 2 3'.findAll('[0-9]') == ['1', '2', '3'] && '1 2 3'.findAll('[0-9]', 2) =="
                        + " ['1', '2']",
                "quantity('1Gi').isGreaterThan(quantity('1G')) &&"
                        + " quantity('500m').add(quantity('500m')) == quantity('1')",
                "isQuantity('10Mi') && !isQuantity('x') && quantity('5').asInteger() == 5 &&"
                        + " quantity('-1').sign() == -1",
                "ip('10.0.0.1').family() == 4 && ip('::1').isLoopback() && !isIP('10.0.0.01') &&"
                        + " !isIP('::ffff:1.2.3.4')",
                "ip.isCanonical('::1') && !ip.isCanonical('0:0::1') &&"
                        + " string(ip('2001:db8:0:0::1')) == '2001:db8::1'",
                "cidr('10.0.0.0/8').containsIP('10.1.2.3') &&"
                        + " !cidr('10.0.0.0/8').containsIP(ip('11.0.0.1'))",
                "cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16') && cidr('10.1.2.3/8').masked() =="
                        + " cidr('10.0.0.0/8')",
                "cidr('10.1.2.3/8').ip() == ip('10.1.2.3') && cidr('::/0').prefixLength() == 0",
                "url('https://a.b:80/p?x=1&x=2').getPort() == '80' &&"
                        + " url('https://a.b/p').getHostname() == 'a.b'",
                "url('https://a.b/?x=1&x=2').getQuery() == {'x': ['1', '2']} && !isURL('a b')",
                "semver('1.2.3').isLessThan(semver('1.10.0')) &&"
                        + " semver('1.0.0-rc.1').isLessThan(semver('1.0.0'))",
                "isSemver('v1.2', true) && !isSemver('v1.2') && semver('v1.2', true).minor() == 2",
                "!format.dns1123Label().validate('my-name').hasValue() &&"
                        + " format.dns1123Label().validate('My').hasValue()",
                "format.named('uuid').hasValue() && !format.named('nope').hasValue()",
                "jsonpatch.escapeKey('k8s.io/my~label') == 'k8s.io~1my~0label'",
                "optional.of(1).or(optional.of(2)).value() == 1 && optional.none().orValue(3) == 3",
                "{'a': 1}.?b.orValue(5) == 5 && [1][?1].hasValue() == false && [?optional.none(),"
                        + " 2] == [2]"
            })
    void kubernetesOwn(String text) throws CompilationException {
        holds(text);
    }

    @Test
    void errorsAreToldInTheWordsOfUpstream() throws CompilationException {
        assertThat(evaluate("1 / 0 == 1"))
                .isEqualTo(new Result.Failure("division by zero", false, 0));
        assertThat(((Result.Failure) evaluate("[1][2] == 1")).message())
                .isEqualTo("index out of bounds: 2");
        assertThat(((Result.Failure) evaluate("{'a': 1}['b'] == 1")).message())
                .isEqualTo("no such key: b");
        assertThat(((Result.Failure) evaluate("9223372036854775807 + 1 > 0")).message())
                .isEqualTo("integer overflow");
    }

    @Test
    void whatCostsTooMuchIsEnded() throws CompilationException {
        Result result =
                evaluate(
                        "lists.range(1000).all(a, lists.range(1000).all(b, lists.range(1000).all(c,"
                                + " a + b + c >= 0)))");
        assertThat(((Result.Failure) result).limitExceeded()).isTrue();
        assertThat(((Result.Failure) result).message())
                .isEqualTo("operation cancelled: actual cost limit exceeded");
    }
}
