package io.hypernetes.tenancy;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.ConditionWriter;
import io.hypernetes.controllerruntime.EventRecorder;
import io.hypernetes.controllerruntime.StatusCondition;

import java.time.Clock;

/** Writes a Tenant's phase and its condition {@code Ready}, and tells of it, when they change. */
final class TenantStatus {

    private final ConditionWriter conditions;

    TenantStatus(Client client, Clock clock) {
        EventRecorder events =
                new EventRecorder(client, BuiltinTypes.EVENTS, "tenant-controller", clock);
        this.conditions = new ConditionWriter(client, events, clock);
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
        conditions.write(
                BuiltinTypes.TENANTS,
                key,
                condition,
                EventRecorder.Type.NORMAL, // not ready by somebody's will is no reason to worry
                status -> status.put("phase", phase));
    }
}
