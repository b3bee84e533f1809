package io.hypernetes.junit.readme;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.hypernetes.junit.KubernetesApi;

import org.junit.jupiter.api.Test;

@KubernetesApi
class Fabric8ExampleIT {
    @KubernetesApi KubernetesClient client;

    @Test
    void lists() {
        assertThat(client.pods().list().getItems()).isEmpty();
    }
}
