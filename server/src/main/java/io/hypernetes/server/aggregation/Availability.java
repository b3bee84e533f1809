package io.hypernetes.server.aggregation;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.ExtensionTypes;
import io.hypernetes.server.registry.Extent;
import io.hypernetes.server.registry.ObjectFilter;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.Served;
import io.hypernetes.server.registry.ServedWatch;
import io.hypernetes.store.StoreException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Keeps the condition {@code Available} of the APIServices of all worlds: asks each extension
 * server for its group and version when the APIService changes, and all of them every half minute.
 * One virtual thread, and one for each question that is under way.
 */
public final class Availability implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Availability.class);
    private static final ResourceType SERVICES = ExtensionTypes.API_SERVICES;
    private static final Extent ALL =
            new Extent(SERVICES, Optional.empty(), "", ObjectFilter.EVERYTHING);
    private static final Duration EVERY = Duration.ofSeconds(30);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Reads reads;
    private final Client client;
    private final Probe probe;
    private final Clock clock;
    private final Thread thread;
    private volatile boolean closed;

    public Availability(Reads reads, Client client, Backends backends, Clock clock) {
        this.reads = reads;
        this.client = client;
        this.probe = new Probe(reads, backends);
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("api-service-availability").unstarted(this::run);
    }

    public Availability start() {
        thread.start();
        return this;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }

    private void run() {
        while (!closed) {
            try {
                follow();
            } catch (InterruptedException _) {
                return;
            } catch (ApiException | StoreException e) {
                LOG.debug("APIServices: {}; starting over", e.getMessage());
                try {
                    Thread.sleep(RETRY);
                } catch (InterruptedException _) {
                    return;
                }
            }
        }
    }

    private void follow() throws InterruptedException {
        try (ServedWatch watch = reads.watch(ALL, reads.revision())) {
            long next = System.nanoTime();
            while (!closed) {
                long left = next - System.nanoTime();
                if (left <= 0) {
                    reads.listCurrent(ALL).forEach(this::look);
                    next = System.nanoTime() + EVERY.toNanos();
                    continue;
                }
                Optional<ServedWatch.Batch> batch = watch.poll(Duration.ofNanos(left));
                if (batch.isEmpty()) {
                    return;
                }
                batch.get().events().forEach(event -> look(event.object()));
            }
        }
    }

    private void look(Served apiService) {
        Claim.of(apiService)
                .ifPresent(claim ->
                        Thread.startVirtualThread(() -> tell(apiService, probe.ask(claim))));
    }

    /** A change that was made meanwhile brings its own question. */
    private void tell(Served apiService, Probe.Finding finding) {
        ObjectNode changed = apiService.copy();
        ArrayNode conditions = changed.withObjectProperty("status").withArrayProperty("conditions");
        ObjectNode condition = available(conditions);
        boolean same =
                condition.path("status").asString("").equals(finding.status())
                        && condition.path("reason").asString("").equals(finding.reason())
                        && condition.path("message").asString("").equals(finding.message());
        if (same || closed) {
            return;
        }
        if (!condition.path("status").asString("").equals(finding.status())) {
            condition.put(
                    "lastTransitionTime",
                    clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        }
        condition
                .put("status", finding.status())
                .put("reason", finding.reason())
                .put("message", finding.message());
        try {
            client.updateStatus(SERVICES, apiService.tenant(), changed);
        } catch (ApiException e) {
            if (!List.of(Reason.CONFLICT, Reason.NOT_FOUND).contains(e.status().reason())) {
                LOG.warn("APIService {}: {}", apiService.path().name(), e.getMessage());
            }
        }
    }

    private static ObjectNode available(ArrayNode conditions) {
        for (JsonNode condition : conditions) {
            if (condition.path("type").asString("").equals("Available")
                    && condition instanceof ObjectNode known) {
                return known;
            }
        }
        ObjectNode made = Json.object().put("type", "Available");
        conditions.add(made);
        return made;
    }
}
