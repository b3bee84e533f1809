package io.hypernetes.api.client;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;

import tools.jackson.databind.node.ObjectNode;

/** An object and whose it is. The tenant is not a field of the object: it is part of its key. */
public record TenantObject(Tenant tenant, ObjectNode object) {

    public ObjectKey key() {
        return new ObjectKey(
                tenant,
                object.path("metadata").path("namespace").asString(""),
                object.path("metadata").path("name").asString(""));
    }
}
