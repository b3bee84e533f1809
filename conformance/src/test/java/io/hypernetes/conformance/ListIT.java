package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Metadata;
import io.hypernetes.embedded.KubernetesApiServer;
import io.hypernetes.embedded.World;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.stream.IntStream;

/** Upstream's chunking.go, table_conversion.go and server_version.go. */
final class ListIT {
    private static final int MANY = 40;

    private static void makeMany(Objects templates) {
        IntStream.range(0, MANY)
                .parallel()
                .forEach(i ->
                        templates.create(
                                """
                                apiVersion: v1
                                kind: PodTemplate
                                metadata: {name: template-%04d}
                                template: {spec: {containers: [{name: test, image: i}]}}
                                """
                                        .formatted(i)));
    }

    private static String next(ObjectNode list) {
        return list.path("metadata").path("continue").asString("");
    }

    @Upstream(
            "[sig-api-machinery] Servers with support for API chunking should return chunks of"
                    + " results for list calls [Conformance]")
    @InWorlds
    void aListComesInChunksOfOneState(Space space) {
        Objects templates = space.objects("v1", "podtemplates");
        makeMany(templates);
        for (int limit : new int[] {1, 7, 13, MANY}) {
            int found = 0;
            String version = "";
            String token = "";
            do {
                ObjectNode chunk =
                        templates.listing(
                                "limit=" + limit + "&" + Objects.query("continue", token));
                assertThat(chunk.path("items").size()).isBetween(1, limit);
                if (version.isEmpty()) {
                    version = Metadata.resourceVersion(chunk);
                }
                assertThat(Metadata.resourceVersion(chunk)).isEqualTo(version);
                for (var item : chunk.path("items")) {
                    assertThat(Metadata.name((ObjectNode) item))
                            .isEqualTo("template-%04d".formatted(found++));
                }
                assertThat(chunk.path("metadata").path("remainingItemCount").asInt(0))
                        .isEqualTo(MANY - found);
                token = next(chunk);
                assertThat(token.isEmpty()).isEqualTo(found == MANY);
            } while (!token.isEmpty());
        }
        assertThat(templates.list()).hasSize(MANY);
    }

    @Upstream(
            "[sig-api-machinery] Servers with support for API chunking should support continue"
                    + " listing from the last key if the original version has been compacted away,"
                    + " though the list is inconsistent [Slow] [Conformance]")
    @Test
    void aListGoesOnAfterItsStateIsGone() {
        try (KubernetesApiServer server =
                        KubernetesApiServer.builder().history(Duration.ofHours(1), 10).start();
                World world = server.createTenant()) {
            Space space = Space.in(world);
            Objects templates = space.objects("v1", "podtemplates");
            makeMany(templates);
            ObjectNode first = templates.listing("limit=16");
            assertThat(first.path("metadata").path("remainingItemCount").asInt()).isEqualTo(24);
            Refused gone = compactedAway(templates, next(first));
            assertThat(gone.code()).isEqualTo(410);
            assertThat(gone.reason()).isEqualTo("Expired");
            ObjectNode second =
                    templates.listing("limit=16&" + Objects.query("continue", next(gone.status())));
            assertThat(second.path("items")).hasSize(16);
            assertThat(Metadata.name((ObjectNode) second.path("items").get(0)))
                    .isEqualTo("template-0016");
            assertThat(Metadata.resourceVersion(second))
                    .isNotEqualTo(Metadata.resourceVersion(first));
            ObjectNode third =
                    templates.listing("limit=16&" + Objects.query("continue", next(second)));
            assertThat(third.path("items")).hasSize(8);
            assertThat(Metadata.resourceVersion(third)).isEqualTo(Metadata.resourceVersion(second));
            assertThat(next(third)).isEmpty();
        }
    }

    private static Refused compactedAway(Objects templates, String token) {
        for (int i = 0; i < 100; i++) {
            templates.merge("template-0000", "{metadata: {labels: {i: '%d'}}}".formatted(i));
            try {
                templates.listing("limit=16&" + Objects.query("continue", token));
            } catch (Refused gone) {
                return gone;
            }
        }
        throw new AssertionError("the state of the first page is still there");
    }

    @Upstream(
            "[sig-api-machinery] Servers with support for Table transformation should return a 406"
                    + " for a backend which does not implement metadata [Conformance]")
    @InWorlds
    void aReviewIsNoTable(Space space) {
        String table = "application/json;as=Table;v=v1;g=meta.k8s.io";
        Http.Answer answer =
                space.http()
                        .send(
                                "POST",
                                "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
                                Http.JSON,
                                """
                                {"apiVersion": "authorization.k8s.io/v1",
                                 "kind": "SelfSubjectAccessReview",
                                 "spec": {"resourceAttributes": {"verb": "list",
                                          "resource": "pods", "namespace": "default"}}}
                                """,
                                table);
        assertThat(answer.code()).as(answer.body()).isEqualTo(406);
    }

    @Upstream("[sig-api-machinery] server version should find the server version [Conformance]")
    @InWorlds
    void theServerHasAVersion(Space space) {
        ObjectNode version = space.raw("/version");
        assertThat(version.path("major").asString()).matches("[1-9][0-9]*");
        assertThat(version.path("minor").asString()).matches("[1-9][0-9]*\\+?");
    }
}
