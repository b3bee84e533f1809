package io.hypernetes.controllers;

import io.hypernetes.api.GroupResource;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.ChangeFeed;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.quantity.Quantity;
import io.hypernetes.api.quota.Quota;
import io.hypernetes.api.quota.ResourceList;
import io.hypernetes.api.quota.Usage;
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.FeedReader;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;

import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Counts what the objects of a namespace use and writes it into its quotas' status. Admission adds
 * what is created; what ends or goes is noticed here, in the change feed.
 *
 * <p>The count is exact: it is written on the condition that the quota is the one that was read
 * before counting, and every creation changes the quota.
 */
public final class QuotaController
        implements Reconciler<ObjectKey>, FeedReader.Listener, AutoCloseable {

    private static final int WORKERS = 2;

    /** Many deletions at once make one count. */
    private static final Duration GATHER = Duration.ofMillis(100);

    private final Client client;
    private final WorldTypes types;
    private final Clock clock;
    private final Informer quotas;
    private final Controller<ObjectKey> controller;

    /**
     * @param quotaType the built-in type of ResourceQuotas
     * @param reader of the change feed; the caller starts it afterwards
     */
    public QuotaController(
            Client client,
            WorldTypes types,
            ResourceType quotaType,
            FeedReader reader,
            Clock clock) {
        this.client = client;
        this.types = types;
        this.clock = clock;
        this.quotas = new Informer(client, quotaType);
        this.controller = Controller.of("resource-quota", WORKERS, quotas, this);
        reader.listen(this);
    }

    public QuotaController start() {
        controller.start();
        return this;
    }

    @Override
    public void close() {
        controller.close();
        quotas.close();
    }

    @Override
    public void seen(ChangeFeed.Item item) {
        ObjectKey key = item.key();
        if (key.namespace().isEmpty() || !mayUseLess(item)) {
            return;
        }
        for (ObjectNode quota : quotas.objects(key.tenant(), key.namespace())) {
            controller.enqueue(
                    new ObjectKey(
                            key.tenant(),
                            key.namespace(),
                            quota.path("metadata").path("name").asString("")),
                    GATHER);
        }
    }

    private static boolean mayUseLess(ChangeFeed.Item item) {
        GroupResource resource = item.resource();
        if (item.gone()) {
            return true;
        }
        if (resource.equals(Usage.PODS)) {
            return item.mentions("\"Succeeded\"")
                    || item.mentions("\"Failed\"")
                    || item.mentions("\"deletionTimestamp\"");
        }
        return resource.equals(Usage.SERVICES) || resource.equals(Usage.CLAIMS);
    }

    @Override
    public Result reconcile(ObjectKey key) {
        Optional<ObjectNode> found = client.find(quotas.type(), key);
        if (found.isEmpty()) {
            return DONE;
        }
        ObjectNode quota = found.get();
        Quota limits = Quota.toCount(quota);
        ResourceList used = count(key.tenant(), key.namespace(), limits);
        ObjectNode status = quota.withObject("status");
        boolean same =
                ResourceList.of(status.path("hard")).equals(limits.hard())
                        && ResourceList.of(status.path("used")).equals(used);
        if (!same) {
            status.set("hard", limits.hard().tree());
            status.set("used", used.tree());
            client.updateStatus(quotas.type(), key.tenant(), quota);
        }
        return DONE;
    }

    private ResourceList count(Tenant tenant, String namespace, Quota limits) {
        Map<String, Quantity> zeros = new TreeMap<>();
        limits.hard().names().forEach(name -> zeros.put(name, Quantity.ZERO));
        ResourceList sum = ResourceList.of(zeros);
        for (ResourceType type : types.of(tenant).stored()) {
            if (type.namespaced() && !limits.names(type.id()).isEmpty()) {
                sum = sum.plus(count(type, tenant, namespace, limits));
            }
        }
        return sum;
    }

    private ResourceList count(ResourceType type, Tenant tenant, String namespace, Quota limits) {
        Set<String> names = limits.names(type.id());
        ResourceList sum = ResourceList.EMPTY;
        for (TenantObject item : client.list(type, Selection.of(tenant, namespace)).items()) {
            if (limits.covers(type.id(), item.object())) {
                sum = sum.plus(Usage.of(type.id(), item.object(), clock.instant()).only(names));
            }
        }
        return sum;
    }
}
