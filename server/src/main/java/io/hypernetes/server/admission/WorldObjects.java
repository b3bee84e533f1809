package io.hypernetes.server.admission;

import io.hypernetes.api.GroupResource;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.types.ResourceTypes;
import io.hypernetes.server.registry.Extent;
import io.hypernetes.server.registry.ObjectFilter;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.Served;

import java.util.List;
import java.util.Optional;

/** The objects of one built-in resource, for admission controllers that look at others' objects. */
final class WorldObjects {
    private final Reads reads;
    private final GroupResource resource;

    WorldObjects(Reads reads, String group, String plural) {
        this.reads = reads;
        this.resource = new GroupResource(group, plural);
    }

    Optional<ResourceType> type() {
        return ResourceTypes.BUILTIN.find(resource);
    }

    /** Also those that the operator shares. */
    Optional<Served> find(Tenant tenant, String namespace, String name) {
        return type().flatMap(type -> reads.find(type, tenant, namespace, name));
    }

    /**
     * @param namespace empty for all
     */
    List<Served> list(Tenant tenant, String namespace) {
        return type().map(type ->
                        reads.listCurrent(
                                new Extent(
                                        type,
                                        Optional.of(tenant),
                                        namespace,
                                        ObjectFilter.EVERYTHING)))
                .orElse(List.of());
    }
}
