package io.hypernetes.server.custom;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.custom.Conditions;
import io.hypernetes.api.custom.CustomResources;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.ExtensionTypes;
import io.hypernetes.api.types.ResourceTypes;
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.server.registry.Extent;
import io.hypernetes.server.registry.ObjectFilter;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.Served;
import io.hypernetes.store.Compare;
import io.hypernetes.store.ObjectPath;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Each world's types, read from its definitions in the watch cache: what a definition says holds
 * from the moment at which the definition can be read, on every server. A definition is compiled
 * when somebody first asks for its types, and again only after it changed.
 */
public final class CustomTypes implements WorldTypes {
    private final ResourceTypes builtin;
    private final Reads reads;
    private final CustomResources resources;
    private final ConcurrentHashMap<ObjectPath, Compiled> compiled = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Tenant, World> worlds = new ConcurrentHashMap<>();

    /**
     * @param form the digest of all that types are made of: where it stays the same, so do the
     *     types
     */
    private record Compiled(long revision, String form, List<ResourceType> types) {}

    /** All types of a tenant, and the definitions that they were made of. */
    private record World(List<Compiled> of, ResourceTypes types) {}

    public CustomTypes(ResourceTypes builtin, Reads reads, CustomResources resources) {
        this.builtin = builtin;
        this.reads = reads;
        this.resources = resources;
    }

    @Override
    public Optional<ResourceType> find(Tenant tenant, String group, String version, String plural) {
        Optional<ResourceType> known = builtin.find(group, version, plural);
        // A group without a dot is none that a definition could have.
        if (known.isPresent() || group.indexOf('.') < 0) {
            return known;
        }
        String name = plural + "." + group;
        return reads.find(ExtensionTypes.CUSTOM_RESOURCE_DEFINITIONS, tenant, "", name)
                .flatMap(definition ->
                        compile(definition).types().stream()
                                .filter(type -> type.version().equals(version))
                                .findFirst());
    }

    @Override
    public ResourceTypes of(Tenant tenant) {
        List<Served> definitions =
                reads.listCurrent(
                        new Extent(
                                ExtensionTypes.CUSTOM_RESOURCE_DEFINITIONS,
                                Optional.of(tenant),
                                "",
                                ObjectFilter.EVERYTHING));
        if (definitions.isEmpty()) {
            worlds.remove(tenant);
            return builtin;
        }
        List<Compiled> parts = definitions.stream().map(this::compile).toList();
        World known = worlds.get(tenant);
        if (known != null && known.of().equals(parts)) {
            return known.types();
        }
        List<ResourceType> own = new ArrayList<>();
        parts.forEach(part -> own.addAll(part.types()));
        World made = new World(parts, builtin.with(own));
        worlds.put(tenant, made);
        return made.types();
    }

    /** The types of one definition as it is now, established or not: none, or its versions. */
    List<ResourceType> of(Served definition) {
        return compile(definition).types();
    }

    /**
     * What must hold in a write's transaction so that {@code type}, by which it was judged, is
     * still what the definition says: an object of the time before would be served as if it was of
     * today.
     *
     * @return nothing to compare for a built-in type
     * @throws TypeChangedException when it is another one already
     */
    public Optional<Compare> unchanged(Tenant tenant, ResourceType type) {
        if (type.schema().source().isEmpty()) {
            return Optional.empty();
        }
        Optional<Served> definition = definition(tenant, type);
        // The very same: types that are made anew are equal by their names.
        if (definition.isEmpty() || of(definition.get()).stream().noneMatch(t -> t == type)) {
            throw new TypeChangedException(type);
        }
        Served found = definition.get();
        return Optional.of(new Compare.AtRevision(found.path().key(), found.revision()));
    }

    private Optional<Served> definition(Tenant tenant, ResourceType type) {
        String name = type.id().resource() + "." + type.id().group();
        return reads.find(ExtensionTypes.CUSTOM_RESOURCE_DEFINITIONS, tenant, "", name);
    }

    private Compiled compile(Served definition) {
        ObjectPath path = definition.path();
        Compiled known = compiled.get(path);
        if (known != null && known.revision() == definition.revision()) {
            return known;
        }
        ObjectNode tree = definition.copy();
        String form = form(tree);
        Compiled made =
                known != null && known.form().equals(form)
                        ? new Compiled(definition.revision(), known.form(), known.types())
                        : new Compiled(
                                definition.revision(),
                                form,
                                resources.types(definition.tenant(), tree, definition.revision()));
        Compiled kept =
                compiled.merge(
                        path,
                        made,
                        (old, fresh) -> old.revision() >= fresh.revision() ? old : fresh);
        return kept.revision() == made.revision() ? kept : made;
    }

    private static String form(ObjectNode definition) {
        ObjectNode form = Json.object();
        form.set("spec", definition.path("spec"));
        form.set("names", definition.path("status").path("acceptedNames"));
        form.set("stored", definition.path("status").path("storedVersions"));
        form.put("established", Conditions.isTrue(definition, "Established"));
        form.put("ending", Metadata.isBeingDeleted(definition));
        return Json.digest(form);
    }

    /** What a deleted definition leaves behind. */
    void forget(ObjectPath definition) {
        compiled.remove(definition);
        worlds.remove(new Tenant(definition.tenant()));
    }
}
