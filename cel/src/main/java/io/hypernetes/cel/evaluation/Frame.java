package io.hypernetes.cel.evaluation;

import io.hypernetes.cel.value.CostLimitException;

import org.jspecify.annotations.Nullable;

/** One evaluation: its variables and what it has cost. Used by one thread. */
public final class Frame {
    private final Variables variables;
    private final @Nullable Object[] locals;
    private final long limit;
    private long cost;

    Frame(Variables variables, int locals, long limit) {
        this.variables = variables;
        this.locals = new @Nullable Object[locals];
        this.limit = limit;
    }

    Variables variables() {
        return variables;
    }

    @Nullable Object local(int slot) {
        return locals[slot];
    }

    void setLocal(int slot, Object value) {
        locals[slot] = value;
    }

    /** Throws CostLimitException. */
    void charge(long units) {
        cost += units;
        if (cost > limit || cost < 0) {
            throw new CostLimitException();
        }
    }

    long cost() {
        return cost;
    }
}
