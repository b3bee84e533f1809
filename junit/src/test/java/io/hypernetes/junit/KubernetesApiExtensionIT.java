package io.hypernetes.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.hypernetes.embedded.World;
import io.kubernetes.client.openapi.ApiClient;

import org.assertj.core.api.Assertions;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;

@KubernetesApi(crds = "crds/*.yaml")
@NullUnmarked // fields are injected
final class KubernetesApiExtensionIT {
    @KubernetesApi private static KubernetesClient shared;
    @KubernetesApi private World world;
    @KubernetesApi private String kubeconfig;
    @KubernetesApi private Path file;

    @Test
    void everyTypeIsOfTheSameWorld(KubernetesClient client, ApiClient official) throws Exception {
        String url = world.server().url();
        assertThat(client.getConfiguration().getMasterUrl()).startsWith(url);
        assertThat(shared.getConfiguration().getOauthToken())
                .isEqualTo(client.getConfiguration().getOauthToken());
        assertThat(official.getBasePath()).isEqualTo(url);
        assertThat(Config.fromKubeconfig(kubeconfig).getMasterUrl()).startsWith(url);
        assertThat(Files.readString(file)).isEqualTo(kubeconfig);
        assertThat(
                        client.apiextensions()
                                .v1()
                                .customResourceDefinitions()
                                .withName("webpages.sample.hypernetes.io")
                                .get())
                .isNotNull();
    }

    @Test
    void aNamedUserHasTheRightsThatAreGiven(@KubernetesApi(user = "bob") KubernetesClient bob) {
        Assertions.assertThatThrownBy(() -> bob.secrets().list())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getCode()).isEqualTo(403));
    }

    @Nested
    final class Inner {
        @Test
        void sharesTheWorldOfTheOuterClass(World inner) {
            assertThat(inner.name()).isEqualTo(world.name());
        }
    }
}
