package io.hypernetes.server.policy;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.types.ExtensionTypes;
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.server.registry.Extent;
import io.hypernetes.server.registry.ObjectFilter;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.Served;
import io.hypernetes.server.registry.ServedWatch;
import io.hypernetes.store.StoreException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Writes {@code status.observedGeneration} and {@code status.typeChecking} of the validating
 * policies of all worlds. One virtual thread; what it writes depends on the policy and the world's
 * types alone, so any number of servers may do it at once.
 */
public final class PolicyStatus implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyStatus.class);
    private static final ResourceType POLICIES = ExtensionTypes.VALIDATING_ADMISSION_POLICIES;
    private static final Extent ALL =
            new Extent(POLICIES, Optional.empty(), "", ObjectFilter.EVERYTHING);
    private static final Duration IDLE = Duration.ofMinutes(5);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final WorldTypes types;
    private final Reads reads;
    private final Client client;
    private final Thread thread;
    private volatile boolean closed;

    public PolicyStatus(WorldTypes types, Reads reads, Client client) {
        this.types = types;
        this.reads = reads;
        this.client = client;
        this.thread = Thread.ofVirtual().name("policy-status").unstarted(this::run);
    }

    public PolicyStatus start() {
        thread.start();
        return this;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }

    private void run() {
        try {
            while (!closed) {
                try {
                    follow();
                } catch (ApiException | StoreException e) {
                    LOG.debug("policies: {}; starting over", e.getMessage());
                    Thread.sleep(RETRY);
                }
            }
        } catch (InterruptedException _) {
            LOG.debug("the status of policies is kept no more");
        }
    }

    private void follow() throws InterruptedException {
        try (ServedWatch watch = reads.watch(ALL, reads.revision())) {
            reads.listCurrent(ALL).forEach(this::look);
            while (!closed) {
                Optional<ServedWatch.Batch> batch = watch.poll(IDLE);
                if (batch.isEmpty()) {
                    closed = true;
                    return;
                }
                batch.get().events().forEach(event -> look(event.object()));
            }
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
