package io.hypernetes.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.http.HttpResponse;

/** Health, as load balancers and kubectl ask for it. */
class HealthIT {
    @Test
    void checksAreToldTogetherAndOneByOne() throws IOException {
        try (TestServer server = new TestServer()) {
            for (String path : new String[] {"/healthz", "/livez", "/readyz"}) {
                assertThat(body(server, path)).isEqualTo("ok");
            }
            assertThat(body(server, "/readyz?verbose"))
                    .contains("[+]ping ok\n", "[+]etcd ok\n", "[+]informer-sync ok\n")
                    .endsWith("readyz check passed\n");
            assertThat(body(server, "/livez?verbose")).doesNotContain("informer-sync");
            assertThat(body(server, "/readyz/ping")).isEqualTo("ok");
            assertThat(body(server, "/readyz/etcd")).isEqualTo("ok");
            assertThat(body(server, "/livez?verbose&exclude=etcd&exclude=none"))
                    .contains(
                            "[+]etcd excluded: ok\n",
                            "warn: some health checks cannot be excluded: no matches for"
                                    + " \"none\"\n");
            assertThat(server.get(TestUsers.OPERATOR, "/readyz/none").statusCode()).isEqualTo(404);
        }
    }

    private static String body(TestServer server, String path) {
        HttpResponse<String> answer = server.get(TestUsers.OPERATOR, path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }
}
