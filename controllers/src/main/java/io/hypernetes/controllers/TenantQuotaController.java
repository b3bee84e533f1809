package io.hypernetes.controllers;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.ChangeFeed;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.quota.Quota;
import io.hypernetes.api.quota.ResourceList;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.FeedReader;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;

import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts what all namespaces of a tenant use together and writes it into the Tenant's {@code
 * status.quota}. Works as {@link QuotaController} does: admission adds what is created, what ends
 * or goes is counted here, on the condition that nothing was added while it was counted. A tenant
 * without a quota costs nothing.
 */
public final class TenantQuotaController
        implements Reconciler<ObjectKey>, FeedReader.Listener, AutoCloseable {

    private static final int WORKERS = 2;

    /** Many deletions at once make one count. */
    private static final Duration GATHER = Duration.ofMillis(200);

    private final Client client;
    private final QuotaCount count;
    private final Informer tenants;

    /** Of all changes of all objects, those of these tenants count. */
    private final Set<ObjectKey> limited = ConcurrentHashMap.newKeySet();

    private final Controller<ObjectKey> controller;

    /**
     * @param reader of the change feed; the caller starts it afterwards
     */
    public TenantQuotaController(Client client, WorldTypes types, FeedReader reader, Clock clock) {
        this.client = client;
        this.count = new QuotaCount(client, types, clock);
        this.tenants =
                new Informer(client, BuiltinTypes.TENANTS, Selection.of(Tenant.SYSTEM)).lean();
        tenants.listen(this::changed);
        this.controller = Controller.of("tenant-quota", WORKERS, tenants, this);
        reader.listen(this);
    }

    public TenantQuotaController start() {
        controller.start();
        return this;
    }

    @Override
    public void close() {
        controller.close();
        tenants.close();
    }

    @Override
    public void seen(ChangeFeed.Item item) {
        ObjectKey tenant = new ObjectKey(Tenant.SYSTEM, "", item.key().tenant().name());
        if (limited.contains(tenant) && QuotaCount.mayBeLess(item)) {
            controller.enqueue(tenant, GATHER);
        }
    }

    private void changed(ObjectKey key, Optional<ObjectNode> old, Optional<ObjectNode> current) {
        if (current.filter(TenantQuotaController::isLimited).isPresent()) {
            limited.add(key);
        } else {
            limited.remove(key);
        }
    }

    private static boolean isLimited(ObjectNode tenant) {
        return !tenant.path("spec").path("quota").path("hard").isEmpty();
    }

    @Override
    public Result reconcile(ObjectKey key) {
        Optional<ObjectNode> seen = tenants.get(key);
        boolean concerned =
                seen.isPresent()
                        && (isLimited(seen.get()) || seen.get().path("status").has("quota"));
        if (concerned) {
            client.find(BuiltinTypes.TENANTS, key).ifPresent(tenant -> write(key, tenant));
        }
        return DONE;
    }

    private void write(ObjectKey key, ObjectNode tenant) {
        Quota limits = Quota.ofTenantToCount(tenant);
        ObjectNode status = tenant.withObject("status");
        if (limits.hard().isEmpty()) {
            status.remove("quota");
            client.updateStatus(BuiltinTypes.TENANTS, key.tenant(), tenant);
            return;
        }
        ResourceList used = count.of(Selection.of(new Tenant(key.name())), limits);
        if (QuotaCount.show(status.withObject("quota"), limits, used)) {
            client.updateStatus(BuiltinTypes.TENANTS, key.tenant(), tenant);
        }
    }
}
