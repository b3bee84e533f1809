package io.hypernetes.server.admission;

import io.hypernetes.api.json.Json;
import io.hypernetes.api.quota.Quota;
import io.hypernetes.api.quota.ResourceList;
import io.hypernetes.server.registry.Served;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A quota and where its use is written down.
 *
 * @param object the ResourceQuota, or the Tenant, as it is stored
 * @param name as messages name it
 * @param statusField of {@code status}, where {@code used} is; empty for {@code status} itself
 */
record QuotaAccount(Served object, String name, Quota quota, String statusField) {

    static QuotaAccount ofNamespace(Served quota) {
        return new QuotaAccount(quota, quota.path().name(), Quota.toCharge(quota.tree()), "");
    }

    static QuotaAccount ofTenant(Served tenant) {
        return new QuotaAccount(
                tenant,
                "of tenant " + tenant.path().name(),
                Quota.ofTenantToCharge(tenant.tree()),
                "quota");
    }

    /** Whether this Tenant has a quota. */
    static boolean isLimited(Served tenant) {
        return !tenant.tree().path("status").path("quota").path("hard").isEmpty();
    }

    ResourceList used() {
        JsonNode status = object.tree().path("status");
        return ResourceList.of(
                (statusField.isEmpty() ? status : status.path(statusField)).path("used"));
    }

    /** The object with so much more in use. */
    ObjectNode using(ResourceList more) {
        ObjectNode changed = Json.withoutResourceVersion(object.copy());
        ObjectNode status = changed.withObject("status");
        (statusField.isEmpty() ? status : status.withObject(statusField))
                .set("used", used().plus(more).tree());
        return changed;
    }
}
