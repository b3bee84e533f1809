package io.hypernetes.server.access;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status;
import io.hypernetes.api.Status.Details;
import io.hypernetes.api.Status.Reason;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;

/**
 * Bounds how many requests of one tenant are under way, so that a busy tenant fills its own seats
 * and nobody else's. Who finds none is told at once to come back.
 */
final class Seats {
    /** A taken seat; closing it frees it. */
    interface Seat extends AutoCloseable {
        @Override
        void close();
    }

    private final int perTenant;
    private final ConcurrentMap<String, Semaphore> free = new ConcurrentHashMap<>();

    Seats(int perTenant) {
        this.perTenant = perTenant;
    }

    /**
     * @param tenant empty for requests over all tenants. Throws TooManyRequests.
     */
    Seat take(String tenant) {
        Semaphore seats = free.computeIfAbsent(tenant, t -> new Semaphore(perTenant));
        if (!seats.tryAcquire()) {
            throw new ApiException(
                    new Status(
                            Reason.TOO_MANY_REQUESTS.code(),
                            Reason.TOO_MANY_REQUESTS,
                            "too many requests, please try again later.",
                            Optional.of(new Details("", "", "", "", List.of(), 1))));
        }
        return seats::release;
    }
}
