package io.hypernetes.api.schema;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** Reads a definition in OpenAPI v2 with Kubernetes' extensions. */
final class SchemaReader {

    private static final String REFERENCE = "#/definitions/";
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";

    /** Definitions that are no structs though some look like one. */
    private static final Map<String, Schema> WELL_KNOWN =
            Map.of(
                    META + "Time",
                    scalar(ScalarType.TIME),
                    META + "MicroTime",
                    scalar(ScalarType.MICRO_TIME),
                    "io.k8s.apimachinery.pkg.api.resource.Quantity",
                    scalar(ScalarType.QUANTITY),
                    "io.k8s.apimachinery.pkg.util.intstr.IntOrString",
                    scalar(ScalarType.INT_OR_STRING),
                    "io.k8s.apimachinery.pkg.runtime.RawExtension",
                    new Schema.Any(true),
                    META + "FieldsV1",
                    new Schema.Any(),
                    META + "Patch",
                    new Schema.Any());

    private final Function<String, Schema> definitions;

    /**
     * @param definitions resolves a definition's name; called late
     */
    SchemaReader(Function<String, Schema> definitions) {
        this.definitions = definitions;
    }

    Schema read(String definition, JsonNode node) {
        Schema known = WELL_KNOWN.get(definition);
        return known != null
                ? known
                : value(definition, node, node.path("x-hypernetes-checked").asBoolean(false));
    }

    private Schema value(String definition, JsonNode node, boolean checked) {
        JsonNode reference = node.get("$ref");
        if (reference != null) {
            Schema referred = definitions.apply(reference.asString().substring(REFERENCE.length()));
            return withMapType(referred, node.path("x-kubernetes-map-type").asString(""));
        }
        if (node.path("x-kubernetes-int-or-string").asBoolean(false)) {
            return scalar(ScalarType.INT_OR_STRING);
        }
        return switch (node.path("type").asString("")) {
            case "object" -> object(definition, node, checked);
            case "array" ->
                    new Schema.ListOf(
                            part(node.path("items"), checked),
                            listType(node),
                            texts(node.path("x-kubernetes-list-map-keys")));
            case "string" -> new Schema.Scalar(stringType(node), texts(node.path("enum")));
            case "boolean" -> scalar(ScalarType.BOOLEAN);
            case "number" -> scalar(ScalarType.DOUBLE);
            case "integer" ->
                    scalar(
                            node.path("format").asString("").equals("int32")
                                    ? ScalarType.INT32
                                    : ScalarType.INT64);
            default -> new Schema.Any();
        };
    }

    /** A field may say otherwise than the definition it refers to: a volume's claimRef. */
    private static Schema withMapType(Schema referred, String mapType) {
        boolean atomic = mapType.equals("atomic");
        if (mapType.isEmpty()
                || !(referred instanceof Schema.Struct struct)
                || struct.atomic() == atomic) {
            return referred;
        }
        return new Schema.Struct(
                struct.definition(),
                struct.properties(),
                struct.preservesUnknown(),
                struct.checked(),
                atomic);
    }

    private Schema object(String definition, JsonNode node, boolean checked) {
        boolean atomic = node.path("x-kubernetes-map-type").asString("").equals("atomic");
        JsonNode values = node.path("additionalProperties");
        if (values.isObject()) {
            return new Schema.MapOf(part(values, checked), atomic);
        }
        Set<String> required = new HashSet<>(texts(node.path("required")));
        Map<String, Property> properties = new LinkedHashMap<>();
        node.path("properties")
                .forEachEntry((name, property) ->
                        properties.put(
                                name, property(name, required.contains(name), property, checked)));
        return new Schema.Struct(
                definition,
                Collections.unmodifiableMap(properties),
                node.path("x-kubernetes-preserve-unknown-fields").asBoolean(false),
                checked,
                atomic);
    }

    private Property part(JsonNode node, boolean checked) {
        return property("", false, node, checked);
    }

    private Property property(String name, boolean required, JsonNode node, boolean checked) {
        @Nullable JsonNode defaultValue = node.get("default");
        Supplier<Schema> resolver = () -> value("", node, checked);
        return new Property(
                name,
                required,
                PatchStrategy.of(
                        node.path("x-kubernetes-patch-strategy").asString(""),
                        node.path("x-kubernetes-patch-merge-key").asString("")),
                defaultValue,
                resolver);
    }

    private static ScalarType stringType(JsonNode node) {
        return switch (node.path("format").asString("")) {
            case "byte" -> ScalarType.BYTES;
            case "date-time" -> ScalarType.TIME;
            case "int-or-string" -> ScalarType.INT_OR_STRING;
            default -> ScalarType.STRING;
        };
    }

    private static ListType listType(JsonNode node) {
        return switch (node.path("x-kubernetes-list-type").asString("")) {
            case "map" -> ListType.MAP;
            case "set" -> ListType.SET;
            default -> ListType.ATOMIC;
        };
    }

    private static Schema scalar(ScalarType type) {
        return new Schema.Scalar(type, List.of());
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asString()));
        return List.copyOf(texts);
    }
}
