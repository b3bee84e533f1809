package io.hypernetes.api.types.autoscaling;

import static io.hypernetes.api.types.kind.Trees.at;
import static io.hypernetes.api.types.kind.Trees.has;
import static io.hypernetes.api.types.kind.Trees.objects;
import static io.hypernetes.api.types.kind.Trees.text;

import io.hypernetes.api.Column;
import io.hypernetes.api.types.kind.Columns;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What {@code kubectl get} shows of autoscalers. */
public final class AutoscalerColumns {

    public static final List<Column> ALL =
            List.of(
                    Column.of(
                            "Reference",
                            o ->
                                    text(o, "spec", "scaleTargetRef", "kind")
                                            + "/"
                                            + text(o, "spec", "scaleTargetRef", "name")),
                    Column.of("Targets", AutoscalerColumns::targets),
                    Column.of(
                            "MinPods",
                            o ->
                                    has(o, "spec", "minReplicas")
                                            ? at(o, "spec", "minReplicas").asString()
                                            : "<unset>"),
                    Columns.number("MaxPods", o -> at(o, "spec", "maxReplicas").asLong(0)),
                    Columns.number("Replicas", o -> at(o, "status", "currentReplicas").asLong(0)),
                    Columns.age());

    private static final int SHOWN = 2;

    private static final Map<String, String> FIELDS =
            Map.of(
                    "External", "external",
                    "Pods", "pods",
                    "Object", "object",
                    "Resource", "resource",
                    "ContainerResource", "containerResource");

    private AutoscalerColumns() {}

    private static String targets(ObjectNode autoscaler) {
        List<ObjectNode> metrics = objects(at(autoscaler, "spec", "metrics"));
        List<ObjectNode> current = objects(at(autoscaler, "status", "currentMetrics"));
        if (metrics.isEmpty()) {
            return "<none>";
        }
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < metrics.size(); i++) {
            JsonNode now = i < current.size() ? current.get(i) : metrics.get(i).path("status");
            shown.add(target(metrics.get(i), now));
        }
        if (shown.size() <= SHOWN) {
            return String.join(", ", shown);
        }
        return String.join(", ", shown.subList(0, SHOWN))
                + " + "
                + (shown.size() - SHOWN)
                + " more...";
    }

    private static String target(ObjectNode metric, JsonNode status) {
        String type = text(metric, "type");
        String field = FIELDS.getOrDefault(type, "");
        JsonNode target = metric.path(field).path("target");
        JsonNode current = status.path(field).path("current");
        if (field.isEmpty()) {
            return "<unknown type>";
        }
        String before = type.contains("Resource") ? text(metric, field, "name") + ": " : "";
        if (has(target, "averageValue")) {
            String suffix = type.equals("External") || type.equals("Object") ? " (avg)" : "";
            return before
                    + shown(current, "averageValue", "")
                    + "/"
                    + target.path("averageValue").asString()
                    + suffix;
        }
        if (has(target, "averageUtilization")) {
            return before
                    + shown(current, "averageUtilization", "%")
                    + "/"
                    + target.path("averageUtilization").asString()
                    + "%";
        }
        return has(target, "value")
                ? shown(current, "value", "") + "/" + target.path("value").asString()
                : before + "<unknown>/<auto>";
    }

    private static String shown(JsonNode current, String field, String unit) {
        return has(current, field) ? current.path(field).asString() + unit : "<unknown>";
    }
}
