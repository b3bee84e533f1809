package io.hypernetes.tenancy;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.identity.account.Account;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The people of a tenant that is gone: a later tenant of that name has others. Who is in no other
 * tenant goes with it.
 */
final class Memberships {

    private final Client client;

    Memberships(Client client) {
        this.client = client;
    }

    /** Ends all memberships in the tenant; returns the users who are not gone yet. */
    List<String> end(Tenant tenant) {
        List<String> going = new ArrayList<>();
        for (TenantObject user :
                client.list(BuiltinTypes.USERS, Selection.of(Tenant.SYSTEM)).items()) {
            Set<Tenant> theirs = Account.of(user.object()).tenants();
            if (theirs.equals(Set.of(tenant)) && !isOfKeystone(user)) {
                remove(user);
                going.add("user " + user.key().name());
            } else if (theirs.contains(tenant)) {
                client.update(BuiltinTypes.USERS, Tenant.SYSTEM, without(tenant, user.object()));
            }
        }
        return going;
    }

    /** Keystone's people have their objects as long as Keystone has them. */
    private static boolean isOfKeystone(TenantObject user) {
        return Metadata.label(user.object(), UserSync.LABEL).equals(UserSync.KEYSTONE);
    }

    /** Unless they have just joined another tenant. */
    private void remove(TenantObject user) {
        if (!Metadata.isBeingDeleted(user.object())) {
            client.delete(
                    BuiltinTypes.USERS,
                    user.key(),
                    DeleteOptions.DEFAULT.onlyVersion(user.resourceVersion()));
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
