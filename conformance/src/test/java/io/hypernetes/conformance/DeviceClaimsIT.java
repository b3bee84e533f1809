package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.Metadata;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;

/** Claims that are made of templates for pods, as far as an API without drivers has them. */
final class DeviceClaimsIT {
    private static final String API = "resource.k8s.io/v1";

    @InWorlds
    void aPodsClaimComesAndGoesWithIt(Space space) {
        space.objects(API, "resourceclaimtemplates")
                .create(
                        """
                        apiVersion: resource.k8s.io/v1
                        kind: ResourceClaimTemplate
                        metadata: {name: gpus}
                        spec:
                          metadata: {labels: {team: blue}}
                          spec:
                            devices:
                              requests: [{name: gpu, exactly: {deviceClassName: gpu.example.com}}]
                        """);
        ObjectNode pod =
                space.pods()
                        .create(
                                """
                                apiVersion: v1
                                kind: Pod
                                metadata: {name: trains}
                                spec:
                                  resourceClaims:
                                  - {name: gpu, resourceClaimTemplateName: gpus}
                                  containers:
                                  - name: c
                                    image: example.com/c:1
                                    resources: {claims: [{name: gpu}]}
                                """);
        String path = "/status/resourceClaimStatuses/0/resourceClaimName";
        ObjectNode told = space.pods().await("trains", now -> !now.at(path).asString("").isEmpty());
        Objects claims = space.objects(API, "resourceclaims");
        String name = told.at(path).asString();
        ObjectNode claim = claims.get(name);
        assertThat(name).startsWith("trains-gpu-");
        assertThat(Metadata.label(claim, "team")).isEqualTo("blue");
        assertThat(Metadata.ownerReferences(claim).getFirst().uid()).isEqualTo(Metadata.uid(pod));
        assertThat(claim.at("/spec/devices/requests/0/exactly/count").asInt()).isEqualTo(1);
        space.pods().delete("trains", "{\"gracePeriodSeconds\":0}");
        await().atMost(Duration.ofSeconds(90)).until(() -> !claims.exists(name));
    }
}
