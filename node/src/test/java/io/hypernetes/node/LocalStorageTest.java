package io.hypernetes.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.json.Json;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Which limit of local storage is broken, and in whose words. */
class LocalStorageTest {

    private static final long MIB = 1L << 20;

    private static final String SPEC =
            """
            {"volumes":[{"name":"small","emptyDir":{"sizeLimit":"4Mi"}},
                        {"name":"memory","emptyDir":{"medium":"Memory"}},
                        {"name":"open","emptyDir":{}},
                        {"name":"zero","emptyDir":{"sizeLimit":"0"}}],
             "containers":[{"name":"a","resources":{"limits":{"ephemeral-storage":"10Mi"}}},
                           {"name":"b","resources":{"limits":{"ephemeral-storage":"20Mi"}}}]}
            """;

    private static JsonNode spec(String json) {
        return Json.parseObject(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String breach(
            Map<String, Long> volumes, Map<String, Long> layers, Map<String, Long> logs) {
        return new LocalStorage(volumes, layers, logs).breach(spec(SPEC)).orElse("none");
    }

    @Test
    void whatIsWithinItsLimitsStays() {
        assertThat(breach(Map.of(), Map.of(), Map.of())).isEqualTo("none");
        assertThat(
                        breach(
                                Map.of("small", 4 * MIB, "memory", 500 * MIB, "zero", MIB),
                                Map.of("a", 9 * MIB, "b", 10 * MIB),
                                Map.of("a", MIB, "b", MIB)))
                .isEqualTo("none");
    }

    @Test
    void anEmptyDirHasItsSize() {
        assertThat(breach(Map.of("small", 4 * MIB + 1), Map.of(), Map.of()))
                .isEqualTo("Usage of EmptyDir volume \"small\" exceeds the limit \"4Mi\". ");
    }

    @Test
    void aPodHasTheSumOfItsContainersLimits() {
        assertThat(breach(Map.of("open", 25 * MIB), Map.of("b", 5 * MIB), Map.of("a", 1L)))
                .isEqualTo(
                        "Pod ephemeral local storage usage exceeds the total limit of containers"
                                + " 30Mi. ");
    }

    @Test
    void aContainerHasItsOwnLimitForWhatItWritesAndSays() {
        assertThat(breach(Map.of(), Map.of("a", 6 * MIB), Map.of("a", 5 * MIB)))
                .isEqualTo("Container a exceeded its local ephemeral storage limit \"10Mi\". ");
    }

    @Test
    void onlyPodsWithLimitsAreMeasured() {
        assertThat(LocalStorage.isLimited(spec(SPEC))).isTrue();
        assertThat(LocalStorage.isLimited(spec("{\"volumes\":[{\"name\":\"v\",\"emptyDir\":{}}]}")))
                .isFalse();
        assertThat(
                        LocalStorage.isLimited(
                                spec(
                                        "{\"volumes\":[{\"name\":\"v\",\"emptyDir\":{\"sizeLimit\":\"1Mi\"}}]}")))
                .isTrue();
        assertThat(
                        LocalStorage.isLimited(
                                spec(
                                        "{\"containers\":[{\"name\":\"a\",\"resources\":{\"limits\":{\"ephemeral-storage\":\"1Mi\"}}}]}")))
                .isTrue();
    }
}
