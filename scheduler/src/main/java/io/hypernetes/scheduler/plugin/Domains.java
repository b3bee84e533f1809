package io.hypernetes.scheduler.plugin;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Counts by topology domain: a label's key and value. Belongs to one decision. */
final class Domains {

    private record Domain(String key, String value) {}

    private final Map<Domain, Long> counts = new HashMap<>();

    /** A node without the label is in no domain. */
    void add(String key, String value, long count) {
        if (!value.isEmpty()) {
            counts.merge(new Domain(key, value), count, Long::sum);
        }
    }

    long get(String key, String value) {
        return value.isEmpty() ? 0 : counts.getOrDefault(new Domain(key, value), 0L);
    }

    Set<String> keys() {
        return counts.keySet().stream().map(Domain::key).collect(Collectors.toSet());
    }

    boolean isEmpty() {
        return counts.isEmpty();
    }
}
