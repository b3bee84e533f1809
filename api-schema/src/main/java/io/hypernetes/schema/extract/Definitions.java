package io.hypernetes.schema.extract;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Puts names, types, markers and texts together: a definition of OpenAPI v2 for each class. */
final class Definitions {

    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    private static final String QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity";
    private static final String INT_OR_STRING = "io.k8s.apimachinery.pkg.util.intstr.IntOrString";

    private final Map<Class<?>, String> names;
    private final Map<String, Message> messages;

    Definitions(Map<Class<?>, String> names, Map<String, Message> messages) {
        this.names = names;
        this.messages = messages;
    }

    /** All definitions by name, in alphabetical order, with descriptions. */
    Map<String, JsonObject> all() {
        Map<String, JsonObject> definitions = new TreeMap<>(ByHand.definitions());
        definitions.forEach((name, definition) -> {
            Message message = messages.get(name);
            if (message != null) {
                describe(definition, message.comment().text(""));
            }
        });
        names.forEach((model, name) -> definitions.put(name, definition(model, name)));
        return definitions;
    }

    private JsonObject definition(Class<?> model, String name) {
        List<Message> sources = sources(name);
        Comment comment = sources.isEmpty() ? Comment.NONE : sources.getFirst().comment();
        JsonObject definition = new JsonObject();
        String text = ModelClasses.description(model);
        describe(definition, messages.containsKey(name) ? comment.text(text) : text);
        JsonArray required = new JsonArray();
        JsonObject properties = new JsonObject();
        for (ModelClasses.Property property : ModelClasses.properties(model).values()) {
            Optional<Message.Field> field = field(sources, property.name());
            properties.add(property.name(), property(name, property, field));
            if (property.required()) {
                required.add(property.name());
            }
        }
        definition.add("properties", properties);
        if (!required.isEmpty()) {
            definition.add("required", required);
        }
        definition.addProperty("type", "object");
        comment.value("structType")
                .filter(_ -> !ByHand.GRANULAR.contains(name))
                .ifPresent(value -> definition.addProperty("x-kubernetes-map-type", value));
        ByHand.amend(name, definition);
        return definition;
    }

    /** The definition's own message, else those of other versions of the group. */
    private List<Message> sources(String name) {
        Message own = messages.get(name);
        return own != null ? List.of(own) : DefinitionNames.siblings(name, messages);
    }

