package io.hypernetes.server.aggregation;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.json.Json;
import io.hypernetes.server.outbound.HttpConnection;
import io.hypernetes.server.outbound.Incoming;
import io.hypernetes.server.outbound.Outgoing;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Adds claimed groups and versions to the discovery documents of a world. What an extension server
 * says about its resources is asked for at most once in {@link #FRESH}. Worlds without claims pay
 * for one empty list.
 */
public final class ClaimedGroups {
    private static final Duration FRESH = Duration.ofSeconds(15);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MOST_BYTES = 3 * 1024 * 1024;

    /** Documents that are kept, of all worlds. */
    private static final int MOST = 1024;

    private final Claims claims;
    private final Backends backends;
    private final ConcurrentHashMap<Claim, Asked> asked = new ConcurrentHashMap<>();

    /** An APIResourceList, empty when there was no such answer. */
    private record Asked(long at, Optional<ObjectNode> resources) {}

    public ClaimedGroups(Claims claims, Backends backends) {
        this.claims = claims;
        this.backends = backends;
    }

    /** To an APIGroupList. */
    public ObjectNode addTo(ObjectNode groups, Tenant tenant) {
        for (Claim claim : claims.all(tenant)) {
            ArrayNode list = groups.withArrayProperty("groups");
            describe(named(list, "name", claim.group()), claim);
        }
        return groups;
    }

    /** To an APIGroup, if there is one; or one of its own. */
    public Optional<ObjectNode> addTo(Optional<ObjectNode> known, Tenant tenant, String name) {
        Optional<ObjectNode> group = known;
        for (Claim claim : claims.all(tenant)) {
            if (claim.group().equals(name)) {
                ObjectNode tree =
                        group.orElseGet(() ->
                                Json.object()
                                        .put("kind", "APIGroup")
                                        .put("apiVersion", "v1")
                                        .put("name", name));
                describe(tree, claim);
                group = Optional.of(tree);
            }
        }
        return group;
    }

    private static void describe(ObjectNode group, Claim claim) {
        ObjectNode version =
                group.withArrayProperty("versions")
                        .addObject()
                        .put("groupVersion", claim.group() + "/" + claim.version())
                        .put("version", claim.version());
        if (!group.has("preferredVersion")) {
            group.set("preferredVersion", version.deepCopy());
        }
    }

    /** To an APIGroupDiscoveryList. */
    public ObjectNode addToAggregated(ObjectNode list, Tenant tenant) {
        for (Claim claim : claims.all(tenant)) {
            ObjectNode group = groupOf(list.withArrayProperty("items"), claim.group());
            Optional<ObjectNode> resources = resources(claim);
            ObjectNode version =
                    group.withArrayProperty("versions").addObject().put("version", claim.version());
            ArrayNode members = version.putArray("resources");
            resources.ifPresent(known -> AggregatedForm.fill(members, known, claim));
            version.put("freshness", resources.isPresent() ? "Current" : "Stale");
        }
        return list;
    }

    private static ObjectNode groupOf(ArrayNode items, String name) {
        for (JsonNode item : items) {
            if (item instanceof ObjectNode known
                    && known.path("metadata").path("name").asString("").equals(name)) {
                return known;
            }
        }
        ObjectNode made = items.addObject();
        made.putObject("metadata").put("name", name).putNull("creationTimestamp");
        return made;
    }

    private static ObjectNode named(ArrayNode list, String field, String name) {
        for (JsonNode item : list) {
            if (item instanceof ObjectNode known && known.path(field).asString("").equals(name)) {
                return known;
            }
        }
        return list.addObject().put(field, name);
    }

    private Optional<ObjectNode> resources(Claim claim) {
        Asked known = asked.get(claim);
        if (known == null || System.nanoTime() - known.at() > FRESH.toNanos()) {
            known = new Asked(System.nanoTime(), ask(claim));
            if (asked.size() >= MOST) {
                asked.clear();
            }
            asked.put(claim, known);
        }
        return known.resources();
    }

    private Optional<ObjectNode> ask(Claim claim) {
        List<Entry<String, String>> headers = new ArrayList<>(RemoteUser.headers(RemoteUser.SELF));
        headers.add(Map.entry("Host", claim.host()));
        headers.add(Map.entry("Accept", "application/json"));
        try (HttpConnection connection = backends.connect(claim).within(PATIENCE)) {
            Incoming answer =
                    connection.send(Outgoing.of("GET", claim.path(), headers, new byte[0]));
            byte[] body = answer.body().readNBytes(MOST_BYTES + 1);
            return answer.status() == 200 && body.length <= MOST_BYTES
                    ? Optional.of(Json.parseObject(body))
                    : Optional.empty();
        } catch (ApiException | IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }
}
