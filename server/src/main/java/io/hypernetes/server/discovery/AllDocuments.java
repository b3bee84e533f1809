package io.hypernetes.server.discovery;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.schema.Schemas;
import io.hypernetes.api.types.ResourceTypes;
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.server.resource.ResourceHandler;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The documents of every world. Tenants without types of their own share one set, so that only a
 * tenant with custom resources costs memory here, and only once somebody asks.
 */
final class AllDocuments {
    private final WorldTypes types;
    private final Schemas schemas;
    private final ResourceTypes shared;
    private final WorldDocuments tenants;
    private final ConcurrentHashMap<Tenant, Made> made = new ConcurrentHashMap<>();

    private record Made(ResourceTypes of, WorldDocuments documents) {}

    AllDocuments(WorldTypes types, Schemas schemas) {
        this.types = types;
        this.schemas = schemas;
        this.shared = ResourceTypes.BUILTIN;
        this.tenants = make(false, shared);
    }

    WorldDocuments of(Tenant tenant) {
        ResourceTypes current = types.of(tenant);
        if (current == shared && !tenant.isSystem()) {
            made.remove(tenant);
            return tenants;
        }
        return made.compute(
                        tenant,
                        (_, known) ->
                                known != null && known.of() == current
                                        ? known
                                        : new Made(current, make(tenant.isSystem(), current)))
                .documents();
    }

    private WorldDocuments make(boolean system, ResourceTypes world) {
        List<ResourceType> served =
                world.all().stream()
                        .filter(type -> system || ResourceHandler.isServedToTenants(type))
                        .toList();
        return world == shared
                ? new WorldDocuments(schemas, served)
                : new WorldDocuments(schemas, served, tenants);
    }
}
