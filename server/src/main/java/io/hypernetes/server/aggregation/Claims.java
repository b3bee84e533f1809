package io.hypernetes.server.aggregation;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.types.ExtensionTypes;
import io.hypernetes.api.types.ResourceTypes;
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.server.registry.Extent;
import io.hypernetes.server.registry.ObjectFilter;
import io.hypernetes.server.registry.Reads;

import java.util.List;
import java.util.Optional;

/**
 * The claims of each world, read from the watch cache. What a world serves itself is not claimed.
 */
public final class Claims {
    private final WorldTypes types;
    private final Reads reads;

    public Claims(WorldTypes types, Reads reads) {
        this.types = types;
        this.reads = reads;
    }

    /** Costs built-in groups one look-up in a table, others one in the watch cache. */
    Optional<Claim> find(Tenant tenant, String group, String version) {
        if (group.isEmpty() || !ResourceTypes.BUILTIN.in(group, version).isEmpty()) {
            return Optional.empty();
        }
        return reads.find(ExtensionTypes.API_SERVICES, tenant, "", version + "." + group)
                .flatMap(Claim::of)
                .filter(claim -> types.of(tenant).in(group, version).isEmpty());
    }

    /** In the order of their names. */
    List<Claim> all(Tenant tenant) {
        Extent extent =
                new Extent(
                        ExtensionTypes.API_SERVICES,
                        Optional.of(tenant),
                        "",
                        ObjectFilter.EVERYTHING);
        return reads.listCurrent(extent).stream()
                .flatMap(apiService -> Claim.of(apiService).stream())
                .filter(claim -> types.of(tenant).in(claim.group(), claim.version()).isEmpty())
                .toList();
    }
}
