package io.hypernetes.api.types.autoscaling;

import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Map;

/**
 * What a metric's fields are called in the annotations of {@code autoscaling/v1}, and where they
 * are in {@code autoscaling/v2}. The same for what is wanted, where SIDE is {@code target}, and for
 * what is measured, where it is {@code current}.
 */
enum MetricNames {
    TARGET("target"),
    CURRENT("current");

    private static final Map<String, Map<String, String>> BY_SOURCE =
            Map.of(
                    "object",
                    Map.of(
                            "target", "describedObject",
                            "metricName", "metric.name",
                            "selector", "metric.selector",
                            "SIDEValue", "SIDE.value",
                            "averageValue", "SIDE.averageValue"),
                    "pods",
                    Map.of(
                            "metricName", "metric.name",
                            "selector", "metric.selector",
                            "SIDEAverageValue", "SIDE.averageValue"),
                    "resource",
                    Map.of(
                            "name", "name",
                            "SIDEAverageUtilization", "SIDE.averageUtilization",
                            "SIDEAverageValue", "SIDE.averageValue"),
                    "containerResource",
                    Map.of(
                            "name", "name",
                            "container", "container",
                            "SIDEAverageUtilization", "SIDE.averageUtilization",
                            "SIDEAverageValue", "SIDE.averageValue"),
                    "external",
                    Map.of(
                            "metricName", "metric.name",
                            "metricSelector", "metric.selector",
                            "SIDEValue", "SIDE.value",
                            "SIDEAverageValue", "SIDE.averageValue"));

    private final String side;

    MetricNames(String side) {
        this.side = side;
    }

    /** A metric of {@code autoscaling/v2}, as the annotations have it. */
    ObjectNode older(ObjectNode metric) {
        ObjectNode older = Json.object();
        Trees.copy("type", metric, older);
        BY_SOURCE.forEach((source, names) -> {
            if (metric.get(source) instanceof ObjectNode from) {
                ObjectNode to = older.putObject(source);
                names.forEach((name, path) -> {
                    JsonNode value = Trees.at(from, named(path).split("\\.", -1));
                    if (!value.isMissingNode()) {
                        to.set(named(name), value);
                    }
                });
                if (source.equals("object")) {
                    // Go writes a quantity that is not set, too.
                    Trees.setDefault(to, side + "Value", "0");
                }
            }
        });
        return older;
    }

    /** The other way. */
    ObjectNode newer(ObjectNode metric) {
        ObjectNode newer = Json.object();
        Trees.copy("type", metric, newer);
        BY_SOURCE.forEach((source, names) -> {
            if (metric.get(source) instanceof ObjectNode from) {
                ObjectNode to = newer.putObject(source);
                names.forEach((name, path) -> {
                    JsonNode value = from.path(named(name));
                    if (!value.isMissingNode()) {
                        set(to, named(path), value);
                    }
                });
                finish(Trees.child(to, side));
            }
        });
        return newer;
    }

    private String named(String name) {
        return name.replace("SIDE", side);
    }

    private static void set(ObjectNode object, String path, JsonNode value) {
        int dot = path.indexOf('.');
        if (dot < 0) {
            object.set(path, value);
        } else {
            Trees.child(object, path.substring(0, dot)).set(path.substring(dot + 1), value);
        }
    }

    /** Version 2 says what sort of a target it is. */
    private void finish(ObjectNode amount) {
        if (Trees.has(amount, "averageValue") && this == TARGET) {
            amount.remove("value");
        }
        if (this == TARGET) {
            amount.put(
                    "type",
                    Trees.has(amount, "averageUtilization")
                            ? "Utilization"
                            : Trees.has(amount, "value") ? "Value" : "AverageValue");
        }
    }
}
