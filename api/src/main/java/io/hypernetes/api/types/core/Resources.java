package io.hypernetes.api.types.core;

import io.hypernetes.api.quantity.Quantity;
import io.hypernetes.api.types.kind.Errors;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.Trees;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Map;

/** Amounts of resources in specs: {@code requests} and {@code limits}. */
final class Resources {

    private Resources() {}

    /** What is not given at all is what is limited. */
    static void requestLimits(ObjectNode resources) {
        if (!(resources.get("limits") instanceof ObjectNode limits) || limits.isEmpty()) {
            return;
        }
        ObjectNode requests = Trees.child(resources, "requests");
        limits.properties()
                .forEach(limit -> {
                    if (!Trees.has(requests, limit.getKey())) {
                        requests.set(limit.getKey(), limit.getValue());
                    }
                });
    }

    /** Both lists in the form that is shown: {@code 1000m} becomes {@code 1}. */
    static void canonicalize(JsonNode resources) {
        canonicalizeList(resources.path("requests"));
        canonicalizeList(resources.path("limits"));
    }

    static void canonicalizeList(JsonNode list) {
        if (!(list instanceof ObjectNode amounts)) {
            return;
        }
        for (Map.Entry<String, JsonNode> amount : new ArrayList<>(amounts.properties())) {
            Quantity quantity = parse(amount.getValue());
            if (quantity != null) {
                amounts.put(amount.getKey(), quantity.toString());
            }
        }
    }

    static void positive(String field, String amount, Errors errors) {
        try {
            if (Quantity.parse(amount).signum() <= 0) {
                errors.invalidText(field, amount, "must be greater than zero");
            }
        } catch (IllegalArgumentException e) {
            unreadable(field, amount, errors);
        }
    }

    private static void unreadable(String field, String amount, Errors errors) {
        try {
            Quantity.parse(amount);
        } catch (IllegalArgumentException e) {
            errors.invalidText(field, amount, String.valueOf(e.getMessage()));
        }
    }

    /** Says why a text is no quantity. */
    static void unreadable(Field amount) {
        unreadable(amount.path(), amount.text(), amount.errors());
    }

    static @Nullable Quantity parseText(String amount) {
        return parse(JsonNodeFactory.instance.stringNode(amount));
    }

    /** Manifests may write a number for a quantity. */
    static @Nullable Quantity parse(JsonNode amount) {
        try {
            return amount.isString() || amount.isNumber()
                    ? Quantity.parse(amount.asString())
                    : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
