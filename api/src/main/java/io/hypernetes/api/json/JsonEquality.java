package io.hypernetes.api.json;

import tools.jackson.databind.JsonNode;

import java.util.Comparator;

/** Equality as the API means it: numbers by value, however they are held. */
final class JsonEquality {

    private static final Comparator<JsonNode> LEAVES =
            (a, b) -> {
                if (a.isNumber() && b.isNumber()) {
                    return a.decimalValue().compareTo(b.decimalValue());
                }
                return a.equals(b) ? 0 : 1;
            };

    private JsonEquality() {}

    static boolean same(JsonNode a, JsonNode b) {
        return a.equals(LEAVES, b);
    }
}
