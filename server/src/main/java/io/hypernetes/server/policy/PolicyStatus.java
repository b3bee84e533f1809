package io.hypernetes.server.policy;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.types.ExtensionTypes;
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.server.registry.Extent;
import io.hypernetes.server.registry.Follower;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.Served;
import io.hypernetes.server.registry.ServedEvent;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.List;

/**
 * Writes {@code status.observedGeneration} and {@code status.typeChecking} of the validating
 * policies of all worlds. One virtual thread; what it writes depends on the policy and the world's
 * types alone, so any number of servers may do it at once.
 */
public final class PolicyStatus implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyStatus.class);
    private static final ResourceType POLICIES = ExtensionTypes.VALIDATING_ADMISSION_POLICIES;
    private static final Duration IDLE = Duration.ofMinutes(5);

    private final WorldTypes types;
    private final Client client;
    private final Follower follower;

    public PolicyStatus(WorldTypes types, Reads reads, Client client) {
        this.types = types;
        this.client = client;
        this.follower =
                new Follower("policy-status", reads, Extent.everywhere(POLICIES), new Looks());
    }

    public PolicyStatus start() {
        follower.start();
        return this;
    }

    @Override
    public void close() {
        follower.close();
    }

    private final class Looks implements Follower.Duty {
        @Override
        public void begin(List<Served> all) {
            all.forEach(PolicyStatus.this::look);
        }

        @Override
        public void see(ServedEvent event) {
            look(event.object());
        }

        @Override
        public Duration work() {
            return IDLE;
        }
    }

    private void look(Served policy) {
        ObjectNode object = policy.copy();
        long generation = Metadata.generation(object);
        if (object.at("/status/observedGeneration").asLong(-1) == generation) {
            return;
        }
        ObjectNode status = object.withObjectProperty("status");
        status.put("observedGeneration", generation);
        status.set("typeChecking", TypeChecking.of(object, types.of(policy.tenant())));
        try {
            client.updateStatus(POLICIES, policy.tenant(), object);
        } catch (ApiException e) {
            // A change that was made meanwhile is looked at by itself.
            if (!List.of(Reason.CONFLICT, Reason.NOT_FOUND).contains(e.status().reason())) {
                LOG.warn("policy {}: {}", policy.path().name(), e.getMessage());
            }
        }
    }
}
