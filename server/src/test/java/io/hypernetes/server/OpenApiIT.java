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
