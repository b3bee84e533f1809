package io.hypernetes.api.types.networking;

import static io.hypernetes.api.types.kind.Trees.objects;
import static io.hypernetes.api.types.kind.Trees.text;
import static io.hypernetes.api.types.kind.Trees.texts;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A label selector as a query says it: {@code app=web,tier in (a,b)}. */
final class Selectors {

    private Selectors() {}

    static String query(JsonNode selector) {
        Stream<String> labels =
                selector.path("matchLabels").properties().stream()
                        .sorted(java.util.Map.Entry.comparingByKey())
                        .map(label -> label.getKey() + "=" + label.getValue().asString(""));
        Stream<String> expressions =
                objects(selector.path("matchExpressions")).stream().map(Selectors::expression);
        return Stream.concat(labels, expressions).collect(Collectors.joining(","));
    }

    private static String expression(ObjectNode expression) {
        String key = text(expression, "key");
        List<String> values = texts(expression.path("values"));
        String among = values.stream().sorted().collect(Collectors.joining(",", "(", ")"));
        return switch (text(expression, "operator")) {
            case "In" -> key + " in " + among;
            case "NotIn" -> key + " notin " + among;
            case "Exists" -> key;
            case "DoesNotExist" -> "!" + key;
            default -> "";
        };
    }
}
