package io.hypernetes.tenancy;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.types.BuiltinTypes;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.temporal.ChronoUnit;

/** Writes a Tenant's phase and its condition {@code Ready}, when they change. */
final class TenantStatus {

    private final Client client;
    private final Clock clock;

    TenantStatus(Client client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    /** The world is there but its quota has not been counted, so that nothing can be made in it. */
    void counting(ObjectKey key) {
        write(key, "Pending", "False", "QuotaNotCounted", "what is used of the quota is counted");
    }

    void active(ObjectKey key) {
        write(key, "Active", "True", "WorldReady", "namespaces and network are there");
    }

    void suspended(ObjectKey key) {
        write(
                key,
                "Suspended",
                "False",
                "Suspended",
                "the world can only be read and its pods are stopped");
    }

    void terminating(ObjectKey key, String message) {
        write(key, "Terminating", "False", "Deleting", message);
    }

    private void write(ObjectKey key, String phase, String ready, String reason, String message) {
        client.find(BuiltinTypes.TENANTS, key)
                .ifPresent(tenant -> {
                    JsonNode old = tenant.path("status");
                    JsonNode condition = old.path("conditions").path(0);
                    if (old.path("phase").asString("").equals(phase)
                            && condition.path("message").asString("").equals(message)) {
                        return;
                    }
                    String since = condition.path("lastTransitionTime").asString("");
                    boolean turned = !condition.path("status").asString("").equals(ready);
                    ObjectNode status = tenant.withObject("status").put("phase", phase);
                    status.putArray("conditions")
                            .addObject()
                            .put("type", "Ready")
                            .put("status", ready)
                            .put("reason", reason)
                            .put("message", message)
                            .put("lastTransitionTime", turned ? now() : since);
                    client.updateStatus(BuiltinTypes.TENANTS, key.tenant(), tenant);
                });
    }

    private String now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
