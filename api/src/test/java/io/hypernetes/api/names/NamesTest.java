package io.hypernetes.api.names;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.function.Function;

class NamesTest {

    private static final String SUBDOMAIN =
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-'"
                    + " or '.', and must start and end with an alphanumeric character (e.g."
                    + " 'example.com', regex used for validation is"
                    + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    private static Function<String, List<String>> rule(String name) {
        return switch (name) {
            case "subdomain" -> Names::dnsSubdomain;
            case "label" -> Names::dnsLabel;
            case "1035" -> Names::dns1035Label;
            case "segment" -> Names::pathSegment;
            case "key" -> Names::qualifiedName;
            case "value" -> Names::labelValue;
            case "config" -> Names::configKey;
            case "env" -> Names::environmentVariable;
            case "port" -> Names::portName;
            default -> throw new IllegalArgumentException(name);
        };
    }

    @ParameterizedTest
    @CsvSource({
        "subdomain,my.name-1",
        "label,123-abc",
        "1035,abc-123",
        "segment,system:node",
        "key,example.com/My_name.1",
        "key,app",
        "value,''",
        "value,My_value.1",
        "config,.A_b-c",
        "config,...",
        "env,MY.ENV-1",
        "env,1 odd: but allowed",
        "port,http",
        "port,p-8080",
    })
    void good(String rule, String text) {
        assertThat(rule(rule).apply(text))
                .isEqualTo(text.equals("...") ? List.of("must not start with '..'") : List.of());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    label     | a.b      | must not contain dots
                    label     | A        | a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')
                    1035      | 1a       | a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')
                    segment   | ..       | may not be '..'
                    segment   | a%b      | may not contain '%'
                    key       | -a       | name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')
                    value     | a b      | a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')
                    env       | a=b      | a valid environment variable name must consist only of printable ASCII characters other than '='
                    port      | 8080     | must contain at least one letter (a-z)
                    port      | a--b     | must not contain consecutive hyphens
                    port      | a-       | must not begin or end with a hyphen
                    port      | sixteen-letters- | must be no more than 15 characters
                    """)
    void bad(String rule, String text, String message) {
        assertThat(rule(rule).apply(text)).contains(message);
    }

    @Test
    void whatIsTooLongIsCountedInTheUnitThatTheRuleNames() {
        assertThat(Names.dnsSubdomain("_")).containsExactly(SUBDOMAIN);
        assertThat(Names.dnsSubdomain("a".repeat(254)))
                .containsExactly("must be no more than 253 characters");
        assertThat(Names.dnsLabel("a".repeat(64)))
                .containsExactly("must be no more than 63 characters");
        assertThat(Names.labelValue("a".repeat(64)))
                .containsExactly("must be no more than 63 bytes");
        assertThat(Names.qualifiedName("a".repeat(254) + "/" + "b".repeat(64)))
                .containsExactly(
                        "prefix part must be no more than 253 bytes",
                        "name part must be no more than 63 bytes");
    }

    @Test
    void aHostileTextCannotExhaustTheStack() {
        assertThat(Names.dnsSubdomain("a.".repeat(1_000_000))).isNotEmpty();
        assertThat(Names.qualifiedName("/".repeat(1_000_000))).hasSize(1);
    }
}
