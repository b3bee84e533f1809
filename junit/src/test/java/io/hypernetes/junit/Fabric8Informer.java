package io.hypernetes.junit;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;

/** fabric8's informer, that goes on whatever happens. */
final class Fabric8Informer {
    private Fabric8Informer() {}

    static AutoClosed start(KubernetesClient client, Seen seen) {
        SharedIndexInformer<ConfigMap> informer =
                client.configMaps()
                        .inNamespace("default")
                        .withLabel(Maps.LABEL)
                        .runnableInformer(0)
                        .addEventHandler(
                                new ResourceEventHandler<ConfigMap>() {
                                    @Override
                                    public void onAdd(ConfigMap map) {
                                        seen.added(name(map), version(map));
                                    }

                                    @Override
                                    public void onUpdate(ConfigMap old, ConfigMap map) {
                                        seen.updated(name(map), version(map));
                                    }

                                    @Override
                                    public void onDelete(ConfigMap map, boolean unknown) {
                                        seen.deleted(name(map));
                                    }
                                });
        informer.exceptionHandler((_, _) -> true).run();
        return informer::stop;
    }

    private static String name(ConfigMap map) {
        return map.getMetadata().getName();
    }

    private static String version(ConfigMap map) {
        return map.getMetadata().getResourceVersion();
    }
}
