package io.hypernetes.api.types.autoscaling;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Conversion;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.schema.BuiltinSchema;
import io.hypernetes.api.schema.FieldValidation;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Between {@code autoscaling/v1}, which knows the CPU's utilization alone, and {@code v2}: what
 * version 1 has no fields for is in its annotations, as upstream writes and reads them. An
 * annotation that cannot be read counts for nothing.
 */
public final class AutoscalerConversion implements Conversion {
    static final String METRICS = "autoscaling.alpha.kubernetes.io/metrics";
    static final String CURRENT_METRICS = "autoscaling.alpha.kubernetes.io/current-metrics";
    static final String CONDITIONS = "autoscaling.alpha.kubernetes.io/conditions";
    static final String BEHAVIOR = "autoscaling.alpha.kubernetes.io/behavior";

    private static final GroupVersionKind NEWER =
            new GroupVersionKind("autoscaling", "v2", "HorizontalPodAutoscaler");
    private static final BuiltinSchema SCHEMA =
            new BuiltinSchema("io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler");
    static final String WANTED_CPU = "targetCPUUtilizationPercentage";
    private static final String MEASURED_CPU = "currentCPUUtilizationPercentage";

    @Override
    public List<ObjectNode> convert(List<ObjectNode> objects, GroupVersionKind wanted) {
        for (ObjectNode object : objects) {
            if (!object.path("apiVersion").asString("").equals(wanted.apiVersion())) {
                if (wanted.version().equals("v1")) {
                    older(object);
                } else {
                    newer(object);
                }
                object.put("apiVersion", wanted.apiVersion());
            }
        }
        return objects;
    }

    private static void older(ObjectNode autoscaler) {
        if (autoscaler.get("spec") instanceof ObjectNode spec) {
            List<ObjectNode> metrics = Trees.objects(spec.path("metrics"));
            spec.remove("metrics");
            metrics.stream()
                    .filter(metric -> isCpu(metric, "target"))
                    .findFirst()
                    .ifPresent(cpu -> spec.set(WANTED_CPU, utilization(cpu, "target")));
            annotate(
                    autoscaler,
                    METRICS,
                    metrics.stream()
                            .filter(metric -> !isCpu(metric, "target"))
                            .map(MetricNames.TARGET::older)
                            .toList());
            JsonNode behavior = spec.remove("behavior");
            if (behavior != null) {
                Metadata.ensureAnnotations(autoscaler).put(BEHAVIOR, Json.text(behavior));
            }
        }
        if (autoscaler.get("status") instanceof ObjectNode status) {
            List<ObjectNode> metrics = Trees.objects(status.path("currentMetrics"));
            metrics.stream()
                    .filter(metric -> isCpu(metric, "current"))
                    .forEach(cpu -> status.set(MEASURED_CPU, utilization(cpu, "current")));
            annotate(
                    autoscaler,
                    CURRENT_METRICS,
                    metrics.stream().map(MetricNames.CURRENT::older).toList());
            annotate(autoscaler, CONDITIONS, Trees.objects(status.path("conditions")));
            status.remove(List.of("currentMetrics", "conditions"));
            Trees.setDefault(status, "currentReplicas", 0); // never left out in version 1
        }
    }

    private static boolean isCpu(ObjectNode metric, String side) {
        return Trees.text(metric, "type").equals("Resource")
                && Trees.text(metric, "resource", "name").equals("cpu")
                && utilization(metric, side).isNumber();
    }

    private static JsonNode utilization(ObjectNode metric, String side) {
        return Trees.at(metric, "resource", side, "averageUtilization");
    }

    private static void annotate(ObjectNode object, String annotation, List<ObjectNode> list) {
        if (!list.isEmpty()) {
            ArrayNode array = Json.object().putArray("items").addAll(list);
            Metadata.ensureAnnotations(object).put(annotation, Json.text(array));
        }
    }

    private static void newer(ObjectNode autoscaler) {
        ObjectNode spec = Trees.child(autoscaler, "spec");
        ArrayNode metrics = spec.putArray("metrics");
        JsonNode cpu = spec.remove(WANTED_CPU);
        if (cpu != null) {
            ObjectNode target = cpu(metrics).putObject("target");
            target.put("type", "Utilization").set("averageUtilization", cpu);
        }
        list(autoscaler, METRICS, "spec", "metrics", MetricNames.TARGET::newer)
                .ifPresent(metrics::addAll);
        read(autoscaler, BEHAVIOR)
                .filter(behavior -> fits("spec", "behavior", behavior))
                .ifPresent(behavior -> spec.set("behavior", behavior));
        if (autoscaler.has("status") || isMeasured(autoscaler)) {
            status(autoscaler, Trees.child(autoscaler, "status"));
        }
        forget(autoscaler);
        new AutoscalerStrategy().applyDefaults(autoscaler);
    }

    private static void status(ObjectNode autoscaler, ObjectNode status) {
        JsonNode cpu = status.remove(MEASURED_CPU);
        Optional<ArrayNode> measured =
                list(
                        autoscaler,
                        CURRENT_METRICS,
                        "status",
                        "currentMetrics",
                        MetricNames.CURRENT::newer);
        if (measured.isPresent()) {
            status.set("currentMetrics", measured.get());
        } else if (cpu != null) {
            cpu(status.putArray("currentMetrics"))
                    .putObject("current")
                    .set("averageUtilization", cpu);
        }
        list(autoscaler, CONDITIONS, "status", "conditions", condition -> condition)
                .ifPresent(conditions -> status.set("conditions", conditions));
    }

    private static boolean isMeasured(ObjectNode autoscaler) {
        return !Metadata.annotation(autoscaler, CURRENT_METRICS).isEmpty()
                || !Metadata.annotation(autoscaler, CONDITIONS).isEmpty();
    }

    private static ObjectNode cpu(ArrayNode metrics) {
        return metrics.addObject().put("type", "Resource").putObject("resource").put("name", "cpu");
    }

    private static void forget(ObjectNode autoscaler) {
        if (autoscaler.path("metadata").get("annotations") instanceof ObjectNode annotations) {
            annotations.remove(List.of(METRICS, CURRENT_METRICS, CONDITIONS, BEHAVIOR));
            if (annotations.isEmpty()) {
                Metadata.ensureMetadata(autoscaler).remove("annotations");
            }
        }
    }

    private static Optional<ArrayNode> list(
            ObjectNode autoscaler,
            String annotation,
            String part,
            String field,
            UnaryOperator<ObjectNode> newer) {
        return read(autoscaler, annotation)
                .filter(JsonNode::isArray)
                .map(Trees::objects)
                .filter(list -> !list.isEmpty())
                .map(list ->
                        Json.object().putArray(field).addAll(list.stream().map(newer).toList()))
                .filter(list -> fits(part, field, list));
    }

    private static Optional<JsonNode> read(ObjectNode object, String annotation) {
        String text = Metadata.annotation(object, annotation);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Json.parse(text.getBytes(StandardCharsets.UTF_8)));
        } catch (ApiException _) {
            return Optional.empty();
        }
    }

    /** Whether what a client wrote into an annotation has the types that the field has. */
    private static boolean fits(String part, String field, JsonNode value) {
        ObjectNode probe =
                Json.object().put("apiVersion", NEWER.apiVersion()).put("kind", NEWER.kind());
        probe.putObject(part).set(field, value.deepCopy());
        try {
            SCHEMA.decode(NEWER, probe, FieldValidation.IGNORE);
            return true;
        } catch (ApiException _) {
            return false;
        }
    }
}
