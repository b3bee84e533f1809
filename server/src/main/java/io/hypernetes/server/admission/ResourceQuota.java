package io.hypernetes.server.admission;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.GroupResource;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.quota.Quota;
import io.hypernetes.api.quota.ResourceList;
import io.hypernetes.api.quota.Usage;
import io.hypernetes.server.admission.AdmissionRequest.Operation;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.store.Compare;
import io.hypernetes.store.ObjectPath;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Holds a namespace to its quotas, and a tenant to the quota of all its namespaces together. The
 * use is written into the quota (of a tenant: into the Tenant object) in the same transaction as
 * the object, on the condition that the quota has not changed meanwhile: two writers cannot both
 * take the last place, on however many servers.
 */
final class ResourceQuota {
    private final WorldObjects quotas;
    private final TenantObjects tenants;
    private final Clock clock;

    ResourceQuota(Reads reads, Clock clock) {
        this.quotas = new WorldObjects(reads, "", "resourcequotas");
        this.tenants = new TenantObjects(reads);
        this.clock = clock;
    }

    /** Whether the writer of this request must take turns with others. */
    boolean concerns(AdmissionRequest request) {
        return concernsTenant(request)
                || isInNamespace(request)
                        && handles(request)
                        && !quotas.list(request.call().tenant(), request.namespace()).isEmpty();
    }

    /** Whether all writers of the tenant must take turns. */
    boolean concernsTenant(AdmissionRequest request) {
        return handles(request) && ofTenant(request).isPresent();
    }

    /** Throws Forbidden when a quota does not allow it. */
    Charge charge(AdmissionRequest request) {
        if (!handles(request)) {
            return Charge.NOTHING;
        }
        List<QuotaAccount> accounts = new ArrayList<>();
        if (isInNamespace(request)) {
            quotas.list(request.call().tenant(), request.namespace()).stream()
                    .map(QuotaAccount::ofNamespace)
                    .forEach(accounts::add);
        }
        ofTenant(request).ifPresent(accounts::add);
        List<Compare> conditions = new ArrayList<>();
        List<io.hypernetes.store.Operation> writes = new ArrayList<>();
        for (QuotaAccount account : accounts) {
            ResourceList more = more(request, account);
            if (!more.isEmpty()) {
                ObjectPath path = account.object().path();
                conditions.add(new Compare.AtRevision(path.key(), account.object().revision()));
                writes.add(
                        new io.hypernetes.store.Operation.Put(
                                path.key(), Json.writeStored(account.using(more))));
            }
        }
        return new Charge(conditions, writes);
    }

    private Optional<QuotaAccount> ofTenant(AdmissionRequest request) {
        return tenants.of(request.call().tenant())
                .filter(QuotaAccount::isLimited)
                .map(QuotaAccount::ofTenant);
    }

    private static boolean isInNamespace(AdmissionRequest request) {
        return request.type().namespaced();
    }

    private static boolean handles(AdmissionRequest request) {
        GroupResource resource = request.type().id();
        if (resource.resource().equals("events")) {
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

    /** What this request uses of the quota; nothing when the quota is not about it. */
    private ResourceList more(AdmissionRequest request, QuotaAccount account) {
        GroupResource resource = request.type().id();
        Quota quota = account.quota();
        if (!quota.covers(resource, request.object())) {
            return ResourceList.EMPTY;
        }
        if (resource.equals(Usage.PODS)) {
            quota.unsaid(request.object())
                    .ifPresent(text -> {
                        throw forbidden(request, "failed quota: " + account.name() + ": " + text);
                    });
        }
        ResourceList used = account.used();
        Set<String> names = quota.names(resource);
        if (!used.names().containsAll(names)) {
            throw forbidden(
                    request,
                    "status unknown for quota: "
                            + account.name()
                            + ", resources: "
                            + String.join(",", names));
        }
        ResourceList more = usage(request, quota).only(quota.hard().names()).withoutZeros();
        Set<String> exceeded = used.plus(more).only(more.names()).exceeding(quota.hard());
        if (!exceeded.isEmpty()) {
            throw forbidden(
                    request,
                    "exceeded quota: "
                            + account.name()
                            + ", requested: "
                            + more.only(exceeded)
                            + ", used: "
                            + used.only(exceeded)
                            + ", limited: "
                            + quota.hard().only(exceeded));
        }
        return more;
    }

    private ResourceList usage(AdmissionRequest request, Quota quota) {
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
