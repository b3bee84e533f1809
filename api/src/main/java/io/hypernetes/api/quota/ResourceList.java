package io.hypernetes.api.quota;

import io.hypernetes.api.quantity.Quantity;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;

/**
 * Amounts by the names of resources, as {@code core/v1 ResourceList}. Every operation makes a new
 * one.
 */
public record ResourceList(SortedMap<String, Quantity> amounts) {
    public static final ResourceList EMPTY = new ResourceList(new TreeMap<>());

    /** What is no quantity counts as missing: validation has told it before. */
    public static ResourceList of(JsonNode tree) {
        SortedMap<String, Quantity> amounts = new TreeMap<>();
        tree.properties()
                .forEach(field ->
                        parse(field.getValue())
                                .ifPresent(amount -> amounts.put(field.getKey(), amount)));
        return new ResourceList(amounts);
    }

    private static Optional<Quantity> parse(JsonNode value) {
        try {
            return value.isString() || value.isNumber()
                    ? Optional.of(Quantity.parse(value.asString("")))
                    : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    public static ResourceList of(Map<String, Quantity> amounts) {
        return new ResourceList(new TreeMap<>(amounts));
    }

    public Optional<Quantity> get(String name) {
        return Optional.ofNullable(amounts.get(name));
    }

    public Set<String> names() {
        return amounts.keySet();
    }

    public boolean isEmpty() {
        return amounts.isEmpty();
    }

    public ResourceList plus(ResourceList other) {
        return merge(other, Quantity::add);
    }

    /** The greater amount of each. */
    public ResourceList max(ResourceList other) {
        return merge(other, (a, b) -> a.compareTo(b) >= 0 ? a : b);
    }

    /** Other's amounts where it has one. */
    public ResourceList overriddenBy(ResourceList other) {
        return merge(other, (_, b) -> b);
    }

    private ResourceList merge(ResourceList other, BinaryOperator<Quantity> both) {
        SortedMap<String, Quantity> merged = new TreeMap<>(amounts);
        other.amounts.forEach((name, amount) -> merged.merge(name, amount, both));
        return new ResourceList(merged);
    }

    /** What is more than {@code other} has; nothing is negative. */
    public ResourceList beyond(ResourceList other) {
        SortedMap<String, Quantity> more = new TreeMap<>();
        amounts.forEach((name, amount) -> {
            Quantity rest = other.get(name).map(amount::subtract).orElse(amount);
            more.put(name, rest.signum() < 0 ? Quantity.ZERO : rest);
        });
        return new ResourceList(more);
    }

    public ResourceList only(Collection<String> names) {
        SortedMap<String, Quantity> kept = new TreeMap<>(amounts);
        kept.keySet().retainAll(names);
        return new ResourceList(kept);
    }

    public ResourceList withoutZeros() {
        SortedMap<String, Quantity> kept = new TreeMap<>(amounts);
        kept.values().removeIf(amount -> amount.signum() == 0);
        return new ResourceList(kept);
    }

    /** The names of which this has more than {@code limits}. */
    public Set<String> exceeding(ResourceList limits) {
        return amounts.entrySet().stream()
                .filter(e ->
                        limits.get(e.getKey())
                                .filter(limit -> e.getValue().compareTo(limit) > 0)
                                .isPresent())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    public ObjectNode tree() {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        amounts.forEach((name, amount) -> tree.put(name, amount.toString()));
        return tree;
    }

    /** {@code cpu=1,memory=2Gi}, as messages show it. */
    @Override
    public String toString() {
        return amounts.entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining(","));
    }
}
