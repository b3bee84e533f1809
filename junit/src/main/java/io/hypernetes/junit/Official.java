package io.hypernetes.junit;

import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;

/** Makes the official client; loaded when a test asks for one. */
final class Official {
    private Official() {}

    static ApiClient client(String kubeconfig) {
        try {
            return ClientBuilder.kubeconfig(KubeConfig.loadKubeConfig(new StringReader(kubeconfig)))
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException("the kubeconfig cannot be read", e);
        }
    }
}
