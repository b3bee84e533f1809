package io.hypernetes.cel.evaluation;

import io.hypernetes.cel.value.EvaluationException;
import io.hypernetes.cel.value.ListValue;
import io.hypernetes.cel.value.MapValue;

/** A comprehension: what {@code all}, {@code map}, {@code filter} and their like become. */
record Loop(
        Node range,
        int first,
        int second,
        Node start,
        int result,
        Node condition,
        Node step,
        Node end)
        implements Node {
    @Override
    public Object evaluate(Frame frame) {
        Object over = range.evaluate(frame);
        frame.setLocal(result, start.evaluate(frame));
        switch (over) {
            case ListValue list -> {
                for (int i = 0; i < list.size(); i++) {
                    Object item = list.get(i);
                    if (!turn(frame, second < 0 ? item : (Object) (long) i, item)) {
                        break;
                    }
                }
            }
            case MapValue map -> {
                for (Object key : map.keys()) {
                    Object value = second < 0 ? key : map.find(key);
                    if (value == null || !turn(frame, key, value)) {
                        break;
                    }
                }
            }
            default -> throw EvaluationException.noSuchOverload();
        }
        return end.evaluate(frame);
    }

    private boolean turn(Frame frame, Object one, Object two) {
        frame.setLocal(first, one);
        if (second >= 0) {
            frame.setLocal(second, two);
        }
        if (!Boolean.TRUE.equals(condition.evaluate(frame))) {
            return false;
        }
        Object next;
        try {
            next = step.evaluate(frame);
        } catch (io.hypernetes.cel.value.CostLimitException e) {
            throw e;
        } catch (EvaluationException e) {
            // An error may still be absorbed by a later item (exists, all).
            next = new Failed(e);
        }
        frame.setLocal(result, next);
        return true;
    }

    /** An error as the state of a loop: whoever reads it throws it. */
    record Failed(EvaluationException error) {}
}
