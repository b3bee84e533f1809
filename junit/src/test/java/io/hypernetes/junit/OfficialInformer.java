package io.hypernetes.junit;

import io.kubernetes.client.informer.ResourceEventHandler;
import io.kubernetes.client.informer.SharedInformerFactory;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1ConfigMapList;

import org.jspecify.annotations.NullUnmarked;

import java.time.Duration;

/** The official client's informer. */
@NullUnmarked // any field of its models may be missing
final class OfficialInformer {
    private OfficialInformer() {}

    static AutoClosed start(ApiClient client, Seen seen) {
        client.setReadTimeout(0);
        CoreV1Api core = new CoreV1Api(client);
        SharedInformerFactory factory = new SharedInformerFactory(client);
        factory.sharedIndexInformerFor(
                        parameters ->
                                core.listNamespacedConfigMap("default")
                                        .labelSelector(Maps.LABEL)
                                        .resourceVersion(parameters.resourceVersion)
                                        .timeoutSeconds(parameters.timeoutSeconds)
                                        .watch(parameters.watch)
                                        .buildCall(null),
                        V1ConfigMap.class,
                        V1ConfigMapList.class,
                        Duration.ofHours(1).toMillis())
                .addEventHandler(
                        new ResourceEventHandler<V1ConfigMap>() {
                            @Override
                            public void onAdd(V1ConfigMap map) {
                                seen.added(name(map), version(map));
                            }

                            @Override
                            public void onUpdate(V1ConfigMap old, V1ConfigMap map) {
                                seen.updated(name(map), version(map));
                            }

                            @Override
                            public void onDelete(V1ConfigMap map, boolean unknown) {
                                seen.deleted(name(map));
                            }
                        });
        factory.startAllRegisteredInformers();
        return factory::stopAllRegisteredInformers;
    }

    private static String name(V1ConfigMap map) {
        return map.getMetadata().getName();
    }

    private static String version(V1ConfigMap map) {
        return map.getMetadata().getResourceVersion();
    }
}
