package io.hypernetes.api.schema;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The numbers of fields in Kubernetes' protocol buffers. */
public final class WireFields {
    private static final String AGGREGATOR = "io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.";
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";

    /** Messages that the library of generated classes lacks. */
    private static final Map<String, String> BY_HAND =
            Map.of(
                    AGGREGATOR + "APIService",
                    "1:metadata:%sObjectMeta 2:spec:%sAPIServiceSpec 3:status:%sAPIServiceStatus"
                            .formatted(META, AGGREGATOR, AGGREGATOR),
                    AGGREGATOR + "APIServiceSpec",
                    ("1:service:%sServiceReference 2:group: 3:version: 4:insecureSkipTLSVerify:"
                                    + " 5:caBundle: 7:groupPriorityMinimum: 8:versionPriority:")
                            .formatted(AGGREGATOR),
                    AGGREGATOR + "ServiceReference",
                    "1:namespace: 2:name: 3:port:",
                    AGGREGATOR + "APIServiceStatus",
                    "1:conditions:%sAPIServiceCondition".formatted(AGGREGATOR),
                    AGGREGATOR + "APIServiceCondition",
                    "1:type: 2:status: 3:lastTransitionTime:%sTime 4:reason: 5:message:"
                            .formatted(META));

    /** Fields of JSONSchemaProps that JSON calls otherwise. */
    private static final Map<String, String> SCHEMA_NAMES =
            Map.of(
                    "schema", "$schema",
                    "ref", "$ref",
                    "xKubernetesPreserveUnknownFields", "x-kubernetes-preserve-unknown-fields",
                    "xKubernetesEmbeddedResource", "x-kubernetes-embedded-resource",
                    "xKubernetesIntOrString", "x-kubernetes-int-or-string",
                    "xKubernetesListMapKeys", "x-kubernetes-list-map-keys",
                    "xKubernetesListType", "x-kubernetes-list-type",
                    "xKubernetesMapType", "x-kubernetes-map-type",
                    "xKubernetesValidations", "x-kubernetes-validations");

    /**
     * @param name as in JSON, but for the fields of embedded structs
     * @param message the name of the field's message, empty when it is a scalar or a map
     */
    public record Field(int number, String name, String message) {}

    /** A message's fields by number, and in the order of their numbers. */
    private record Message(Map<Integer, Field> byNumber, List<Field> inOrder) {}

    private final Map<String, String> lines = SchemaData.fields();
    private final Map<String, Message> parsed = new ConcurrentHashMap<>();

    /** Whether there is such a message at all: custom resources have none. */
    public boolean has(String message) {
        return !line(message).isEmpty();
    }

    /**
     * @param message named as its definition, {@code io.k8s.api.core.v1.Pod}
     */
    public Optional<Field> find(String message, int number) {
        return Optional.ofNullable(message(message).byNumber().get(number));
    }

    /** By rising numbers; empty when there is no such message. */
    public List<Field> of(String message) {
        return message(message).inOrder();
    }

    private Message message(String name) {
        Message known = parsed.get(name);
        return known != null ? known : parsed.computeIfAbsent(name, this::parse);
    }

    private String line(String message) {
        return lines.getOrDefault(message, BY_HAND.getOrDefault(message, ""));
    }

    private Message parse(String message) {
        boolean schema = message.endsWith(".JSONSchemaProps");
        Map<Integer, Field> fields = new HashMap<>();
        Stream.of(line(message).split(" ", -1))
                .map(entry -> entry.split(":", 3))
                .filter(parts -> parts.length == 3)
                .map(parts ->
                        new Field(Integer.parseInt(parts[0]), jsonName(schema, parts[1]), parts[2]))
                .forEach(field -> fields.put(field.number(), field));
        return new Message(
                fields,
                fields.values().stream().sorted(Comparator.comparingInt(Field::number)).toList());
    }

    private static String jsonName(boolean schema, String name) {
        return switch (name) {
            // Upstream's proto files have the names of Go's fields here, JSON has not.
            case "Webhooks" -> "webhooks";
            case "Expression" -> "expression";
            case "Name" -> "name";
            case "JSONPath" -> "jsonPath";
            case "aPIGroup" -> "apiGroup";
            case "uID" -> "uid";
            default -> schema ? SCHEMA_NAMES.getOrDefault(name, name) : name;
        };
    }
}
