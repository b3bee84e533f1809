package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.Metadata;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** API priority and fairness as upstream's e2e tests see it: by the headers of answers. */
final class FlowControlIT {
    private static final String API = "flowcontrol.apiserver.k8s.io/v1";

    private static HttpHeaders headers(Space space, String path) {
        Http http = space.http();
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(http.server() + path))
                        .header("Authorization", "Bearer " + http.token())
                        .build();
        try {
            return http.client().send(request, BodyHandlers.discarding()).headers();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static String schema(Space space, String path) {
        return headers(space, path).firstValue("X-Kubernetes-PF-FlowSchema-UID").orElse("");
    }

    private static String level(Space space, String path) {
        return headers(space, path).firstValue("X-Kubernetes-PF-PriorityLevel-UID").orElse("");
    }

    private static String uid(Space space, String resource, String name) {
        return Metadata.uid(space.cluster(API, resource).get(name));
    }

    @InWorlds
    void requestsAreClassified(Space space) {
        String user = Space.unique("noxu");
        String name = Space.unique("mine");
        Space theirs = space.as(user);
        String pods = "/api/v1/namespaces/" + space.namespace() + "/pods";
        assertThat(schema(theirs, pods)).isEqualTo(uid(space, "flowschemas", "global-default"));
        assertThat(level(theirs, pods))
                .isEqualTo(uid(space, "prioritylevelconfigurations", "global-default"));
        assertThat(schema(space.as(user, "system:masters"), pods))
                .isEqualTo(uid(space, "flowschemas", "exempt"));
        assertThat(schema(theirs, "/readyz")).isEqualTo(uid(space, "flowschemas", "probes"));

        Objects schemas = space.cluster(API, "flowschemas");
        ObjectNode schema =
                schemas.create(
                        """
                        apiVersion: flowcontrol.apiserver.k8s.io/v1
                        kind: FlowSchema
                        spec:
                          matchingPrecedence: 9000
                          priorityLevelConfiguration: {name: %s}
                          distinguisherMethod: {type: ByUser}
                          rules:
                          - subjects: [{kind: User, user: {name: %s}}]
                            resourceRules:
                            - {verbs: [list], apiGroups: [''], resources: [pods],
                               namespaces: ['*']}
                        metadata: {name: %s}
                        """
                                .formatted(name, user, name));
        // Its level is not there: as if it were not there either.
        assertThat(schema(theirs, pods)).isEqualTo(uid(space, "flowschemas", "global-default"));
        ObjectNode level =
                space.cluster(API, "prioritylevelconfigurations")
                        .create(
                                """
                                apiVersion: flowcontrol.apiserver.k8s.io/v1
                                kind: PriorityLevelConfiguration
                                spec:
                                  type: Limited
                                  limited:
                                    nominalConcurrencyShares: 1
                                    limitResponse: {type: Reject}
                                metadata: {name: %s}
                                """
                                        .formatted(name));
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () -> assertThat(schema(theirs, pods)).isEqualTo(Metadata.uid(schema)));
        assertThat(level(theirs, pods)).isEqualTo(Metadata.uid(level));
        assertThat(schema(theirs, pods + "/one"))
                .as("a get is not a list")
                .isEqualTo(uid(space, "flowschemas", "global-default"));
        schemas.delete(name);
        space.cluster(API, "prioritylevelconfigurations").delete(name);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> !schema(theirs, pods).equals(Metadata.uid(schema)));
    }
}
