package io.hypernetes.api.types.flowcontrol;

import static io.hypernetes.api.types.kind.Trees.at;
import static io.hypernetes.api.types.kind.Trees.objects;
import static io.hypernetes.api.types.kind.Trees.text;

import io.hypernetes.api.Column;
import io.hypernetes.api.types.kind.Columns;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** What {@code kubectl get} shows of flow schemas and priority levels. */
public final class FlowControlColumns {

    private static final String[] QUEUING = {"spec", "limited", "limitResponse", "queuing"};

    public static final List<Column> FLOW_SCHEMA =
            List.of(
                    Columns.text("PriorityLevel", "spec", "priorityLevelConfiguration", "name"),
                    Columns.number(
                            "MatchingPrecedence",
                            o -> at(o, "spec", "matchingPrecedence").asLong(0)),
                    Column.of("DistinguisherMethod", FlowControlColumns::distinguisher),
                    Columns.age(),
                    Column.of("MissingPL", FlowControlColumns::missingLevel));

    public static final List<Column> PRIORITY_LEVEL =
            List.of(
                    Columns.text("Type", "spec", "type"),
                    Column.of("NominalConcurrencyShares", FlowControlColumns::shares),
                    queuing("Queues", "queues"),
                    queuing("HandSize", "handSize"),
                    queuing("QueueLengthLimit", "queueLengthLimit"),
                    Columns.age());

    private FlowControlColumns() {}

    private static Column queuing(String name, String field) {
        return Column.of(name, level -> orNone(at(at(level, QUEUING), field)));
    }

    private static Object orNone(JsonNode number) {
        return number.isNumber() ? (Object) number.asLong() : "<none>";
    }

    private static Object shares(ObjectNode level) {
        return orNone(at(level, "spec", "limited", "nominalConcurrencyShares"));
    }

    private static String distinguisher(ObjectNode schema) {
        return Columns.orNone(text(schema, "spec", "distinguisherMethod", "type"));
    }

    private static String missingLevel(ObjectNode schema) {
        for (ObjectNode condition : objects(at(schema, "status", "conditions"))) {
            if (text(condition, "type").equals("Dangling")) {
                return text(condition, "status");
            }
        }
        return "?";
    }
}
