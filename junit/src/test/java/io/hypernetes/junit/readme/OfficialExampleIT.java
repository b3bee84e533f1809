package io.hypernetes.junit.readme;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.junit.KubernetesApi;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.apis.CoreV1Api;

import org.junit.jupiter.api.Test;

@KubernetesApi
class OfficialExampleIT {
    @Test
    void lists(ApiClient client) throws Exception {
        assertThat(new CoreV1Api(client).listNamespacedPod("default").execute().getItems())
                .isEmpty();
    }
}
