package io.hypernetes.server.aggregation;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.ExtensionTypes;
import io.hypernetes.server.registry.Extent;
import io.hypernetes.server.registry.Follower;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.Served;
import io.hypernetes.server.registry.ServedEvent;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Keeps the condition {@code Available} of the APIServices of all worlds: asks each extension
 * server for its group and version when the APIService changes, and all of them every half minute.
 * One virtual thread, and one for each question that is under way.
 */
public final class Availability implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Availability.class);
    private static final ResourceType SERVICES = ExtensionTypes.API_SERVICES;
    private static final Extent ALL = Extent.everywhere(SERVICES);
    private static final Duration EVERY = Duration.ofSeconds(30);

    private final Reads reads;
    private final Client client;
    private final Probe probe;
    private final Clock clock;
    private final Follower follower;

    /** When all are asked again; the follower's own. */
    private long next;

    public Availability(Reads reads, Client client, Backends backends, Clock clock) {
        this.reads = reads;
        this.client = client;
        this.probe = new Probe(reads, backends);
        this.clock = clock;
        this.follower = new Follower("api-service-availability", reads, ALL, new Questions());
    }

    public Availability start() {
        follower.start();
        return this;
    }

    @Override
    public void close() {
        follower.close();
    }

    private final class Questions implements Follower.Duty {
        @Override
        public void begin(List<Served> all) {
            next = System.nanoTime();
        }

        @Override
        public void see(ServedEvent event) {
            look(event.object());
        }

        @Override
        public Duration work() {
            if (next - System.nanoTime() <= 0) {
                reads.listCurrent(ALL).forEach(Availability.this::look);
                next = System.nanoTime() + EVERY.toNanos();
            }
            return Duration.ofNanos(Math.max(0, next - System.nanoTime()));
        }
    }

    private void look(Served apiService) {
        Claim.of(apiService)
                .ifPresent(claim ->
                        follower.apart(
                                "api-service-" + apiService.path().name(),
                                () -> tell(apiService, probe.ask(claim))));
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
        if (same || follower.isClosed()) {
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
