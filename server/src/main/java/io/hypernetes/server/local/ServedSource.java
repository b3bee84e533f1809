package io.hypernetes.server.local;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.server.registry.Served;

import tools.jackson.databind.node.ObjectNode;

/** An object of the watch cache: its bytes are there anyway. */
record ServedSource(Served served) implements TenantObject.Source {
    @Override
    public Tenant tenant() {
        return served.tenant();
    }

    @Override
    public ObjectKey key() {
        return new ObjectKey(served.tenant(), served.path().namespace(), served.path().name());
    }

    @Override
    public String resourceVersion() {
        return Long.toString(served.revision());
    }

    @Override
    public ObjectNode tree() {
        return served.tree();
    }

    @Override
    public ObjectNode copy() {
        return served.copy();
    }
}
