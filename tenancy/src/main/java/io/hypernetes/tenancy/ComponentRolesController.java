package io.hypernetes.tenancy;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.client.Client;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.Reconciler;
import io.hypernetes.identity.rbac.ComponentRoles;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes the roles of Kubernetes' own components once after each start. Beside the start, not in it:
 * nobody of ours waits for them.
 */
public final class ComponentRolesController implements Reconciler<String>, AutoCloseable {

    private static final int WORKERS = 1;

    private final DefaultRights rights;
    private final Controller<String> controller;

    /** By their type and name, each role before its binding. */
    private final Map<String, ComponentRoles.Default> defaults = new LinkedHashMap<>();

    public ComponentRolesController(Client client) {
        rights = new DefaultRights(client);
        controller = new Controller<>("component-roles", WORKERS, this);
        ComponentRoles.all().forEach(wanted -> defaults.put(key(wanted), wanted));
    }

    public ComponentRolesController start() {
        controller.start();
        defaults.keySet().forEach(controller::enqueue);
        return this;
    }

    @Override
    public void close() {
        controller.close();
    }

    @Override
    public Result reconcile(String key) {
        ComponentRoles.Default wanted = defaults.get(key);
        if (wanted != null) {
            rights.ensure(wanted.type(), wanted.object().deepCopy());
        }
        return DONE;
    }

    private static String key(ComponentRoles.Default wanted) {
        return wanted.type().id()
                + "/"
                + Metadata.namespace(wanted.object())
                + "/"
                + Metadata.name(wanted.object());
    }
}
