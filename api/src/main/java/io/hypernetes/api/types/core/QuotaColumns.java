package io.hypernetes.api.types.core;

import static io.hypernetes.api.types.kind.Trees.text;

import io.hypernetes.api.Column;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.kind.Columns;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What {@code kubectl get} shows of quotas, limit ranges, controllers, templates and components.
 */
public final class QuotaColumns {

    public static final List<Column> QUOTA =
            List.of(
                    Column.of("Request", o -> amounts(o, false)),
                    Column.of("Limit", o -> amounts(o, true)),
                    Columns.age());

    public static final List<Column> LIMIT_RANGE = List.of(Columns.created());

    public static final List<Column> POD_TEMPLATE = PodTemplates.template();

    public static final List<Column> REPLICATION_CONTROLLER =
            Stream.of(
                            List.of(
                                    count("Desired", "spec", "replicas"),
                                    count("Current", "status", "replicas"),
                                    count("Ready", "status", "readyReplicas"),
                                    Columns.age()),
                            PodTemplates.columns("spec", "template"),
                            List.of(
                                    Column.wide(
                                            "Selector",
                                            o ->
                                                    PodTemplates.labels(
                                                            Trees.at(o, "spec", "selector")))))
                    .flatMap(List::stream)
                    .toList();

    public static final List<Column> COMPONENT =
            List.of(
                    Column.of("Status", QuotaColumns::health),
                    Column.of("Message", component -> text(healthy(component), "message")),
                    Column.of("Error", component -> text(healthy(component), "error")));

    private QuotaColumns() {}

    private static String health(ObjectNode component) {
        String status = text(healthy(component), "status");
        return switch (status) {
            case "" -> "Unknown";
            case "True" -> "Healthy";
            default -> "Unhealthy";
        };
    }

    private static ObjectNode healthy(ObjectNode component) {
        return Trees.objects(component.path("conditions")).stream()
                .filter(condition -> text(condition, "type").equals("Healthy"))
                .findFirst()
                .orElseGet(Json::object);
    }

    private static Column count(String name, String... path) {
        return Columns.integer(name, o -> Trees.at(o, path).asLong(0));
    }

    /** {@code cpu: 1/4, pods: 2/10}. */
    private static String amounts(ObjectNode quota, boolean limits) {
        TreeMap<String, String> hard = new TreeMap<>();
        for (var amount : Trees.at(quota, "status", "hard").properties()) {
            hard.put(amount.getKey(), amount.getValue().asString());
        }
        List<String> shown = new ArrayList<>();
        hard.forEach((name, most) -> {
            if (name.startsWith("limits.") == limits) {
                String used = Trees.text(quota, "status", "used", name);
                shown.add(name + ": " + (used.isEmpty() ? "0" : used) + "/" + most);
            }
        });
        return String.join(", ", shown);
    }
}
