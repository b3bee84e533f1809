package io.hypernetes.api.types.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.Trees;
import io.hypernetes.api.types.WorkloadTypes;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

class AutoscalerConversionTest {
    private static final AutoscalerConversion CONVERSION = new AutoscalerConversion();

    private static ObjectNode older(ObjectNode object) {
        return CONVERSION
                .convert(
                        List.of(object.deepCopy()),
                        WorkloadTypes.OLD_HORIZONTAL_POD_AUTOSCALERS.groupVersionKind())
                .getFirst();
    }

    private static ObjectNode newer(ObjectNode object) {
        return CONVERSION
                .convert(
                        List.of(object.deepCopy()),
                        WorkloadTypes.HORIZONTAL_POD_AUTOSCALERS.groupVersionKind())
                .getFirst();
    }

    private static final ObjectNode WHOLE =
            Trees.object(
                    """
                    {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
                     "metadata": {"name": "h", "annotations": {"mine": "stays"}},
                     "spec": {"minReplicas": 2, "maxReplicas": 5, "scaleTargetRef": {"name": "d"},
                      "metrics": [
                       {"type": "Resource", "resource": {"name": "cpu",
                        "target": {"type": "Utilization", "averageUtilization": 60}}},
                       {"type": "Resource", "resource": {"name": "memory",
                        "target": {"type": "AverageValue", "averageValue": "1Gi"}}},
                       {"type": "ContainerResource", "containerResource": {"name": "cpu",
                        "container": "c",
                        "target": {"type": "Utilization", "averageUtilization": 5}}},
                       {"type": "Pods", "pods": {"metric": {"name": "m",
                        "selector": {"matchLabels": {"a": "b"}}},
                        "target": {"type": "AverageValue", "averageValue": "7"}}},
                       {"type": "Object", "object": {"describedObject": {"kind": "K", "name": "n"},
                        "metric": {"name": "o"}, "target": {"type": "Value", "value": "10k"}}},
                       {"type": "External", "external": {"metric": {"name": "e"},
                        "target": {"type": "AverageValue", "averageValue": "30"}}}],
                      "behavior": {
                       "scaleUp": {"stabilizationWindowSeconds": 0, "selectPolicy": "Max",
                        "policies": [{"type": "Pods", "value": 1, "periodSeconds": 15}]},
                       "scaleDown": {"selectPolicy": "Disabled",
                        "policies": [{"type": "Percent", "value": 10, "periodSeconds": 60}]}}},
                     "status": {"currentReplicas": 3, "desiredReplicas": 3,
                      "currentMetrics": [{"type": "Resource", "resource": {"name": "cpu",
                        "current": {"averageUtilization": 40, "averageValue": "12m"}}}],
                      "conditions": [{"type": "AbleToScale", "status": "True"}]}}
                    """);

    @Test
    void nothingIsLostOnTheWayThroughVersionOne() {
        assertThat(newer(older(WHOLE))).isEqualTo(WHOLE);
    }

    @Test
    void versionOneKnowsTheProcessorAloneAndTheRestIsInAnnotations() {
        ObjectNode old = older(WHOLE);
        assertThat(old.path("spec"))
                .isEqualTo(
                        Trees.object(
                                """
                                {"minReplicas": 2, "maxReplicas": 5,
                                 "scaleTargetRef": {"name": "d"},
                                 "targetCPUUtilizationPercentage": 60}
                                """));
        assertThat(old.at("/status/currentCPUUtilizationPercentage").asInt()).isEqualTo(40);
        assertThat(old.path("status").has("conditions")).isFalse();
        assertThat(Metadata.annotation(old, AutoscalerConversion.METRICS))
                .contains("\"targetAverageValue\":\"1Gi\"")
                .contains("\"targetValue\":\"10k\"")
                .contains("\"target\":{\"kind\":\"K\",\"name\":\"n\"}")
                .doesNotContain("60");
        assertThat(Metadata.annotation(old, AutoscalerConversion.CURRENT_METRICS))
                .contains("\"currentAverageUtilization\":40");
        assertThat(Metadata.annotation(old, "mine")).isEqualTo("stays");
    }

    @Test
    void withoutMetricsTheProcessorIsMeant() {
        ObjectNode old =
                Trees.object(
                        """
                        {"apiVersion": "autoscaling/v1", "kind": "HorizontalPodAutoscaler",
                         "spec": {"maxReplicas": 5, "scaleTargetRef": {"name": "d"}}}
                        """);
        assertThat(newer(old).at("/spec/metrics/0/resource/target/averageUtilization").asInt())
                .isEqualTo(80);
    }

    @Property(tries = 500)
    void anAnnotationOfAnyTextIsReadOrCountsForNothing(@ForAll String text) {
        ObjectNode old = older(WHOLE);
        for (String name :
                List.of(
                        AutoscalerConversion.METRICS,
                        AutoscalerConversion.CURRENT_METRICS,
                        AutoscalerConversion.CONDITIONS,
                        AutoscalerConversion.BEHAVIOR)) {
            Metadata.ensureAnnotations(old).put(name, text);
        }
        assertThat(newer(old).at("/spec/metrics/0/resource/name").asString()).isEqualTo("cpu");
    }

    @Test
    void anAnnotationOfTheWrongTypesCountsForNothing() {
        ObjectNode old = older(WHOLE);
        Metadata.ensureAnnotations(old)
                .put(
                        AutoscalerConversion.METRICS,
                        "[{\"type\":\"Resource\",\"resource\":{\"name\":{},"
                                + "\"targetAverageUtilization\":\"much\"}}]")
                .put(AutoscalerConversion.BEHAVIOR, "{\"scaleUp\":[1]}");
        ObjectNode read = newer(old);
        assertThat(read.at("/spec/metrics")).hasSize(1);
        assertThat(read.path("spec").has("behavior")).isFalse();
    }

    @Test
    void theStatusIsNotWrittenThroughAnnotationsOfTheObjectNorTheSpecThroughThoseOfTheStatus() {
        OldAutoscalerStrategy strategy = new OldAutoscalerStrategy();
        ObjectNode old = older(WHOLE);
        ObjectNode changed = old.deepCopy();
        Metadata.ensureAnnotations(changed)
                .put(AutoscalerConversion.CURRENT_METRICS, "[]")
                .put(AutoscalerConversion.METRICS, "[]");
        ObjectNode status = changed.deepCopy();
        strategy.prepareForUpdate(changed, old);
        assertThat(Metadata.annotation(changed, AutoscalerConversion.CURRENT_METRICS))
                .isEqualTo(Metadata.annotation(old, AutoscalerConversion.CURRENT_METRICS));
        assertThat(Metadata.annotation(changed, AutoscalerConversion.METRICS)).isEqualTo("[]");
        strategy.prepareForStatusUpdate(status, old);
        assertThat(Metadata.annotation(status, AutoscalerConversion.METRICS))
                .isEqualTo(Metadata.annotation(old, AutoscalerConversion.METRICS));
        assertThat(Metadata.annotation(status, AutoscalerConversion.CURRENT_METRICS))
                .isEqualTo("[]");
    }
}
