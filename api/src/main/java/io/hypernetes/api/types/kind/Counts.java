package io.hypernetes.api.types.kind;

import java.util.List;
import java.util.regex.Pattern;

/** Rules for counts and percentages of pods, and for the counters in a workload's status. */
public final class Counts {

    private static final Pattern PERCENT = Pattern.compile("[0-9]{1,9}%");

    private Counts() {}

    /** A number or a percentage, neither negative. */
    public static void numberOrPercent(Field count) {
        if (count.value().isString()) {
            if (!PERCENT.matcher(count.text()).matches()) {
                count.invalid(
                        "a valid percent string must be a numeric string followed by an ending"
                                + " '%' (e.g. '1%',  or '93%', regex used for validation is"
                                + " '[0-9]+%')");
            }
        } else {
            count.notNegative();
        }
    }

    public static void atMostAll(Field count) {
        if (PERCENT.matcher(count.text()).matches() && value(count) > 100) {
            count.invalid("must not be greater than 100%");
        }
    }

    /** The number, or the number of the percentage; 0 when there is neither. */
    public static long value(Field count) {
        if (!count.value().isString()) {
            return count.number();
        }
        String text = count.text();
        return PERCENT.matcher(text).matches()
                ? Long.parseLong(text.substring(0, text.length() - 1))
                : 0;
    }

    public static void notNegative(Field parent, String... fields) {
        for (String field : fields) {
            parent.at(field).notNegative();
        }
    }

    /** The status of a ReplicaSet, and of the ReplicationController that it replaced. */
    public static void replicaStatus(Field status) {
        List<String> parts = List.of("fullyLabeledReplicas", "readyReplicas", "availableReplicas");
        notNegative(status, "replicas");
        parts.forEach(part -> notNegative(status, part));
        notNegative(status, "observedGeneration");
        withinReplicas(status, parts);
        availableWithinReady(status, "readyReplicas");
    }

    /** Of the pods that there are, only as many can be ready, available, … */
    public static void withinReplicas(Field status, List<String> fields) {
        for (String field : fields) {
            if (status.at(field).number() > status.at("replicas").number()) {
                status.at(field)
                        .invalid(
                                status.at(field).number(),
                                "cannot be greater than status.replicas");
            }
        }
    }

    public static void availableWithinReady(Field status, String ready) {
        Field available = status.at("availableReplicas");
        if (available.number() > status.at("readyReplicas").number()) {
            available.invalid(available.number(), "cannot be greater than " + ready);
        }
    }

    /** A counter of collisions of names only grows. */
    public static void notDecremented(Field count, Field old) {
        if (old.isSet() && (!count.isSet() || count.number() < old.number())) {
            count.invalid(count.number(), "cannot be decremented");
        }
    }
}
