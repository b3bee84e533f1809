package io.hypernetes.api.types.core;

import io.hypernetes.api.names.Names;
import io.hypernetes.api.quantity.Quantity;
import io.hypernetes.api.types.kind.Errors;
import io.hypernetes.api.types.kind.Trees;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Amounts of resources in specs: {@code requests} and {@code limits}. */
final class Resources {

    /** The names without a domain that a container may ask for. */
    private static final List<String> STANDARD = List.of("cpu", "memory", "ephemeral-storage");

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

    static void rules(String field, JsonNode resources, Errors errors) {
        JsonNode limits = resources.path("limits");
        JsonNode requests = resources.path("requests");
        amounts(field + ".limits", limits, errors);
        amounts(field + ".requests", requests, errors);
        for (Map.Entry<String, JsonNode> request : requests.properties()) {
            String name = request.getKey();
            Quantity wanted = parse(request.getValue());
            Quantity limit = parse(limits.path(name));
            if (wanted != null && limit != null && wanted.compareTo(limit) > 0) {
                errors.invalidText(
                        field + ".requests",
                        wanted.toString(),
                        "must be less than or equal to " + name + " limit of " + limit);
            }
        }
    }

    private static void amounts(String field, JsonNode amounts, Errors errors) {
        for (Map.Entry<String, JsonNode> amount : amounts.properties()) {
            String name = amount.getKey();
            String keyed = field + "[" + name + "]";
            List<String> form = Names.qualifiedName(name);
            errors.form(field, name, form);
            boolean standard = STANDARD.contains(name) || name.startsWith("hugepages-");
            if (form.isEmpty() && !standard && !name.contains("/")) {
                errors.invalidText(field, name, "must be a standard resource for containers");
            }
            Quantity quantity = parse(amount.getValue());
            if (quantity == null) {
                unreadable(keyed, amount.getValue().asString(""), errors);
            } else if (quantity.signum() < 0) {
                errors.invalidText(
                        keyed, quantity.toString(), "must be greater than or equal to 0");
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
