package io.hypernetes.tenancy;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.identity.rbac.DefaultRoles;

import java.util.ArrayList;
import java.util.List;

/**
 * Empties a tenant's world, in the order in which things lean on each other. Namespaces go first:
 * from then on nothing new can be made in them, and their own deletion takes pods before claims
 * before the rest. What is in no namespace any more (or never was) follows: networks, which wait
 * for their pods, then everything else.
 */
final class Demolition {

    private final Client client;
    private final Objects objects;
    private final WorldTypes types;

    Demolition(Client client, WorldTypes types) {
        this.client = client;
        this.objects = new Objects(client);
        this.types = types;
    }

    /** One step: asks for deletions and says what is still there; empty when all is gone. */
    List<String> step(Tenant tenant) {
        for (List<ResourceType> group : order(tenant)) {
            List<String> remaining = new ArrayList<>();
            for (ResourceType type : group) {
                objects(type, tenant).stream()
                        .filter(object -> !Metadata.isBeingDeleted(object.object()))
                        .forEach(object -> objects.delete(type, object.key()));
                int left = objects(type, tenant).size();
                if (left > 0) {
                    remaining.add(left + " " + type);
                }
            }
            if (!remaining.isEmpty()) {
                return remaining;
            }
        }
        return List.of();
    }

    private List<List<ResourceType>> order(Tenant tenant) {
        List<ResourceType> all = types.of(tenant).stored();
        return List.of(
                List.of(BuiltinTypes.NAMESPACES),
                all.stream().filter(ResourceType::namespaced).toList(),
                List.of(BuiltinTypes.NETWORKS),
                all.stream().filter(Demolition::isOfTheWorld).toList());
    }

    /** Without what is only projected into this world: that is the operator's. */
    private List<TenantObject> objects(ResourceType type, Tenant tenant) {
        return client.list(type, Selection.of(tenant)).items().stream()
                .filter(object -> object.tenant().equals(tenant))
                .filter(object ->
                        !Metadata.label(object.object(), DefaultRoles.LABEL)
                                        .equals(DefaultRoles.LABEL_VALUE)
                                || !type.id().equals(BuiltinTypes.CLUSTER_ROLES.id()))
                .toList();
    }

    private static boolean isOfTheWorld(ResourceType type) {
        return !type.namespaced()
                && !type.id().equals(BuiltinTypes.STORAGE_CLASSES.id())
                && !type.id().equals(BuiltinTypes.TENANTS.id())
                && !type.id().equals(BuiltinTypes.USERS.id());
    }
}
