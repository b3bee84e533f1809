package io.hypernetes.api.types.core;

import io.hypernetes.api.names.Names;
import io.hypernetes.api.quantity.Quantity;
import io.hypernetes.api.types.kind.Field;

import java.util.List;

/** Rules for the status of a claim: what it has, and what is being made of it. */
final class ClaimStatusRules {

    private static final List<String> RESIZE_STATES =
            List.of(
                    "ControllerResizeInProgress",
                    "ControllerResizeInfeasible",
                    "NodeResizeInProgress",
                    "NodeResizeInfeasible",
                    "NodeResizePending");

    private ClaimStatusRules() {}

    static void check(Field status) {
        Field capacity = status.at("capacity");
        capacity.keys().forEach(name -> notNegative(capacity.key(name)));
        Field states = status.at("allocatedResourceStatuses");
        // Upstream's path, which is not the field's name.
        Field shown = states.named("status.allocatedResourceStatus");
        for (String name : states.keys()) {
            key(name, shown);
            if (!RESIZE_STATES.contains(states.key(name).text())) {
                shown.notSupported(name, RESIZE_STATES);
            }
        }
        Field allocated = status.at("allocatedResources");
        for (String name : allocated.keys()) {
            if (key(name, allocated) && notNegative(allocated.key(name))) {
                ResourceRules.amount("storage", allocated.key(name));
            }
        }
    }

    private static boolean key(String name, Field told) {
        List<String> wrong = Names.qualifiedName(name);
        wrong.forEach(sentence -> told.invalid(name, sentence));
        if (wrong.isEmpty() && ResourceNames.isNative(name) && !name.equals("storage")) {
            told.notSupported(name, List.of("storage"));
            return false;
        }
        return wrong.isEmpty();
    }

    private static boolean notNegative(Field amount) {
        Quantity quantity = Resources.parse(amount.value());
        boolean good = quantity != null && quantity.signum() >= 0;
        if (quantity != null && !good) {
            amount.invalid(quantity.value(), "must be a valid resource quantity");
        }
        return good;
    }
}
