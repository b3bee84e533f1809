package io.hypernetes.server.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.select.FieldSelector;
import io.hypernetes.api.select.LabelSelector;
import io.hypernetes.server.http.Query;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Random;

/** What a stranger writes into the first lines of a request: understood, or a refusal. */
class RequestParsersTest {
    private static final List<String> PIECES =
            List.of(
                    "/",
                    "api",
                    "apis",
                    "v1",
                    "namespaces",
                    "watch",
                    "tenants",
                    "*",
                    "..",
                    "%2f",
                    "%",
                    "%zz",
                    "%c3%28",
                    "+",
                    "proxy",
                    "pods",
                    "default",
                    "?",
                    "&",
                    "=",
                    "!=",
                    "==",
                    " in (",
                    ")",
                    ",",
                    "notin",
                    "!",
                    "\\",
                    "a",
                    "metadata.name",
                    "watch=1",
                    "limit=",
                    "fieldSelector=",
                    ";q=",
                    ";as=Table",
                    "application/json",
                    "\"",
                    "\u0000",
                    "é");

    private static final int TRIES = Boolean.getBoolean("long") ? 200_000 : 2_000;

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }

    /** Runs a parser: it understands the text or throws a refusal of the client's making. */
    private static void parse(Runnable parser) {
        try {
            parser.run();
        } catch (ApiException e) {
            assertThat(e.status().code()).isBetween(400, 499);
        }
    }

    @Property(tries = 4)
    void nothingElseComesOut(@ForAll long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < TRIES; i++) {
            String path = "/" + text(random);
            String query = text(random);
            parse(() -> RequestInfo.of("GET", Target.parse(path), Query.parse(query)));
            parse(() -> LabelSelector.parse(query));
            parse(() -> FieldSelector.parse(query));
            parse(() -> Format.negotiate(List.of(query), true));
            parse(() -> Format.negotiateStream(List.of(path, query), false));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    application/yaml;q=0.5, application/json;q=0.9 | JSON
                    */*, application/yaml | YAML
                    application/vnd.kubernetes.protobuf, application/json | PROTOBUF
                    application/json;q=0, application/yaml | YAML
                    application/cbor, application/json;q=0.1 | JSON
                    application/json;stream=watch | JSON
                    application/* | JSON
                    """)
    void theMostWantedFormIsTaken(String accept, Format.Encoding encoding) {
        assertThat(Format.negotiate(List.of(accept), true).encoding()).isEqualTo(encoding);
    }

    @Test
    void whoAsksForNothingGetsJson() {
        assertThat(Format.negotiate(List.of(), true)).isEqualTo(Format.JSON);
    }
}
