package io.hypernetes.scheduler.cluster;

import io.hypernetes.api.quantity.Quantity;

import tools.jackson.databind.JsonNode;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongBinaryOperator;

/**
 * Amounts of resources: cpu in thousandths of a core, the others in whole units (bytes, pods). The
 * three that every pod takes are fields, because each decision looks at them on every node.
 *
 * @param others by name, among them extended resources; what is missing is zero
 */
public record Amounts(long cpu, long memory, long pods, SortedMap<String, Long> others) {

    public static final String CPU = "cpu";
    public static final String MEMORY = "memory";
    public static final String PODS = "pods";

    /**
     * More than any node has. Requests are users' input: they are cut here, so that no sum of them
     * overflows.
     */
    public static final long MOST = 1L << 50;

    private static final SortedMap<String, Long> NO_OTHERS =
            Collections.unmodifiableSortedMap(new TreeMap<>());

    public static final Amounts NONE = new Amounts(0, 0, 0, NO_OTHERS);

    public static Amounts of(Map<String, Long> amounts) {
        TreeMap<String, Long> others = new TreeMap<>(amounts);
        Long cpu = others.remove(CPU);
        Long memory = others.remove(MEMORY);
        Long pods = others.remove(PODS);
        return new Amounts(
                Objects.requireNonNullElse(cpu, 0L),
                Objects.requireNonNullElse(memory, 0L),
                Objects.requireNonNullElse(pods, 0L),
                others.isEmpty() ? NO_OTHERS : Collections.unmodifiableSortedMap(others));
    }

    /** Reads a list of quantities, for instance {@code resources.requests}. */
    public static Amounts parse(JsonNode list) {
        if (list.isEmpty()) {
            return NONE;
        }
        TreeMap<String, Long> amounts = new TreeMap<>();
        list.properties()
                .forEach(entry -> {
                    boolean cpu = entry.getKey().equals(CPU);
                    long amount = amount(entry.getValue().asString(""), cpu);
                    amounts.put(entry.getKey(), Math.clamp(amount, 0, MOST));
                });
        return of(amounts);
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
    public Amounts capped() {
        return merge(NONE, (amount, _) -> Math.min(amount, MOST));
    }

    public long get(String name) {
        return switch (name) {
            case CPU -> cpu;
            case MEMORY -> memory;
            case PODS -> pods;
            default -> others.getOrDefault(name, 0L);
        };
    }

    public Amounts withMemory(long bytes) {
        return new Amounts(cpu, bytes, pods, others);
    }

    public Amounts withCpu(long milli) {
        return new Amounts(milli, memory, pods, others);
    }

    public Amounts withPods(long count) {
        return new Amounts(cpu, memory, count, others);
    }

    public Amounts plus(Amounts other) {
        return merge(other, Math::addExact);
    }

    public Amounts minus(Amounts other) {
        return merge(other, Math::subtractExact);
    }

    /** The larger of each. */
    public Amounts max(Amounts other) {
        return merge(other, Math::max);
    }

    private Amounts merge(Amounts other, LongBinaryOperator operator) {
        return new Amounts(
                operator.applyAsLong(cpu, other.cpu),
                operator.applyAsLong(memory, other.memory),
                operator.applyAsLong(pods, other.pods),
                mergeOthers(other, operator));
    }

    private SortedMap<String, Long> mergeOthers(Amounts other, LongBinaryOperator operator) {
        if (others.isEmpty() && other.others.isEmpty()) {
            return NO_OTHERS;
        }
        TreeMap<String, Long> merged = new TreeMap<>();
        TreeSet<String> names = new TreeSet<>(others.keySet());
        names.addAll(other.others.keySet());
        names.forEach(name -> merged.put(name, operator.applyAsLong(get(name), other.get(name))));
        return Collections.unmodifiableSortedMap(merged);
    }
}
