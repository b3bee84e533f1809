package io.hypernetes.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubernetes.client.custom.V1Patch;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.util.PatchUtils;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

import java.util.Map;

@KubernetesApi(perMethod = true)
@NullUnmarked // fields are injected
final class OfficialClientIT {

    private static V1ConfigMap map(String name, String value) {
        return new V1ConfigMap().metadata(new V1ObjectMeta().name(name)).putDataItem("key", value);
    }

    @Test
    void createsReadsReplacesPatchesAndDeletes(ApiClient client) throws ApiException {
        CoreV1Api core = new CoreV1Api(client);
        V1ConfigMap made = core.createNamespacedConfigMap("default", map("a", "1")).execute();
        assertThat(made.getMetadata().getUid()).isNotEmpty();
        core.replaceNamespacedConfigMap("a", "default", map("a", "2")).execute();
        for (Map.Entry<String, String> patch :
                Map.of(
                                V1Patch.PATCH_FORMAT_JSON_MERGE_PATCH,
                                "{\"data\":{\"merge\":\"x\"}}",
                                V1Patch.PATCH_FORMAT_STRATEGIC_MERGE_PATCH,
                                "{\"data\":{\"strategic\":\"x\"}}",
                                V1Patch.PATCH_FORMAT_JSON_PATCH,
                                "[{\"op\":\"add\",\"path\":\"/data/json\",\"value\":\"x\"}]")
                        .entrySet()) {
            PatchUtils.patch(
                    V1ConfigMap.class,
                    () ->
                            core.patchNamespacedConfigMap(
                                            "a", "default", new V1Patch(patch.getValue()))
                                    .buildCall(null),
                    patch.getKey(),
                    client);
        }
        assertThat(core.readNamespacedConfigMap("a", "default").execute().getData())
                .containsOnlyKeys("key", "merge", "strategic", "json");
        core.deleteNamespacedConfigMap("a", "default").execute();
        assertThatThrownBy(() -> core.readNamespacedConfigMap("a", "default").execute())
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.getCode()).isEqualTo(404));
    }
}
