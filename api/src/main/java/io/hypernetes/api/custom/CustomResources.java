package io.hypernetes.api.custom;

import io.hypernetes.api.Conversion;
import io.hypernetes.api.GroupResource;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.ScalePaths;
import io.hypernetes.api.Scope;
import io.hypernetes.api.Storage;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.schema.SchemaRules;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Makes resource types of CustomResourceDefinitions. */
public final class CustomResources {

    /** Makes the conversion that a definition asks for. */
    @FunctionalInterface
    public interface Converters {
        /** As if all versions had the same fields. */
        Converters NONE = (tenant, definition) -> Conversion.NONE;

        /**
         * @param tenant whose definition it is: a webhook's service is in that world
         */
        Conversion of(Tenant tenant, ObjectNode definition);
    }

    private final SchemaRules.Compiler rules;
    private final Converters converters;

    public CustomResources(SchemaRules.Compiler rules, Converters converters) {
        this.rules = rules;
        this.converters = converters;
    }

    /**
     * The served versions of a definition that is established, the preferred one first; none of one
     * that is not.
     *
     * @param definition valid and defaulted
     */
    public List<ResourceType> types(Tenant tenant, ObjectNode definition) {
        if (!Conditions.isTrue(definition, "Established")) {
            return List.of();
        }
        JsonNode spec = definition.path("spec");
        List<ResourceType> types = new ArrayList<>();
        Storage storage = storage(tenant, definition);
        for (JsonNode version : spec.path("versions")) {
            if (version.path("served").asBoolean(false)) {
                types.add(type(definition, version, storage));
            }
        }
        types.sort(Comparator.comparing(ResourceType::version, Versions.PREFERRED_FIRST));
        return types;
    }

    private Storage storage(Tenant tenant, ObjectNode definition) {
        JsonNode spec = definition.path("spec");
        String group = spec.path("group").asString("");
        JsonNode names = definition.path("status").path("acceptedNames");
        String stored = "";
        for (JsonNode version : spec.path("versions")) {
            if (version.path("storage").asBoolean(false)) {
                stored = version.path("name").asString("");
            }
        }
        GroupResource location = new GroupResource(group, spec.at("/names/plural").asString(""));
        GroupVersionKind kind =
                new GroupVersionKind(group, stored, names.path("kind").asString(""));
        boolean several =
                spec.path("versions").size() > 1
                        || definition.path("status").path("storedVersions").size() > 1;
        return several
                ? Storage.versioned(location, kind, converters.of(tenant, definition))
                : Storage.single(location, kind);
    }

    private ResourceType type(ObjectNode definition, JsonNode version, Storage storage) {
        JsonNode names = definition.path("status").path("acceptedNames");
        JsonNode spec = definition.path("spec");
        JsonNode subresources = version.path("subresources");
        Set<String> parts = new TreeSet<>();
        subresources.forEachEntry((name, value) -> {
            if (value.isObject()) {
                parts.add(name);
            }
        });
        Scope scope =
                spec.path("scope").asString("").equals("Namespaced")
                        ? Scope.NAMESPACED
                        : Scope.CLUSTER;
        GroupVersionKind kind =
                new GroupVersionKind(
                        storage.kind().group(),
                        version.path("name").asString(""),
                        storage.kind().kind());
        return new ResourceType(
                storage.location(),
                kind.version(),
                kind.kind(),
                names.path("singular").asString(kind.kind().toLowerCase(Locale.ROOT)),
                Structural.texts(names.path("shortNames")),
                Structural.texts(names.path("categories")),
                scope,
                parts,
                new CustomSchema(
                        kind,
                        version.path("schema").path("openAPIV3Schema"),
                        spec.path("preserveUnknownFields").asBoolean(false),
                        rules),
                storage,
                PrinterColumns.of(version.path("additionalPrinterColumns")),
                new CustomStrategy(
                        scope,
                        parts.contains("status"),
                        Metadata.isBeingDeleted(definition),
                        scale(subresources.path("scale")),
                        selectable(version)));
    }

    private static ScalePaths scale(JsonNode scale) {
        return new ScalePaths(
                names(scale, "specReplicasPath"),
                names(scale, "statusReplicasPath"),
                names(scale, "labelSelectorPath"));
    }

    private static List<String> names(JsonNode scale, String field) {
        return JsonPath.parse(scale.path(field).asString("")).names();
    }

    private static Map<String, JsonPath> selectable(JsonNode version) {
        Map<String, JsonPath> selectable = new LinkedHashMap<>();
        for (JsonNode field : version.path("selectableFields")) {
            String path = field.path("jsonPath").asString("");
            selectable.put(path.startsWith(".") ? path.substring(1) : path, JsonPath.parse(path));
        }
        return selectable;
    }
}
