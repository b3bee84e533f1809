package io.hypernetes.junit.readme;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.hypernetes.junit.KubernetesApi;
import io.hypernetes.junit.WebPageOperator;
import io.javaoperatorsdk.operator.Operator;

import org.junit.jupiter.api.Test;

@KubernetesApi(crds = "crds/*.yaml")
class OperatorExampleIT {
    @Test
    void starts(KubernetesClient client) {
        Operator operator =
                new Operator(o -> o.withKubernetesClient(client).withCloseClientOnStop(false));
        operator.register(new WebPageOperator());
        operator.start();
        operator.stop();
    }
}
