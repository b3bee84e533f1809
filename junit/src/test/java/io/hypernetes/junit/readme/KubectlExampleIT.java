package io.hypernetes.junit.readme;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.junit.KubernetesApi;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;

@KubernetesApi
class KubectlExampleIT {
    @Test
    void runs(@KubernetesApi Path kubeconfig) throws Exception {
        Process kubectl =
                new ProcessBuilder("kubectl", "--kubeconfig", kubeconfig.toString(), "get", "ns")
                        .start();
        assertThat(kubectl.waitFor()).isZero();
    }
}
