package io.hypernetes.controllers.autoscale;

import tools.jackson.databind.JsonNode;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * How fast one autoscaler may change its mind and its target: {@code spec.behavior}, with what it
 * recommended and did lately. Lost with the process, as upstream. Guarded by the autoscaler's turn
 * in the queue.
 */
final class ScalingBehavior {

    private static final Duration LONGEST = Duration.ofHours(1);

    private record Recommended(Instant at, int replicas) {}

    private record Changed(Instant at, int by) {}

    /**
     * @param reason of the condition ScalingLimited; empty when nothing limits
     * @param stabilized whether what was recommended lately held it
     */
    record Allowed(int replicas, boolean stabilized, String reason, String message) {}

    private final Deque<Recommended> recommendations = new ArrayDeque<>();
    private final List<Changed> changes = new ArrayList<>();

    Allowed allow(JsonNode spec, int current, int desired, Instant now) {
        recommendations.addLast(new Recommended(now, desired));
        recommendations.removeIf(r -> r.at().plus(LONGEST).isBefore(now));
        changes.removeIf(change -> change.at().plus(LONGEST).isBefore(now));
        int stable = stabilized(spec.path("behavior"), current, desired, now);
        int least = spec.path("minReplicas").asInt(1);
        int most = spec.path("maxReplicas").asInt(1);
        if (stable > current) {
            return up(spec.path("behavior").path("scaleUp"), current, stable, desired, most, now);
        }
        if (stable < current) {
            return down(
                    spec.path("behavior").path("scaleDown"), current, stable, desired, least, now);
        }
        return bounded(stable, stable, stable != desired, least, most);
    }

    /** The target was given this size. */
    void scaled(int from, int to, Instant now) {
        changes.add(new Changed(now, to - from));
    }

    /** Up only as far as all of its window wanted, down only as far as all of its window did. */
    private int stabilized(JsonNode behavior, int current, int desired, Instant now) {
        int floor = desired;
        int ceiling = desired;
        Instant up = now.minusSeconds(window(behavior.path("scaleUp"), 0));
        Instant down = now.minusSeconds(window(behavior.path("scaleDown"), 300));
        for (Recommended r : recommendations) {
            floor = r.at().isAfter(up) ? Math.min(floor, r.replicas()) : floor;
            ceiling = r.at().isAfter(down) ? Math.max(ceiling, r.replicas()) : ceiling;
        }
        int stable = Math.max(current, floor);
        return Math.min(stable, ceiling);
    }

    private static long window(JsonNode rules, long standard) {
        return rules.path("stabilizationWindowSeconds").asLong(standard);
    }

    private Allowed up(
            JsonNode rules, int current, int stable, int desired, int most, Instant now) {
        int limit = disabled(rules) ? current : upLimit(rules, current, now);
        if (stable > limit && limit < most) {
            return new Allowed(
                    Math.max(limit, current),
                    stable != desired,
                    "ScaleUpLimit",
                    "the desired replica count is increasing faster than the maximum scale rate");
        }
        return bounded(
                Math.min(stable, Math.max(limit, current)), stable, stable != desired, 0, most);
    }

    private Allowed down(
            JsonNode rules, int current, int stable, int desired, int least, Instant now) {
        int limit = disabled(rules) ? current : downLimit(rules, current, now);
        if (stable < limit && limit > least) {
            return new Allowed(
                    Math.min(limit, current),
                    stable != desired,
                    "ScaleDownLimit",
                    "the desired replica count is decreasing faster than the maximum scale rate");
        }
        return bounded(
                Math.max(stable, Math.min(limit, current)),
                stable,
                stable != desired,
                least,
                Integer.MAX_VALUE);
    }

    private static Allowed bounded(
            int replicas, int wanted, boolean stabilized, int least, int most) {
        if (wanted > most) {
            return new Allowed(
                    most,
                    stabilized,
                    "TooManyReplicas",
                    "the desired replica count is more than the maximum replica count");
        }
        if (wanted < least) {
            return new Allowed(
                    least,
                    stabilized,
                    "TooFewReplicas",
                    "the desired replica count is less than the minimum replica count");
        }
        return new Allowed(replicas, stabilized, "", "");
    }

    private static boolean disabled(JsonNode rules) {
        return rules.path("selectPolicy").asString("").equals("Disabled");
    }

    /** Each policy counts from the size at the beginning of its period. */
    private int upLimit(JsonNode rules, int current, Instant now) {
        boolean least = rules.path("selectPolicy").asString("").equals("Min");
        if (rules.path("policies").isEmpty()) {
            int start = current - changed(15, now, true);
            return Math.max(start + 4, start * 2);
        }
        int limit = least ? Integer.MAX_VALUE : Integer.MIN_VALUE;
        for (JsonNode policy : rules.path("policies")) {
            int start = current - changed(policy.path("periodSeconds").asLong(15), now, true);
            int value = policy.path("value").asInt(0);
            int one =
                    isPercent(policy)
                            ? (int) Math.ceil(start * (1 + value / 100.0))
                            : start + value;
            limit = least ? Math.min(limit, one) : Math.max(limit, one);
        }
        return limit;
    }

    private int downLimit(JsonNode rules, int current, Instant now) {
        boolean least = rules.path("selectPolicy").asString("").equals("Min");
        if (rules.path("policies").isEmpty()) {
            return 0; // all of them at once
        }
        int limit = least ? Integer.MIN_VALUE : Integer.MAX_VALUE;
        for (JsonNode policy : rules.path("policies")) {
            int start = current - changed(policy.path("periodSeconds").asLong(15), now, false);
            int value = policy.path("value").asInt(0);
            int one = isPercent(policy) ? (int) (start * (1 - value / 100.0)) : start - value;
            limit = least ? Math.max(limit, one) : Math.min(limit, one);
        }
        return limit;
    }

    private static boolean isPercent(JsonNode policy) {
        return policy.path("type").asString("").equals("Percent");
    }

    /** What was added (positive) or taken away (negative) in the last so many seconds. */
    private int changed(long seconds, Instant now, boolean added) {
        Instant from = now.minusSeconds(seconds);
        return changes.stream()
                .filter(change -> change.at().isAfter(from) && change.by() > 0 == added)
                .mapToInt(Changed::by)
                .sum();
    }
}
