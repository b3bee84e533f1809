package io.hypernetes.api;

import tools.jackson.databind.node.ObjectNode;

import java.util.function.Function;

/**
 * A column of {@code kubectl get}, after the Table of {@code meta.k8s.io/v1}.
 *
 * @param type {@code string}, {@code integer}, {@code number}, {@code boolean} or {@code date}
 * @param priority 0 is always shown, 1 with {@code -o wide}
 * @param cell the text, number, truth or JSON null of one object
 */
public record Column(
        String name,
        String type,
        String format,
        String description,
        int priority,
        Function<ObjectNode, Object> cell) {

    public static Column of(String name, Function<ObjectNode, Object> cell) {
        return new Column(name, "string", "", "", 0, cell);
    }

    public static Column wide(String name, Function<ObjectNode, Object> cell) {
        return new Column(name, "string", "", "", 1, cell);
    }
}
