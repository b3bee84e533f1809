package io.hypernetes.server.access;

import io.hypernetes.server.flow.Flow;
import io.hypernetes.server.flow.PriorityLevel;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * One tenant's requests that wait, and who of them is next: those of the exempt level; else those
 * of the level that has the fewest seats for its shares, whose flows take turns. A seat that is
 * free is anybody's, so nothing is kept for who may come. Guarded by the queue's lock.
 *
 * @param <W> who waits
 */
final class WaitingLine<W> {

    /** A level with requests under way. */
    private static final class Level<W> {
        final PriorityLevel level;
        int seated;
        int waiting;

        /** In the order of their turns; none is empty. */
        final Deque<String> turns = new ArrayDeque<>();

        final Map<String, Deque<W>> flows = new HashMap<>();

        Level(PriorityLevel level) {
            this.level = level;
        }

        /**
         * What half of the next seat would make of its share; the least is next. It is the divisor
         * method of Sainte-Laguë: with the whole seat levels of many shares get more than theirs.
         */
        double claim() {
            return level.exempt() ? 0 : (seated + 0.5) / level.shares();
        }
    }

    private final Map<String, Level<W>> levels = new HashMap<>();
    private int waiting;

    boolean isEmpty() {
        return waiting == 0;
    }

    int size() {
        return waiting;
    }

    /** How many of this flow wait. */
    int size(Flow flow) {
        Level<W> level = levels.get(flow.level().name());
        Deque<W> line = level == null ? null : level.flows.get(flow.distinguisher());
        return line == null ? 0 : line.size();
    }

    void sit(Flow flow) {
        level(flow).seated++;
    }

    void leave(Flow flow) {
        level(flow).seated--;
        forget(flow);
    }

    void add(Flow flow, W waiter) {
        Level<W> level = level(flow);
        level.flows
                .computeIfAbsent(
                        flow.distinguisher(),
                        name -> {
                            level.turns.add(name);
                            return new ArrayDeque<>();
                        })
                .add(waiter);
        level.waiting++;
        waiting++;
    }

    /** One that gives up. */
    void remove(Flow flow, W waiter) {
        Level<W> level = level(flow);
        Deque<W> line = level.flows.get(flow.distinguisher());
        if (line != null && line.remove(waiter)) {
            level.waiting--;
            waiting--;
            if (line.isEmpty()) {
                level.flows.remove(flow.distinguisher());
                level.turns.remove(flow.distinguisher());
            }
        }
        forget(flow);
    }

    /** Takes the next one out; null when nobody waits. */
    @Nullable W poll() {
        Level<W> next = null;
        for (Level<W> level : levels.values()) {
            if (level.waiting > 0 && (next == null || level.claim() < next.claim())) {
                next = level;
            }
        }
        return next == null ? null : take(next);
    }

    private @Nullable W take(Level<W> level) {
        String flow = level.turns.remove();
        Deque<W> line = level.flows.get(flow);
        if (line == null) {
            return null;
        }
        W waiter = line.remove();
        level.waiting--;
        waiting--;
        if (line.isEmpty()) {
            level.flows.remove(flow);
        } else {
            level.turns.add(flow);
        }
        return waiter;
    }

    private Level<W> level(Flow flow) {
        return levels.computeIfAbsent(flow.level().name(), _ -> new Level<>(flow.level()));
    }

    private void forget(Flow flow) {
        Level<W> level = levels.get(flow.level().name());
        if (level != null && level.seated == 0 && level.waiting == 0) {
            levels.remove(flow.level().name());
        }
    }
}
