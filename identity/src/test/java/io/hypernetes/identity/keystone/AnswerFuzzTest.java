package io.hypernetes.identity.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.json.Json;
import io.hypernetes.fuzzing.Fuzz;
import io.hypernetes.identity.remote.UnreachableException;

import org.junit.jupiter.api.Test;

import java.util.List;

/** What a Keystone says of a token is understood, or it counts as not reached. */
class AnswerFuzzTest {
    private static final List<String> ANSWERS =
            List.of(
                    "{\"token\":{\"user\":{\"id\":\"u1\",\"name\":\"alice\",\"domain\":{\"id\":\"default\","
                        + "\"name\":\"Default\"}},\"project\":{\"id\":\"p1\",\"name\":\"acme\","
                        + "\"domain\":{\"id\":\"default\",\"name\":\"Default\"}},"
                        + "\"roles\":[{\"id\":\"r\",\"name\":\"member\"}],"
                        + "\"expires_at\":\"2026-01-01T00:00:00.000000Z\"}}",
                    "{\"token\":{\"user\":{\"id\":\"u1\",\"name\":\"alice\",\"domain\":{\"id\":\"d\","
                        + "\"name\":\"D\"}},\"domain\":{\"id\":\"d\",\"name\":\"D\"},\"roles\":[],"
                        + "\"expires_at\":\"2026-01-01T00:00:00Z\"}}");

    @Test
    void isUnderstoodOrRefused() {
        Fuzz.of(ANSWERS, List.of("{", "}", "[", "]", "null", "\"\"", "1e999", "\"id\":", "0", "Z"))
                .refusing(e -> e instanceof UnreachableException || e instanceof ApiException)
                .run(bytes -> assertThat(KeystoneToken.of(Json.parse(bytes))).isNotNull());
    }
}
