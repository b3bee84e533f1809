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
import java.util.Optional;
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
    private final SharedSchemas shared = new SharedSchemas();
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
     * @param since the revision that brought the definition's schemas as far as is known: what was
     *     written before may have been written under others
     */
    public List<ResourceType> types(Tenant tenant, ObjectNode definition, long since) {
        if (!Conditions.isTrue(definition, "Established")) {
            return List.of();
        }
        JsonNode spec = definition.path("spec");
        List<ResourceType> types = new ArrayList<>();
        Map<String, CustomSchema> schemas = schemas(definition);
        Storage storage = storage(tenant, definition, schemas, since);
        for (JsonNode version : spec.path("versions")) {
            CustomSchema schema = schemas.get(version.path("name").asString(""));
            if (schema != null && version.path("served").asBoolean(false)) {
                types.add(type(definition, version, schema, storage));
            }
        }
        types.sort(Comparator.comparing(ResourceType::version, Versions.PREFERRED_FIRST));
        return types;
    }

    private Map<String, CustomSchema> schemas(ObjectNode definition) {
        Map<String, CustomSchema> schemas = new LinkedHashMap<>();
        JsonNode spec = definition.path("spec");
        String group = spec.path("group").asString("");
        String kind = definition.at("/status/acceptedNames/kind").asString("");
        for (JsonNode version : spec.path("versions")) {
            String name = version.path("name").asString("");
            GroupVersionKind versioned = new GroupVersionKind(group, name, kind);
            boolean keepsUnknown = spec.path("preserveUnknownFields").asBoolean(false);
            schemas.put(
                    name,
                    shared.get(
                            versioned,
                            version.path("schema").path("openAPIV3Schema"),
                            keepsUnknown,
                            schema -> new CustomSchema(versioned, schema, keepsUnknown, rules)));
        }
        return schemas;
    }

    private Storage storage(
            Tenant tenant, ObjectNode definition, Map<String, CustomSchema> schemas, long since) {
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
        VersionSchemas versions = new VersionSchemas(schemas, since);
        return new Storage(
                location,
                kind,
                several ? versions.pruning(converters.of(tenant, definition)) : Conversion.NONE,
                several,
                versions);
    }

    private ResourceType type(
            ObjectNode definition, JsonNode version, CustomSchema schema, Storage storage) {
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
                schema,
                storage,
                PrinterColumns.of(version.path("additionalPrinterColumns")),
                new CustomStrategy(
                        storage.location(),
                        scope,
                        parts.contains("status"),
                        Metadata.isBeingDeleted(definition),
                        deprecation(spec, version, kind),
                        scale(subresources.path("scale")),
                        selectable(version)));
    }

    /** The definition's own words, or the version that is to be used in the place of this one. */
    private static Optional<String> deprecation(
            JsonNode spec, JsonNode version, GroupVersionKind kind) {
        if (!version.path("deprecated").asBoolean(false)) {
            return Optional.empty();
        }
        if (version.has("deprecationWarning")) {
            return Optional.of(version.path("deprecationWarning").asString(""));
        }
        String told = kind.apiVersion() + " " + kind.kind() + " is deprecated";
        return Optional.of(
                spec.path("versions")
                        .valueStream()
                        .filter(other -> other.path("served").asBoolean(false))
                        .filter(other -> !other.path("deprecated").asBoolean(false))
                        .map(other -> other.path("name").asString(""))
                        .filter(other ->
                                Versions.PREFERRED_FIRST.compare(other, kind.version()) < 0)
                        .min(Versions.PREFERRED_FIRST)
                        .map(other ->
                                told + "; use " + kind.group() + "/" + other + " " + kind.kind())
                        .orElse(told));
    }

    private static ScalePaths scale(JsonNode scale) {
        return new ScalePaths(
                names(scale, "specReplicasPath"),
                names(scale, "statusReplicasPath"),
                names(scale, "labelSelectorPath"));
    }

    private static List<String> names(JsonNode scale, String field) {
        String path = scale.path(field).asString("");
        return path.isEmpty() ? List.of() : List.of(path.substring(1).split("\\.", -1));
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
