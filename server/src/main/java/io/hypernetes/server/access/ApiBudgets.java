package io.hypernetes.server.access;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status;
import io.hypernetes.api.Status.Details;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.server.http.Rates;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.Served;

import tools.jackson.databind.JsonNode;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/**
 * How fast a tenant's users may ask, by its object's {@code spec.quota.api}, and how much they may
 * bring in large bodies: what is thrown away of these is what stops everybody, when memory is
 * cleared. Each server counts for itself. Who has no budget pays a look-up.
 */
final class ApiBudgets {
    private static final int SECONDS_SAVED = 10;
    private static final int LARGE_SECONDS_SAVED = 4;

    private final Reads reads;
    private final Rates<Tenant> rates;
    private final Rates<Tenant> largeBytes;
    private final long largeBytesPerSecond;

    /** As the Tenant objects said at a revision. */
    private final ConcurrentMap<Tenant, Budget> budgets = new ConcurrentHashMap<>();

    private record Budget(long revision, int perSecond, int burst) {}

    ApiBudgets(Reads reads, LongSupplier nanos, long largeBytesPerSecond) {
        this.reads = reads;
        this.rates = new Rates<>(nanos);
        this.largeBytes = new Rates<>(nanos);
        this.largeBytesPerSecond = largeBytesPerSecond;
    }

    /**
     * Waits until a large body is within the tenant's budget. To refuse it would cost more: what is
     * refused is taken off the line all the same. Throws TooManyRequests when that would take too
     * long.
     */
    void awaitLarge(Session session, long bytes, Duration patience) throws InterruptedException {
        if (session.identity().operator() || session.world().isEmpty()) {
            return;
        }
        Tenant tenant = session.world().get();
        if (tenant.isSystem()) {
            return;
        }
        OptionalLong wait =
                largeBytes.reserve(
                        tenant,
                        bytes,
                        largeBytesPerSecond,
                        (double) largeBytesPerSecond * LARGE_SECONDS_SAVED,
                        patience.toNanos());
        if (wait.isEmpty()) {
            throw tooMany(
                    "tenant \"%s\" has used up its budget of %d bytes a second in large bodies, please try again later."
                            .formatted(tenant.name(), largeBytesPerSecond));
        }
        Thread.sleep(Duration.ofNanos(wait.getAsLong()));
    }

    /** What came without being announced is held against the next one. */
    void chargeLarge(Session session, long bytes) {
        if (!session.identity().operator() && session.world().isPresent()) {
            largeBytes.charge(
                    session.world().get(),
                    bytes,
                    largeBytesPerSecond,
                    (double) largeBytesPerSecond * LARGE_SECONDS_SAVED);
        }
    }

    private static ApiException tooMany(String message) {
        return new ApiException(
                new Status(
                        Reason.TOO_MANY_REQUESTS.code(),
                        Reason.TOO_MANY_REQUESTS,
                        message,
                        Optional.of(new Details("", "", "", "", List.of(), 1))));
    }

    /** Throws TooManyRequests when the tenant has asked enough for now. */
    void spend(Session session) {
        if (session.identity().operator() || session.world().isEmpty()) {
            return;
        }
        Tenant tenant = session.world().get();
        Optional<Served> object =
                tenant.isSystem()
                        ? Optional.empty()
                        : reads.find(BuiltinTypes.TENANTS, Tenant.SYSTEM, "", tenant.name());
        if (object.isEmpty()) {
            budgets.remove(tenant);
            rates.forget(tenant);
            return;
        }
        Budget budget = budget(tenant, object.get());
        if (budget.perSecond() > 0 && !rates.take(tenant, budget.perSecond(), budget.burst())) {
            throw tooMany(
                    "tenant \"%s\" has used up its API budget of %d requests a second, please try again later."
                            .formatted(tenant.name(), budget.perSecond()));
        }
    }

    private Budget budget(Tenant tenant, Served object) {
        Budget known = budgets.get(tenant);
        if (known != null && known.revision() == object.revision()) {
            return known;
        }
        JsonNode api = object.tree().path("spec").path("quota").path("api");
        int perSecond = api.path("requestsPerSecond").asInt(0);
        int burst = api.path("burst").asInt(perSecond * SECONDS_SAVED);
        Budget fresh = new Budget(object.revision(), perSecond, burst);
        budgets.put(tenant, fresh);
        return fresh;
    }
}
