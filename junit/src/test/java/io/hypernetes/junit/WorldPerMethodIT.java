package io.hypernetes.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;

import org.junit.jupiter.api.Test;

/** The same names in both methods: each has a world of its own. */
@KubernetesApi(perMethod = true)
final class WorldPerMethodIT {
    @Test
    void first(KubernetesClient client) {
        createOnce(client);
    }

    @Test
    void second(KubernetesClient client) {
        createOnce(client);
    }

    private static void createOnce(KubernetesClient client) {
        client.configMaps()
                .resource(
                        new ConfigMapBuilder()
                                .withNewMetadata()
                                .withName("only")
                                .endMetadata()
                                .build())
                .create();
        assertThat(client.configMaps().inNamespace("default").withName("only").get()).isNotNull();
    }
}
