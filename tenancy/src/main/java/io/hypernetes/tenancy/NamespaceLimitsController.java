package io.hypernetes.tenancy;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.ChangeFeed;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.hypernetes.TenantSecurity;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.FeedReader;
import io.hypernetes.controllerruntime.Reconciler;

import tools.jackson.databind.node.ObjectNode;

import java.util.Map;
import java.util.Set;

/**
 * Gives each namespace of a tenant with {@code spec.security.namespaceLimits} a ResourceQuota and a
 * LimitRange. They are the tenant's own: what its administrator changes in them stays, only one
 * that is missing is made again. The quota limits requests and the range has default requests: no
 * pod gets a limit that nobody asked for.
 */
public final class NamespaceLimitsController
        implements Reconciler<ObjectKey>, FeedReader.Listener, AutoCloseable {

    /** Of both objects. */
    static final String NAME = "tenant-default";

    private static final int WORKERS = 2;

    /** Nobody's pods are there, and a tenant's quota holds in them as well. */
    private static final Set<String> WITHOUT = Set.of("kube-system", "kube-public");

    private static final Map<String, String> REQUESTS =
            Map.of("cpu", "100m", "memory", "128Mi", "ephemeral-storage", "64Mi");

    private static final Map<String, String> HARD =
            Map.ofEntries(
                    Map.entry("requests.cpu", "64"),
                    Map.entry("requests.memory", "256Gi"),
                    Map.entry("requests.ephemeral-storage", "1Ti"),
                    Map.entry("requests.storage", "4Ti"),
                    Map.entry("pods", "500"),
                    Map.entry("services", "500"),
                    Map.entry("services.nodeports", "100"),
                    Map.entry("services.loadbalancers", "50"),
                    Map.entry("replicationcontrollers", "500"),
                    Map.entry("resourcequotas", "10"),
                    Map.entry("secrets", "5k"),
                    Map.entry("configmaps", "5k"),
                    Map.entry("persistentvolumeclaims", "500"));

    private final Client client;
    private final Objects objects;
    private final Controller<ObjectKey> controller;

    /**
     * @param reader of the change feed; the caller starts it afterwards
     */
    public NamespaceLimitsController(Client client, FeedReader reader) {
        this.client = client;
        this.objects = new Objects(client);
        this.controller = new Controller<>("namespace-limits", WORKERS, this);
        reader.listen(this);
    }

    public NamespaceLimitsController start() {
        controller.start();
        return this;
    }

    @Override
    public void close() {
        controller.close();
    }

    @Override
    public void seen(ChangeFeed.Item item) {
        ObjectKey key = item.key();
        if (key.tenant().isSystem()) {
            return;
        }
        if (item.resource().equals(BuiltinTypes.NAMESPACES.id()) && !item.gone()) {
            controller.enqueue(key);
        } else if (item.gone()
                && key.name().equals(NAME)
                && (item.resource().equals(BuiltinTypes.RESOURCE_QUOTAS.id())
                        || item.resource().equals(BuiltinTypes.LIMIT_RANGES.id()))) {
            controller.enqueue(new ObjectKey(key.tenant(), "", key.namespace()));
        }
    }

    @Override
    public Result reconcile(ObjectKey key) {
        ObjectKey tenant = new ObjectKey(Tenant.SYSTEM, "", key.tenant().name());
        boolean wanted =
                !WITHOUT.contains(key.name())
                        && client.find(BuiltinTypes.TENANTS, tenant)
                                .filter(object -> !Metadata.isBeingDeleted(object))
                                .filter(object -> TenantSecurity.of(object).namespaceLimits())
                                .isPresent()
                        && client.find(BuiltinTypes.NAMESPACES, key)
                                .filter(object -> !Metadata.isBeingDeleted(object))
                                .isPresent();
        if (wanted) {
            ObjectKey own = new ObjectKey(key.tenant(), key.name(), NAME);
            // The range first: the quota asks for requests, which the range fills in.
            objects.ensure(BuiltinTypes.LIMIT_RANGES, own, range(own));
            objects.ensure(BuiltinTypes.RESOURCE_QUOTAS, own, quota(own));
        }
        return DONE;
    }

    private static ObjectNode range(ObjectKey key) {
        ObjectNode range = Objects.named(key);
        ObjectNode limit = range.putObject("spec").putArray("limits").addObject();
        limit.put("type", "Container");
        REQUESTS.forEach(limit.putObject("defaultRequest")::put);
        return range;
    }

    private static ObjectNode quota(ObjectKey key) {
        ObjectNode quota = Objects.named(key);
        HARD.forEach(quota.putObject("spec").putObject("hard")::put);
        return quota;
    }
}
