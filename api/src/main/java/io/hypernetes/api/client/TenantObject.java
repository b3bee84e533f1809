package io.hypernetes.api.client;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

/**
 * An object and whose it is. The tenant is not a field of the object: it is part of its key.
 *
 * <p>It may come as it lies in memory, and is parsed when somebody looks at it: who keeps many
 * objects and looks at few of them keeps no trees.
 */
public final class TenantObject {

    /** An object in a form that costs nothing to hold. */
    public interface Source {
        Tenant tenant();

        ObjectKey key();

        String resourceVersion();

        /** Shared: must not be changed. Parsed anew when memory was needed meanwhile. */
        ObjectNode tree();

        /** The caller's own. */
        ObjectNode copy();
    }

    private final Tenant tenant;
    private final @Nullable Source source;
    private volatile @Nullable ObjectNode object;

    public TenantObject(Tenant tenant, ObjectNode object) {
        this.tenant = tenant;
        this.source = null;
        this.object = object;
    }

    public TenantObject(Source source) {
        this.tenant = source.tenant();
        this.source = source;
    }

    public Tenant tenant() {
        return tenant;
    }

    /** The holder's own: the same tree at every call. */
    public ObjectNode object() {
        ObjectNode known = object;
        if (known == null) {
            known = java.util.Objects.requireNonNull(source).copy();
            object = known;
        }
        return known;
    }

    /** For a look: must not be changed, and is not kept. */
    public ObjectNode tree() {
        ObjectNode known = object;
        return known == null ? java.util.Objects.requireNonNull(source).tree() : known;
    }

    public ObjectKey key() {
        Source lying = source;
        return lying == null ? key(tenant, object()) : lying.key();
    }

    public String resourceVersion() {
        Source lying = source;
        return lying == null
                ? object().path("metadata").path("resourceVersion").asString("")
                : lying.resourceVersion();
    }

    private static ObjectKey key(Tenant tenant, ObjectNode object) {
        return new ObjectKey(
                tenant,
                object.path("metadata").path("namespace").asString(""),
                object.path("metadata").path("name").asString(""));
    }

    @Override
    public String toString() {
        return tenant + " " + tree();
    }
}
