package io.hypernetes.server.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ApiException;
import io.hypernetes.fuzzing.Fuzz;
import io.hypernetes.server.http.Query;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

/** What a stranger writes into the first lines of a request: understood, or a refusal. */
class RequestFuzzTest {
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

    private static void feed(List<String> seeds, Fuzz.Parser parser) {
        Fuzz.of(seeds, PIECES)
                .refusing(e ->
                        e instanceof ApiException refusal
                                && refusal.status().code() >= 400
                                && refusal.status().code() < 500)
                .run(parser);
    }

    @Test
    void paths() {
        feed(
                List.of(
                        "/api/v1/namespaces/default/pods/p/log",
                        "/tenants/acme/apis/apps/v1/watch/deployments",
                        "/api/v1/namespaces/n/services/https:a:80/proxy/x%2fy//z",
                        "/tenants/*/api/v1/nodes/n"),
                bytes ->
                        assertThat(
                                        RequestInfo.of(
                                                "GET",
                                                Target.parse("/" + Fuzz.text(bytes)),
                                                Query.parse("watch=1")))
                                .isNotNull());
    }

    @Test
    void queries() {
        feed(
                List.of(
                        "labelSelector=a%3Db&limit=5&continue=x&watch=true",
                        "resourceVersion=1&resourceVersionMatch=Exact&timeoutSeconds=9",
                        "fieldManager=kubectl&dryRun=All&fieldValidation=Strict&pretty"),
                bytes -> {
                    Query query = Query.parse(Fuzz.text(bytes));
                    assertThat(RequestInfo.of("GET", Target.parse("/api/v1/pods"), query))
                            .isNotNull();
                });
    }

    @Test
    void acceptHeaders() {
        feed(
                List.of(
                        "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;q=0.5",
                        "application/vnd.kubernetes.protobuf;stream=watch, */*;q=0",
                        "text/html, application/yaml;charset=utf-8"),
                bytes -> {
                    String header = Fuzz.text(bytes);
                    assertThat(Format.negotiate(List.of(header), true)).isNotNull();
                    assertThat(Format.negotiateStream(List.of("a/b", header), false)).isNotNull();
                    assertThat(Format.ofErrors(List.of(header))).isNotNull();
                });
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
