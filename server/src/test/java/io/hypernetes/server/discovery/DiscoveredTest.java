package io.hypernetes.server.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.types.BuiltinTypes;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Optional;

class DiscoveredTest {

    /** Read from a kube-apiserver 1.36. */
    @ParameterizedTest
    @CsvSource({
        "v1, configmaps, qFsyl6wFWjQ=",
        "v1, events, r2yiGXH7wu8=",
        "events.k8s.io/v1, events, r2yiGXH7wu8=",
        "apps/v1, deployments, 8aSe+NMegvE=",
        "autoscaling/v1, horizontalpodautoscalers, qwQve8ut294=",
        "autoscaling/v2, horizontalpodautoscalers, qwQve8ut294=",
    })
    void tellsHowObjectsAreStored(String apiVersion, String resource, String hash) {
        assertThat(BuiltinTypes.ALL)
                .filteredOn(type ->
                        type.apiVersion().equals(apiVersion)
                                && type.id().resource().equals(resource))
                .singleElement()
                .extracting(type -> Discovered.of(type).storageVersionHash())
                .isEqualTo(Optional.of(hash));
    }
}
