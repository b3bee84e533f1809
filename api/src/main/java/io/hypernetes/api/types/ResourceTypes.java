package io.hypernetes.api.types;

import io.hypernetes.api.GroupResource;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.ResourceType;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A set of types and the ways to find one. One that adds some to another holds only what it adds:
 * there is one for each world that has types of its own.
 */
public final class ResourceTypes {

    /** All of {@link BuiltinTypes#ALL}. */
    public static final ResourceTypes BUILTIN = new ResourceTypes(BuiltinTypes.ALL);

    private final Optional<ResourceTypes> base;
    private final List<ResourceType> own;
    private final Map<GroupResource, ResourceType> byResource;
    private final Map<GroupVersionKind, ResourceType> byKind;
    private final Map<Versioned, ResourceType> byPath;
    private final Map<GroupResource, ResourceType> byLocation;

    private record Versioned(String group, String version, String plural) {}

    public ResourceTypes(Collection<ResourceType> types) {
        this(Optional.empty(), types);
    }

    private ResourceTypes(Optional<ResourceTypes> base, Collection<ResourceType> types) {
        this.base = base;
        this.own = List.copyOf(types);
        byResource = LinkedHashMap.newLinkedHashMap(own.size());
        byKind = LinkedHashMap.newLinkedHashMap(own.size());
        byPath = LinkedHashMap.newLinkedHashMap(own.size());
        byLocation = LinkedHashMap.newLinkedHashMap(own.size());
        for (ResourceType type : own) {
            byResource.putIfAbsent(type.id(), type);
            byKind.putIfAbsent(type.groupVersionKind(), type);
            String plural = type.id().resource();
            byPath.putIfAbsent(new Versioned(type.id().group(), type.version(), plural), type);
            byLocation.putIfAbsent(type.storage().location(), type);
        }
    }

    /** These and more; where two are the same, these count. */
    public ResourceTypes with(Collection<ResourceType> more) {
        return new ResourceTypes(Optional.of(this), more);
    }

    /** In the order of discovery: of a resource's versions the preferred one first. */
    public List<ResourceType> all() {
        return base.map(types -> joined(types.all(), own)).orElse(own);
    }

    /** One type for each place where objects are kept: to walk over all objects once. */
    public List<ResourceType> stored() {
        List<ResourceType> here = List.copyOf(byLocation.values());
        return base.map(types -> joined(types.stored(), types.withoutPlacesOf(here))).orElse(here);
    }

    private List<ResourceType> withoutPlacesOf(List<ResourceType> others) {
        return others.stream().filter(t -> !hasPlace(t.storage().location())).toList();
    }

    private boolean hasPlace(GroupResource location) {
        return byLocation.containsKey(location)
                || base.filter(types -> types.hasPlace(location)).isPresent();
    }

    private static List<ResourceType> joined(List<ResourceType> some, List<ResourceType> more) {
        List<ResourceType> all = new ArrayList<>(some.size() + more.size());
        all.addAll(some);
        all.addAll(more);
        return List.copyOf(all);
    }

    /** The preferred version of a resource. */
    public Optional<ResourceType> find(GroupResource resource) {
        return base.flatMap(types -> types.find(resource))
                .or(() -> Optional.ofNullable(byResource.get(resource)));
    }

    public Optional<ResourceType> find(GroupVersionKind kind) {
        return base.flatMap(types -> types.find(kind))
                .or(() -> Optional.ofNullable(byKind.get(kind)));
    }

    /** The types of one group and version, in the order of the table. */
    public List<ResourceType> in(String group, String version) {
        return all().stream()
                .filter(t -> t.id().group().equals(group) && t.version().equals(version))
                .toList();
    }

    /** As a request's path names it. */
    public Optional<ResourceType> find(String group, String version, String plural) {
        return base.flatMap(types -> types.find(group, version, plural))
                .or(() -> Optional.ofNullable(byPath.get(new Versioned(group, version, plural))));
    }
}