    /**
     * The message field of a property: by its name, written as it may be, else within the fields
     * that are Go's inlined structs, which JSON does not show.
     */
    private Optional<Message.Field> field(List<Message> sources, String property) {
        return sources.stream()
                .map(message -> field(message, property, 0))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Optional<Message.Field> field(Message message, String property, int depth) {
        Message.Field exact = message.fields().get(property);
        if (exact != null) {
            return Optional.of(exact);
        }
        for (Message.Field field : message.fields().values()) {
            if (plain(field.name()).equals(plain(property))) {
                return Optional.of(field);
            }
        }
        if (depth == 3) {
            return Optional.empty();
        }
        return message.fields().values().stream()
                .filter(field -> ByHand.INLINED.contains(field.name()))
                .flatMap(field -> Optional.ofNullable(messages.get(field.type())).stream())
                .flatMap(inlined -> field(inlined, property, depth + 1).stream())
                .findFirst();
    }

    private static String plain(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
    }

    private JsonObject property(
            String definition, ModelClasses.Property property, Optional<Message.Field> field) {
        Comment comment = field.map(Message.Field::comment).orElse(Comment.NONE);
        JsonObject json = new JsonObject();
        describe(
                json,
                messages.containsKey(definition) || property.description().isEmpty()
                        ? comment.text(property.description())
                        : property.description());
        String protoType = field.map(Message.Field::type).orElse("");
        JsonObject type = type(definition + "." + property.name(), property.type(), protoType);
        type.entrySet().forEach(entry -> json.add(entry.getKey(), entry.getValue()));
        comment.value("listType")
                .or(() -> comment.value("k8s:listType"))
                .ifPresent(value -> json.addProperty("x-kubernetes-list-type", value));
        List<String> keys = new ArrayList<>(comment.values("listMapKey"));
        if (keys.isEmpty()) {
            keys.addAll(comment.values("k8s:listMapKey"));
        }
        if (!keys.isEmpty()) {
            JsonArray array = new JsonArray();
            keys.forEach(array::add);
            json.add("x-kubernetes-list-map-keys", array);
        }
        comment.value("mapType")
                .ifPresent(value -> json.addProperty("x-kubernetes-map-type", value));
        comment.value("patchStrategy")
                .ifPresent(value -> json.addProperty("x-kubernetes-patch-strategy", value));
        comment.value("patchMergeKey")
                .ifPresent(value -> json.addProperty("x-kubernetes-patch-merge-key", value));
        comment.rawValue("default").ifPresent(value -> json.add("default", defaultValue(value)));
        return json;
    }

    /** JSON, or a Go constant, whose value is known here only. */
    private static JsonElement defaultValue(String marker) {
        return JsonParser.parseString(
                switch (marker) {
                    case "ref(AzureDataDiskCachingReadWrite)" -> "\"ReadWrite\"";
                    case "ref(AzureSharedBlobDisk)" -> "\"Shared\"";
                    default -> marker;
                });
    }

    private JsonObject type(String where, Type type, String protoType) {
        JsonObject json = new JsonObject();
        switch (type) {
            case ParameterizedType list when list.getRawType() == List.class -> {
                json.addProperty("type", "array");
                json.add("items", type(where, list.getActualTypeArguments()[0], protoType));
            }
            case ParameterizedType map when map.getRawType() == Map.class -> {
                json.addProperty("type", "object");
                json.add(
                        "additionalProperties",
                        type(where, map.getActualTypeArguments()[1], valueType(protoType)));
            }
            case Class<?> simple -> simpleType(where, simple, protoType, json);
            default -> throw new IllegalStateException(where + ": no rule for " + type);
        }
        return json;
    }

    private void simpleType(String where, Class<?> type, String protoType, JsonObject json) {
        String definition = names.get(type);
        if (definition != null) {
            reference(json, definition);
            return;
        }
        switch (type.getSimpleName()) {
            case "String" -> json.addProperty("type", "string");
            case "Boolean" -> json.addProperty("type", "boolean");
            case "Integer" -> number(json, "integer", "int32");
            case "Long" -> number(json, "integer", "int64");
            case "Double" -> number(json, "number", "double");
            case "byte[]" -> number(json, "string", "byte");
            case "Quantity" -> reference(json, QUANTITY);
            case "IntOrString" -> reference(json, INT_OR_STRING);
            case "OffsetDateTime" ->
                    reference(
                            json,
                            META
                                    + (protoType.endsWith(".MicroTime")
                                                    || ByHand.MICRO_TIMES.contains(where)
                                            ? "MicroTime"
                                            : "Time"));
            case "Object" -> {
                @Nullable String known = ByHand.REFERENCES.get(where);
                if (known == null && !ByHand.definitions().containsKey(protoType)) {
                    throw new IllegalStateException(where + ": no rule for " + protoType);
                }
                reference(json, known == null ? protoType : known);
            }
            default -> throw new IllegalStateException(where + ": no rule for " + type);
        }
    }

    private static void number(JsonObject json, String type, String format) {
        json.addProperty("format", format);
        json.addProperty("type", type);
    }

    private static void reference(JsonObject json, String definition) {
        json.addProperty("$ref", "#/definitions/" + definition);
    }

    /** The {@code V} of {@code map<K, V>}. */
    private static String valueType(String protoType) {
        return protoType.startsWith("map<")
                ? ProtoSources.definition(
                        protoType
                                .substring(protoType.indexOf(',') + 1, protoType.length() - 1)
                                .strip())
                : protoType;
    }

    private static void describe(JsonObject json, String text) {
        if (!text.isEmpty()) {
            json.addProperty("description", text);
        }
    }
}
