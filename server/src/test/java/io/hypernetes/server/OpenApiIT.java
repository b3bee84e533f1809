package io.hypernetes.server;

import static io.hypernetes.server.TestServer.ALICE;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.json.Json;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** How clients keep the OpenAPI documents of version 3. */
class OpenApiIT {
    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private static String indexed() {
        HttpResponse<String> index = server.get(ALICE, "/openapi/v3");
        assertThat(index.statusCode()).isEqualTo(200);
        return Json.parse(index.body().getBytes(StandardCharsets.UTF_8))
                .path("paths")
                .path("apis/apps/v1")
                .path("serverRelativeURL")
                .asString();
    }

    @Test
    void whoNamesTheHashMayKeepTheDocumentForEver() {
        String url = indexed();
        HttpResponse<String> document = server.get(ALICE, url);
        assertThat(document.statusCode()).isEqualTo(200);
        assertThat(header(document, "Cache-Control")).isEqualTo("public, immutable");
        assertThat(header(document, "Expires")).endsWith(" GMT");
        assertThat(header(document, "Vary")).isEqualTo("Accept");
        String etag = header(document, "Etag");
        assertThat(url).endsWith("?hash=" + etag.replace("\"", ""));

        HttpResponse<String> again =
                server.send(server.request(ALICE, url).header("If-None-Match", etag).GET().build());
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
    }

    @Test
    void protobufIsKeptAsJsonIs() {
        String url = indexed();
        String etag = header(server.get(ALICE, url), "Etag");
        String answered = "application/com.github.proto-openapi.spec.v3.v1.0+protobuf";
        for (String asked : List.of(answered, answered.replace("v3.v1.0", "v3@v1.0"))) {
            HttpResponse<String> document =
                    server.send(
                            server.request(ALICE, url)
                                    .header("Accept", asked + ", application/json;q=0.5")
                                    .GET()
                                    .build());
            assertThat(document.statusCode()).isEqualTo(200);
            assertThat(header(document, "Content-Type")).isEqualTo(answered);
            assertThat(header(document, "Etag")).isEqualTo(etag);
            assertThat(header(document, "Vary")).isEqualTo("Accept");
            assertThat(header(document, "Cache-Control")).isEqualTo("public, immutable");
            assertThat(document.body()).startsWith("\n\u00053.0.0");
        }
        HttpResponse<String> json =
                server.send(
                        server.request(ALICE, url)
                                .header("Accept", "application/json, " + answered + ";q=0.5")
                                .GET()
                                .build());
        assertThat(header(json, "Content-Type")).isEqualTo("application/json");
    }

    @Test
    void withoutTheHashItIsNotKept() {
        HttpResponse<String> document = server.get(ALICE, "/openapi/v3/apis/apps/v1");
        assertThat(document.statusCode()).isEqualTo(200);
        assertThat(header(document, "Cache-Control")).doesNotContain("immutable");
    }

    @Test
    void anOldHashLeadsToThePresentDocument() {
        String url = indexed();
        HttpResponse<String> moved = server.get(ALICE, "/openapi/v3/apis/apps/v1?hash=OLD");
        assertThat(moved.statusCode()).isEqualTo(301);
        assertThat(header(moved, "Location")).isEqualTo(url);
        HttpResponse<String> elsewhere =
                server.get(ALICE, "/tenants/acme/openapi/v3/apis/apps/v1?hash=OLD");
        assertThat(header(elsewhere, "Location")).isEqualTo("/tenants/acme" + url);
    }
}
