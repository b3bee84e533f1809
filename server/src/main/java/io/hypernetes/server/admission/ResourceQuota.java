package io.hypernetes.server.admission;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.GroupResource;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.quota.Quota;
import io.hypernetes.api.quota.ResourceList;
import io.hypernetes.api.quota.Usage;
import io.hypernetes.server.admission.AdmissionRequest.Operation;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.Served;
import io.hypernetes.store.Compare;

import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Holds a namespace to its quotas. The use is written into the quota in the same transaction as the
 * object, on the condition that the quota has not changed meanwhile: two writers cannot both take
 * the last place, on however many servers.
 */
final class ResourceQuota {
    private final WorldObjects quotas;
    private final Clock clock;

    ResourceQuota(Reads reads, Clock clock) {
        this.quotas = new WorldObjects(reads, "", "resourcequotas");
        this.clock = clock;
    }

    /** Whether writers in this request's namespace must take turns. */
    boolean concerns(AdmissionRequest request) {
        return handles(request)
                && !quotas.list(request.call().tenant(), request.namespace()).isEmpty();
    }

    /** Throws Forbidden when a quota does not allow it. */
    Charge charge(AdmissionRequest request) {
        if (!handles(request)) {
            return Charge.NOTHING;
        }
        List<Compare> conditions = new ArrayList<>();
        List<io.hypernetes.store.Operation> writes = new ArrayList<>();
        for (Served quota : quotas.list(request.call().tenant(), request.namespace())) {
            charged(request, quota)
                    .ifPresent(changed -> {
                        conditions.add(
                                new Compare.AtRevision(quota.path().key(), quota.revision()));
                        writes.add(
                                new io.hypernetes.store.Operation.Put(
                                        quota.path().key(), Json.writeStored(changed)));
                    });
        }
        return new Charge(conditions, writes);
    }

    private static boolean handles(AdmissionRequest request) {
        GroupResource resource = request.type().id();
        if (!request.type().namespaced() || resource.resource().equals("events")) {
            return false;
        }
        return switch (request.operation()) {
            case CREATE -> request.subresource().isEmpty();
            case UPDATE ->
                    resource.equals(Usage.PODS) && request.subresource().equals("resize")
                            || (resource.equals(Usage.SERVICES) || resource.equals(Usage.CLAIMS))
                                    && request.subresource().isEmpty();
            case DELETE, CONNECT -> false;
        };
    }

    /** The quota with the new use; empty when this request uses nothing more of it. */
    private Optional<ObjectNode> charged(AdmissionRequest request, Served object) {
        GroupResource resource = request.type().id();
        Quota quota = Quota.toCharge(object.tree());
        if (!quota.covers(resource, request.object())) {
            return Optional.empty();
        }
        String name = object.path().name();
        if (resource.equals(Usage.PODS)) {
            quota.unsaid(request.object())
                    .ifPresent(text -> {
                        throw forbidden(request, "failed quota: " + name + ": " + text);
                    });
        }
        ResourceList used = ResourceList.of(object.tree().path("status").path("used"));
        Set<String> names = quota.names(resource);
        if (!used.names().containsAll(names)) {
            throw forbidden(
                    request,
                    "status unknown for quota: "
                            + name
                            + ", resources: "
                            + String.join(",", names));
        }
        ResourceList more = more(request, quota).only(quota.hard().names()).withoutZeros();
        if (more.isEmpty()) {
            return Optional.empty();
        }
        ResourceList after = used.plus(more);
        Set<String> exceeded = after.only(more.names()).exceeding(quota.hard());
        if (!exceeded.isEmpty()) {
            throw forbidden(
                    request,
                    "exceeded quota: "
                            + name
                            + ", requested: "
                            + more.only(exceeded)
                            + ", used: "
                            + used.only(exceeded)
                            + ", limited: "
                            + quota.hard().only(exceeded));
        }
        ObjectNode changed = Json.withoutResourceVersion(object.copy());
        changed.withObject("status").set("used", after.tree());
        return Optional.of(changed);
    }

    private ResourceList more(AdmissionRequest request, Quota quota) {
        GroupResource resource = request.type().id();
        Instant now = clock.instant();
        ResourceList usage = Usage.of(resource, request.object(), now);
        return request.old()
                .filter(old -> request.operation() == Operation.UPDATE)
                .filter(old -> quota.covers(resource, old))
                .map(old -> usage.beyond(Usage.of(resource, old, now)))
                .orElse(usage);
    }

    private static ApiException forbidden(AdmissionRequest request, String detail) {
        return ApiException.forbidden(request.type().id(), request.name(), detail);
    }
}
