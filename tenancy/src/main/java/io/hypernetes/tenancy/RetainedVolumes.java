package io.hypernetes.tenancy;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.types.BuiltinTypes;

import tools.jackson.databind.node.ObjectNode;

/**
 * The volumes of a tenant that is being deleted, where the operator wants the data kept: their
 * reclaim policy becomes Retain before their claims go, and the operator's world gets a
 * PersistentVolume for each, which says whose it was.
 */
final class RetainedVolumes {

    /** On the operator's PersistentVolume: the tenant that is gone. */
    static final String FROM = "hypernetes.io/retained-from";

    private static final String POLICY = "persistentVolumeReclaimPolicy";
    private static final String RETAIN = "Retain";

    private final Client client;
    private final Objects objects;

    RetainedVolumes(Client client) {
        this.client = client;
        this.objects = new Objects(client);
    }

    static boolean areWanted(ObjectNode tenant) {
        return tenant.path("spec")
                .path("deletionPolicy")
                .path("volumes")
                .asString("")
                .equals(RETAIN);
    }

    /** May be done any number of times. */
    void keep(Tenant tenant) {
        for (TenantObject volume :
                client.list(BuiltinTypes.PERSISTENT_VOLUMES, Selection.of(tenant)).items()) {
            ObjectNode object = volume.object();
            if (!object.path("spec").path(POLICY).asString("").equals(RETAIN)) {
                ObjectNode changed = object.deepCopy();
                changed.withObject("spec").put(POLICY, RETAIN);
                client.update(BuiltinTypes.PERSISTENT_VOLUMES, tenant, changed);
            }
            ObjectKey key = new ObjectKey(Tenant.SYSTEM, "", volume.key().name());
            objects.ensure(BuiltinTypes.PERSISTENT_VOLUMES, key, record(key, tenant, object));
        }
    }

    private static ObjectNode record(ObjectKey key, Tenant tenant, ObjectNode volume) {
        ObjectNode record = Objects.named(key);
        Metadata.ensureLabels(record).put(FROM, tenant.name());
        ObjectNode spec = (ObjectNode) volume.path("spec").deepCopy();
        record.set("spec", spec.put(POLICY, RETAIN));
        return record;
    }
}
