package io.hypernetes.api.schema;

import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Strategy;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes an OpenAPI v2 tree of some types: their paths and every definition that these reach. */
final class OpenApiV2Builder {

    private static final String REFERENCE = "#/definitions/";
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";

    /** Kinds that are spoken but not kept. */
    private static final Map<String, GroupVersionKind> SPOKEN =
            Map.of(
                    META + "APIGroup",
                    new GroupVersionKind("", "v1", "APIGroup"),
                    META + "APIGroupList",
                    new GroupVersionKind("", "v1", "APIGroupList"),
                    META + "APIResourceList",
                    new GroupVersionKind("", "v1", "APIResourceList"),
                    META + "APIVersions",
                    new GroupVersionKind("", "v1", "APIVersions"),
                    META + "Status",
                    new GroupVersionKind("", "v1", "Status"),
                    "io.k8s.api.core.v1.Binding",
                    new GroupVersionKind("", "v1", "Binding"),
                    "io.k8s.api.policy.v1.Eviction",
                    new GroupVersionKind("policy", "v1", "Eviction"),
                    "io.k8s.api.autoscaling.v1.Scale",
                    new GroupVersionKind("autoscaling", "v1", "Scale"),
                    "io.k8s.api.authentication.v1.TokenRequest",
                    new GroupVersionKind("authentication.k8s.io", "v1", "TokenRequest"));

    /** What is told of every object is told of custom resources in its words. */
    private static final String DESCRIBED = "io.k8s.api.core.v1.ConfigMap";

    private final Schemas schemas;

    /** Read once for a build and dropped with it: a megabyte that nothing else needs. */
    private final Map<String, String> descriptions = SchemaData.descriptions();

    OpenApiV2Builder(Schemas schemas) {
        this.schemas = schemas;
    }

    /** The document of everything: also the paths that tell of it. */
    ObjectNode whole(Collection<ResourceType> types) {
        ObjectNode paths = JsonNodeFactory.instance.objectNode();
        OpenApiDiscoveryPaths.add(types, paths);
        return build(types, paths);
    }

    ObjectNode build(Collection<ResourceType> types) {
        return build(types, JsonNodeFactory.instance.objectNode());
    }

    private ObjectNode build(Collection<ResourceType> types, ObjectNode paths) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("swagger", "2.0");
        document.putObject("info").put("title", "Kubernetes").put("version", "v1.36.0");
        document.set("paths", paths);
        Map<String, ObjectNode> definitions = new TreeMap<>();
        Deque<String> open = new ArrayDeque<>(List.of(META + "DeleteOptions", META + "Status"));
        open.add(META + "Patch");
        Map<String, JsonNode> kinds = new HashMap<>();
        for (ResourceType type : types) {
            OpenApiPaths.add(type, paths);
            String list = OpenApiPaths.listDefinition(type);
            if (type.schema().source().isPresent()) {
                ObjectNode custom =
                        CustomOpenApi.definition(
                                type.schema().source().get(), type, described(DESCRIBED));
                definitions.put(type.schema().definition(), custom);
                references(custom, open);
            } else {
                open.add(type.schema().definition());
            }
            boolean asked = type.strategy().handling() == Strategy.Handling.ASKED;
            if (schemas.find(list).isPresent()) {
                open.add(list);
            } else if (!asked) {
                ObjectNode items =
                        type.schema().isCustom()
                                ? CustomOpenApi.list(type, described(DESCRIBED + "List"))
                                : listOf(type);
                definitions.put(list, items);
                open.add(META + "ListMeta");
            }
            kinds.putIfAbsent(
                    type.schema().definition(), OpenApiPaths.groupVersionKind(type, type.kind()));
            kinds.putIfAbsent(list, OpenApiPaths.groupVersionKind(type, type.kind() + "List"));
        }
        references(paths, open);
        while (!open.isEmpty()) {
            String name = open.pop();
            if (!definitions.containsKey(name)) {
                ObjectNode definition = described(name);
                definitions.put(name, definition);
                references(definition, open);
            }
        }
        SPOKEN.forEach((name, kind) -> kinds.put(name, OpenApiPaths.kind(kind)));
        kinds.forEach((name, kind) -> {
            ObjectNode definition = definitions.get(name);
            if (definition != null) {
                definition.putArray("x-kubernetes-group-version-kind").add(kind);
            }
        });
        ObjectNode all = document.putObject("definitions");
        definitions.forEach(all::set);
        SharedParameters.lift(document);
        return document;
    }

    private ObjectNode described(String name) {
        ObjectNode definition = schemas.openApi(name);
        definition.remove("x-hypernetes-checked");
        String texts = descriptions.get(name);
        if (texts != null) {
            JsonMapper.shared()
                    .readTree(texts)
                    .forEachEntry((field, text) -> {
                        JsonNode target =
                                field.isEmpty()
                                        ? definition
                                        : definition.path("properties").path(field);
                        if (target instanceof ObjectNode object) {
                            object.set("description", text);
                        }
                    });
        }
        return definition;
    }

    private static ObjectNode listOf(ResourceType type) {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        list.put("description", type.kind() + "List is a list of " + type.id().resource() + ".");
        list.put("type", "object").putArray("required").add("items");
        ObjectNode properties = list.putObject("properties");
        properties.putObject("apiVersion").put("type", "string");
        properties.putObject("kind").put("type", "string");
        properties.set("metadata", OpenApiPaths.reference(META + "ListMeta"));
        properties
                .putObject("items")
                .put("type", "array")
                .set("items", OpenApiPaths.reference(type.schema().definition()));
        return list;
    }

    private static void references(JsonNode node, Deque<String> open) {
        JsonNode reference = node.get("$ref");
        if (reference != null && reference.isString()) {
            open.push(reference.asString().substring(REFERENCE.length()));
        }
        node.forEach(child -> references(child, open));
    }
}
