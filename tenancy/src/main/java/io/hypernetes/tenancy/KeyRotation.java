package io.hypernetes.tenancy;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Patch;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;

import tools.jackson.databind.node.ObjectNode;

import java.util.Optional;

/**
 * Gives a tenant a new key when its Tenant asks for one: the annotation {@value #WANTED} has
 * another text than {@value #DONE_FOR}, which says what has been done. A kill in between is made
 * good by the next start.
 */
public final class KeyRotation implements Reconciler<ObjectKey>, AutoCloseable {
    public static final String WANTED = "hypernetes.io/rotate-key";
    public static final String DONE_FOR = "hypernetes.io/key-rotated";

    /** The keys that tenants' objects are stored under. */
    public interface Keys {
        /** Brings what is stored to the newest keys; back when all is. */
        void settle();

        /**
         * A new key, and all of the tenant's objects under it; back when they are.
         *
         * @param cause the same cause makes one key, however often it is asked for
         */
        void rotate(Tenant tenant, String cause);
    }

    private final Client client;
    private final Keys keys;
    private final Informer tenants;
    private final Controller<ObjectKey> controller;

    public KeyRotation(Client client, Keys keys) {
        this.client = client;
        this.keys = keys;
        this.tenants =
                new Informer(client, BuiltinTypes.TENANTS, Selection.of(Tenant.SYSTEM)).lean();
        this.controller = Controller.of("key-rotation", 1, tenants, this);
    }

    public KeyRotation start() {
        keys.settle();
        controller.start();
        return this;
    }

    @Override
    public Result reconcile(ObjectKey key) {
        Optional<ObjectNode> known = tenants.get(key);
        if (known.isEmpty() || Metadata.isBeingDeleted(known.get())) {
            return DONE;
        }
        String wanted = Metadata.annotation(known.get(), WANTED);
        if (!wanted.isEmpty() && !wanted.equals(Metadata.annotation(known.get(), DONE_FOR))) {
            keys.rotate(new Tenant(key.name()), wanted);
            ObjectNode done = Json.object();
            done.putObject("metadata").putObject("annotations").put(DONE_FOR, wanted);
            client.patch(BuiltinTypes.TENANTS, key, new Patch.Merge(done), "");
        }
        return DONE;
    }

    @Override
    public void close() {
        controller.close();
        tenants.close();
    }
}
