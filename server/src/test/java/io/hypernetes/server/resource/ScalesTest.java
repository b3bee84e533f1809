package io.hypernetes.server.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;

class ScalesTest {
    private static ObjectNode scale(String object) {
        return Scales.of(
                BuiltinTypes.PODS, Json.parseObject(object.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aScaleShowsTheNumbersAndTheSelectorAsText() {
        ObjectNode scale =
                scale(
                        """
                        {"metadata": {"name": "web", "namespace": "a", "uid": "u",
                           "resourceVersion": "7", "labels": {"x": "y"}},
                         "spec": {"replicas": 3, "selector": {"matchLabels": {"app": "web"},
                           "matchExpressions": [{"key": "b", "operator": "Exists"}]}},
                         "status": {"replicas": 2}}
                        """);
        assertThat(scale.path("kind").asString()).isEqualTo("Scale");
        assertThat(scale.path("apiVersion").asString()).isEqualTo("autoscaling/v1");
        assertThat(scale.path("metadata").path("resourceVersion").asString()).isEqualTo("7");
        assertThat(scale.path("metadata").has("labels")).isFalse();
        assertThat(scale.path("spec").path("replicas").asInt()).isEqualTo(3);
        assertThat(scale.path("status").path("replicas").asInt()).isEqualTo(2);
        assertThat(scale.path("status").path("selector").asString()).isEqualTo("app=web,b");
    }

    @Test
    void aReplicationControllersSelectorIsAMapOfLabels() {
        ObjectNode scale =
                scale(
                        """
                        {"metadata": {"name": "web"},
                         "spec": {"selector": {"b": "2", "a": "1"}}}
                        """);
        assertThat(scale.path("spec").has("replicas")).isFalse();
        assertThat(scale.path("status").path("replicas").asInt(-1)).isZero();
        assertThat(scale.path("status").path("selector").asString()).isEqualTo("a=1,b=2");
    }
}
