package io.hypernetes.scheduler;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.WorkloadTypes;
import io.hypernetes.scheduler.cluster.Namespaces;
import io.hypernetes.scheduler.decision.Budgets;
import io.hypernetes.scheduler.plugin.Claims;

import tools.jackson.databind.node.ObjectNode;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What few pods need to be decided on: claims from the mirrors; classes, budgets and namespaces'
 * labels from the server. Belongs to the scheduling thread.
 */
final class Lookups implements Claims, Namespaces, Budgets {

    private final Client client;
    private final SchedulerMirrors mirrors;

    /** Labels looked up for the pod that is being decided on. */
    private final Map<ObjectKey, Map<String, String>> labels = new HashMap<>();

    Lookups(Client client, SchedulerMirrors mirrors) {
        this.client = client;
        this.mirrors = mirrors;
    }

    /** Another pod's turn. */
    void forget() {
        labels.clear();
    }

    @Override
    public Optional<ObjectNode> claim(ObjectKey key) {
        return mirrors.claims().get(key);
    }

    @Override
    public Optional<ObjectNode> deviceClaim(ObjectKey key) {
        return mirrors.deviceClaims().get(key);
    }

    @Override
    public Optional<ObjectNode> volume(Tenant tenant, String name) {
        return mirrors.volumes().get(new ObjectKey(tenant, "", name));
    }

    @Override
    public Optional<ObjectNode> storageClass(Tenant tenant, String name) {
        return name.isEmpty()
                ? Optional.empty()
                : client.find(BuiltinTypes.STORAGE_CLASSES, new ObjectKey(tenant, "", name));
    }

    @Override
    public Map<String, String> labels(Tenant tenant, String namespace) {
        return labels.computeIfAbsent(
                new ObjectKey(tenant, "", namespace),
                key ->
                        client.find(BuiltinTypes.NAMESPACES, key)
                                .map(Metadata::labels)
                                .orElse(Map.of()));
    }

    @Override
    public Collection<ObjectNode> of(Tenant tenant, String namespace) {
        Selection all = Selection.of(tenant, namespace);
        return client.list(WorkloadTypes.POD_DISRUPTION_BUDGETS, all).items().stream()
                .map(TenantObject::object)
                .toList();
    }
}
