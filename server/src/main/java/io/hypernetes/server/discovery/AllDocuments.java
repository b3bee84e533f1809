package io.hypernetes.server.discovery;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.schema.Schemas;
import io.hypernetes.api.types.ResourceTypes;
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.server.resource.ResourceHandler;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The documents of every world. Tenants without types of their own share one set, so that only a
 * tenant with custom resources costs memory here, and only once somebody asks.
 */
final class AllDocuments {
    /** Worlds whose documents are kept: megabytes each once somebody read all of them. */
    private static final int MOST = 256;

    private final WorldTypes types;
    private final Schemas schemas;
    private final ResourceTypes shared;
    private final WorldDocuments tenants;

    /** Those asked for last; guarded by this. */
    @SuppressWarnings("serial")
    private final Map<Tenant, Made> made =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Tenant, Made> eldest) {
                    return size() > MOST;
                }
            };

    private record Made(ResourceTypes of, WorldDocuments documents) {}

    AllDocuments(WorldTypes types, Schemas schemas) {
        this.types = types;
        this.schemas = schemas;
        this.shared = ResourceTypes.BUILTIN;
        this.tenants = make(false, shared);
    }

    WorldDocuments of(Tenant tenant) {
        ResourceTypes current = types.of(tenant);
        synchronized (this) {
            if (current == shared && !tenant.isSystem()) {
                made.remove(tenant);
                return tenants;
            }
            Made known = made.get(tenant);
            if (known == null || known.of() != current) {
                known = new Made(current, make(tenant.isSystem(), current));
                made.put(tenant, known);
            }
            return known.documents();
        }
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
