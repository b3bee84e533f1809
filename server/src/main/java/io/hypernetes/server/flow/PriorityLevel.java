package io.hypernetes.server.flow;

import io.hypernetes.api.Metadata;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How requests of a level stand to those of others.
 *
 * @param uid empty for one that no object stands for
 * @param exempt before all others
 * @param shares of the tenant's seats, beside those of its other levels
 * @param rejects whether who finds no seat is refused instead of waiting
 * @param mostOfAFlow how many requests of one flow may wait
 */
public record PriorityLevel(
        String name, String uid, boolean exempt, int shares, boolean rejects, int mostOfAFlow) {

    /** Of requests that no schema is for: they wait in the order of their coming. */
    public static final PriorityLevel ONLY =
            new PriorityLevel("", "", false, 1, false, Integer.MAX_VALUE);

    static PriorityLevel of(ObjectNode object) {
        JsonNode spec = object.path("spec");
        JsonNode limited = spec.path("limited");
        JsonNode response = limited.path("limitResponse");
        JsonNode queuing = response.path("queuing");
        long most = queuing.path("handSize").asLong(0) * queuing.path("queueLengthLimit").asLong(0);
        return new PriorityLevel(
                Metadata.name(object),
                Metadata.uid(object),
                spec.path("type").asString("").equals("Exempt"),
                Math.max(1, limited.path("nominalConcurrencyShares").asInt(0)),
                response.path("type").asString("").equals("Reject"),
                most == 0 ? Integer.MAX_VALUE : (int) Math.min(most, Integer.MAX_VALUE));
    }
}
