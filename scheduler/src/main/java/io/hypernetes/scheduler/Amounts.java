package io.hypernetes.scheduler;

import io.hypernetes.api.quantity.Quantity;

import tools.jackson.databind.JsonNode;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongBinaryOperator;

/**
 * Amounts of resources by name: cpu in thousandths of a core, the others in whole units (bytes,
 * pods). What is missing is zero.
 */
record Amounts(SortedMap<String, Long> byName) {

    static final String CPU = "cpu";
    static final String MEMORY = "memory";
    static final String PODS = "pods";

    /**
     * More than any node has. Requests are users' input: they are cut here, so that no sum of them
     * overflows.
     */
    static final long MOST = 1L << 50;

    static final Amounts NONE = new Amounts(new TreeMap<>());

    Amounts {
        byName = Collections.unmodifiableSortedMap(new TreeMap<>(byName));
    }

    static Amounts of(Map<String, Long> amounts) {
        return new Amounts(new TreeMap<>(amounts));
    }

    /** Reads a list of quantities, for instance {@code resources.requests}. */
    static Amounts parse(JsonNode list) {
        TreeMap<String, Long> amounts = new TreeMap<>();
        list.properties()
                .forEach(entry -> {
                    boolean cpu = entry.getKey().equals(CPU);
                    long amount = amount(entry.getValue().asString(""), cpu);
                    amounts.put(entry.getKey(), Math.clamp(amount, 0, MOST));
                });
        return new Amounts(amounts);
    }

    /** What cannot be read fits nowhere. */
    private static long amount(String text, boolean cpu) {
        try {
            Quantity quantity = Quantity.parse(text);
            return cpu ? quantity.milliValue() : quantity.value();
        } catch (IllegalArgumentException _) {
            return MOST;
        }
    }

    /** The same, with none above {@link #MOST}. */
    Amounts capped() {
        TreeMap<String, Long> capped = new TreeMap<>(byName);
        capped.replaceAll((_, amount) -> Math.min(amount, MOST));
        return new Amounts(capped);
    }

    long get(String name) {
        return byName.getOrDefault(name, 0L);
    }

    Amounts with(String name, long amount) {
        TreeMap<String, Long> changed = new TreeMap<>(byName);
        changed.put(name, amount);
        return new Amounts(changed);
    }

    Amounts plus(Amounts other) {
        return merge(other, Math::addExact);
    }

    Amounts minus(Amounts other) {
        return merge(other, Math::subtractExact);
    }

    /** The larger of each. */
    Amounts max(Amounts other) {
        return merge(other, Math::max);
    }

    private Amounts merge(Amounts other, LongBinaryOperator operator) {
        TreeMap<String, Long> merged = new TreeMap<>(byName);
        other.byName.forEach(
                (name, amount) -> merged.put(name, operator.applyAsLong(get(name), amount)));
        return new Amounts(merged);
    }
}
