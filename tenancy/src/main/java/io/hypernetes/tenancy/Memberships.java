package io.hypernetes.tenancy;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.identity.account.Account;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The memberships in a tenant that is gone: a later tenant of that name has other people. */
final class Memberships {

    private final Client client;

    Memberships(Client client) {
        this.client = client;
    }

    void end(Tenant tenant) {
        for (TenantObject user :
                client.list(BuiltinTypes.USERS, Selection.of(Tenant.SYSTEM)).items()) {
            if (Account.of(user.object()).tenants().contains(tenant)) {
                client.update(BuiltinTypes.USERS, Tenant.SYSTEM, without(tenant, user.object()));
            }
        }
    }

    private static ObjectNode without(Tenant tenant, ObjectNode user) {
        ObjectNode changed = user.deepCopy();
        ObjectNode spec = changed.withObject("spec");
        ArrayNode others = JsonNodeFactory.instance.arrayNode();
        for (JsonNode membership : spec.path("tenants")) {
            if (!membership.path("name").asString("").equals(tenant.name())) {
                others.add(membership);
            }
        }
        spec.set("tenants", others);
        if (spec.path("defaultTenant").asString("").equals(tenant.name())) {
            spec.remove("defaultTenant");
        }
        return changed;
    }
}
