package io.hypernetes.junit.readme;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.hypernetes.junit.KubernetesApi;

import org.junit.jupiter.api.Test;

@KubernetesApi(crds = "crds/*.yaml")
class WebPageIT {
    @Test
    void isServed(KubernetesClient client) {
        assertThat(
                        client.genericKubernetesResources("sample.hypernetes.io/v1", "WebPage")
                                .list()
                                .getItems())
                .isEmpty();
    }
}
