package io.hypernetes.network.ovsdb;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/** The answers to the operations of a transaction that was done. */
public final class Results {

    private final List<JsonNode> elements;

    private Results(List<JsonNode> elements) {
        this.elements = elements;
    }

    /**
     * Checks every element: a failed operation is not an error of the reply but an element with
     * {@code error} in it, and a failed commit is one element more than there were operations (RFC
     * 7047 section 4.1.3).
     */
    static Results check(JsonNode result, int operations, String database) {
        List<JsonNode> elements = new ArrayList<>();
        for (JsonNode element : result) {
            JsonNode error = element.path("error");
            if (error.isString()) {
                throw refused(error.stringValue(), element.path("details").asString(""), database);
            }
            elements.add(element);
        }
        if (elements.size() < operations) {
            throw new OvsdbException(
                    OvsdbException.Reason.PROTOCOL,
                    "%s answered %d of %d operations"
                            .formatted(database, elements.size(), operations));
        }
        return new Results(elements);
    }

    private static OvsdbException refused(String error, String details, String database) {
        // RFC 7047 names them: a wait that did not hold, and a unique index.
        boolean conflict =
                error.equals("timed out")
                        || (error.equals("constraint violation") && details.contains("identical"));
        return new OvsdbException(
                conflict ? OvsdbException.Reason.CONFLICT : OvsdbException.Reason.REFUSED,
                "%s refused the transaction: %s. %s".formatted(database, error, details));
    }

    /** The rows that the select at this place found. */
    public List<Row> rows(int operation) {
        List<Row> rows = new ArrayList<>();
        for (JsonNode row : elements.get(operation).path("rows")) {
            if (row instanceof ObjectNode object) {
                rows.add(new Row(object.path("_uuid").path(1).asString(""), object));
            }
        }
        return rows;
    }

    /** How many rows the update, mutate or delete at this place changed. */
    public int count(int operation) {
        return elements.get(operation).path("count").asInt(0);
    }

    /** The row that the insert at this place made. */
    public String uuid(int operation) {
        return elements.get(operation).path("uuid").path(1).asString("");
    }
}
