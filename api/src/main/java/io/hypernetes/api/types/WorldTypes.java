package io.hypernetes.api.types;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;

import java.util.Optional;

/**
 * The types of each world: the built-in ones and the tenant's own custom resources. Two tenants may
 * have a custom resource of one name with different schemas, so nothing may ask for a type without
 * saying whose.
 */
public interface WorldTypes {

    /** The same built-in types in every world. */
    WorldTypes BUILTIN =
            new WorldTypes() {
                @Override
                public ResourceTypes of(Tenant tenant) {
                    return ResourceTypes.BUILTIN;
                }

                @Override
                public Optional<ResourceType> find(
                        Tenant tenant, String group, String version, String plural) {
                    return ResourceTypes.BUILTIN.find(group, version, plural);
                }
            };

    /**
     * All types of a world. The same instance is returned until one of them changes, and it is
     * shared by all tenants that have none of their own.
     */
    ResourceTypes of(Tenant tenant);

    /** As a request's path names it; costs no more than a look-up. */
    Optional<ResourceType> find(Tenant tenant, String group, String version, String plural);
}
