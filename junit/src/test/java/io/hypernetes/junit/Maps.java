package io.hypernetes.junit;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** The config maps that informers look at, written through disconnects. */
final class Maps {
    static final String LABEL = "informed";

    private Maps() {}

    static void write(KubernetesClient client, String namespace, String name, int value) {
        again(() ->
                client.configMaps()
                        .inNamespace(namespace)
                        .resource(
                                new ConfigMapBuilder()
                                        .withNewMetadata()
                                        .withName(name)
                                        .addToLabels(LABEL, "yes")
                                        .endMetadata()
                                        .addToData("value", String.valueOf(value))
                                        .build())
                        .forceConflicts()
                        .serverSideApply());
    }

    static void delete(KubernetesClient client, String name) {
        again(() -> client.configMaps().inNamespace("default").withName(name).delete());
    }

    static Map<String, String> versions(KubernetesClient client) {
        Map<String, String> versions = new TreeMap<>();
        again(() -> client.configMaps().inNamespace("default").withLabel(LABEL).list().getItems())
                .forEach(map ->
                        versions.put(
                                map.getMetadata().getName(),
                                map.getMetadata().getResourceVersion()));
        return versions;
    }

    /** A call may meet the moment in which nobody listens. */
    private static <T> T again(Callable<T> call) {
        for (int i = 0; ; i++) {
            try {
                return call.call();
            } catch (KubernetesClientException e) {
                if (e.getCode() != 0 || i == 20) {
                    throw e;
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
