package io.hypernetes.tenancy;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.EventRecorder;

import java.time.Clock;

/** Writes a Tenant's phase and its condition {@code Ready}, and tells of it, when they change. */
final class TenantStatus {

    private final Client client;
    private final Clock clock;
    private final EventRecorder events;

    TenantStatus(Client client, Clock clock) {
        this.client = client;
        this.clock = clock;
        this.events = new EventRecorder(client, BuiltinTypes.EVENTS, "tenant-controller", clock);
    }

    /** The world is there but its quota has not been counted, so that nothing can be made in it. */
    void counting(ObjectKey key) {
        write(key, "Pending", ready(false, "QuotaNotCounted", "the use of the quota is counted"));
    }

    void active(ObjectKey key) {
        write(key, "Active", ready(true, "WorldReady", "namespaces and network are there"));
    }

    void suspended(ObjectKey key) {
        write(
                key,
                "Suspended",
                ready(false, "Suspended", "the world can only be read and its pods are stopped"));
    }

    void terminating(ObjectKey key, String message) {
        write(key, "Terminating", ready(false, "Deleting", message));
    }

    private static StatusCondition ready(boolean ready, String reason, String message) {
        return StatusCondition.of("Ready", ready, reason, message);
    }

    private void write(ObjectKey key, String phase, StatusCondition condition) {
        ConditionWriter.write(
                client,
                events,
                clock,
                BuiltinTypes.TENANTS,
                key,
                condition,
                status -> status.put("phase", phase));
    }
}
