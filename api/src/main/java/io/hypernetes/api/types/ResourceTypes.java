package io.hypernetes.api.types;

import io.hypernetes.api.GroupResource;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.ResourceType;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A set of types and the ways to find one. */
public final class ResourceTypes {

    /** All of {@link BuiltinTypes#ALL}. */
    public static final ResourceTypes BUILTIN = new ResourceTypes(BuiltinTypes.ALL);

    private final List<ResourceType> all;
    private final Map<GroupResource, ResourceType> byResource = new LinkedHashMap<>();
    private final Map<GroupVersionKind, ResourceType> byKind = new LinkedHashMap<>();
    private final Map<Versioned, ResourceType> byPath = new LinkedHashMap<>();
    private final Map<GroupResource, ResourceType> byLocation = new LinkedHashMap<>();

    private record Versioned(String group, String version, String plural) {}

    public ResourceTypes(Collection<ResourceType> types) {
        all = List.copyOf(types);
        for (ResourceType type : all) {
            byResource.putIfAbsent(type.id(), type);
            byKind.putIfAbsent(type.groupVersionKind(), type);
            String plural = type.id().resource();
            byPath.putIfAbsent(new Versioned(type.id().group(), type.version(), plural), type);
            byLocation.putIfAbsent(type.storage().location(), type);
        }
    }

    /** In the order of discovery: of a resource's versions the preferred one first. */
    public List<ResourceType> all() {
        return all;
    }

    /** One type for each place where objects are kept: to walk over all objects once. */
    public List<ResourceType> stored() {
        return List.copyOf(byLocation.values());
    }

    /** The preferred version of a resource. */
    public Optional<ResourceType> find(GroupResource resource) {
        return Optional.ofNullable(byResource.get(resource));
    }

    public Optional<ResourceType> find(GroupVersionKind kind) {
        return Optional.ofNullable(byKind.get(kind));
    }

    /** The types of one group and version, in the order of the table. */
    public List<ResourceType> in(String group, String version) {
        return all.stream()
                .filter(t -> t.id().group().equals(group) && t.version().equals(version))
                .toList();
    }

    /** As a request's path names it. */
    public Optional<ResourceType> find(String group, String version, String plural) {
        return Optional.ofNullable(byPath.get(new Versioned(group, version, plural)));
    }
}
