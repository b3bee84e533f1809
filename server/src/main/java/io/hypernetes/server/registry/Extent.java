package io.hypernetes.server.registry;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.store.ObjectPath;
import io.hypernetes.store.ObjectRange;
import io.hypernetes.store.StoreKey;

import java.util.Optional;

/**
 * The objects that a list or a watch is about.
 *
 * @param tenant empty: all tenants
 * @param namespace empty: all namespaces
 */
public record Extent(
        ResourceType type, Optional<Tenant> tenant, String namespace, ObjectFilter filter) {

    /** All objects of a type, in all worlds. */
    public static Extent everywhere(ResourceType type) {
        return new Extent(type, Optional.empty(), "", ObjectFilter.EVERYTHING);
    }

    /** Whether the operator's shared objects are seen beside the tenant's own. */
    boolean isUnion() {
        return tenant.isPresent() && !tenant.get().isSystem() && SharedObjects.projects(type);
    }

    /** The contiguous keys of the tenant's own objects. */
    ObjectRange range() {
        if (tenant.isEmpty()) {
            return wholeResource();
        }
        String group = type.storage().location().group();
        String resource = type.storage().location().resource();
        return namespace.isEmpty()
                ? ObjectRange.ofTenant(group, resource, tenant.get().name())
                : ObjectRange.ofNamespace(group, resource, tenant.get().name(), namespace);
    }

    ObjectRange wholeResource() {
        return ObjectRange.ofResource(
                type.storage().location().group(), type.storage().location().resource());
    }

    ObjectRange sharedRange() {
        return ObjectRange.ofTenant(
                type.storage().location().group(),
                type.storage().location().resource(),
                Tenant.SYSTEM.name());
    }

    /**
     * What a watch reads. A union reads the whole resource and picks, so that its events come in
     * the order of their revisions; the shared types are few and rarely written.
     */
    ObjectRange watchedRange() {
        return isUnion() ? wholeResource() : range();
    }

    /** Whether an object is of this extent, selectors included. */
    boolean shows(Served object) {
        ObjectPath path = object.path();
        boolean mine = tenant.isEmpty() || path.tenant().equals(tenant.get().name());
        if (!mine && !(isUnion() && SharedObjects.isShared(type, object))) {
            return false;
        }
        return (namespace.isEmpty() || path.namespace().equals(namespace))
                && filter.matches(type, object);
    }

    /** Where a page goes on, by what a client may know: never another tenant's key. */
    StoreKey key(String tenantName, String namespaceName, String name) {
        return new ObjectPath(
                        type.storage().location().group(),
                        type.storage().location().resource(),
                        tenantName,
                        namespaceName,
                        name)
                .key();
    }
}
