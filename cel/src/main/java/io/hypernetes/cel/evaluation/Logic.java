package io.hypernetes.cel.evaluation;

import io.hypernetes.cel.value.CostLimitException;
import io.hypernetes.cel.value.EvaluationException;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * Operators that do not evaluate all their operands. By CEL's rule {@code &&} and {@code ||} are
 * commutative: an error on one side yields to an answer on the other.
 */
final class Logic {
    private Logic() {}

    record And(Node left, Node right) implements Node {
        @Override
        public Object evaluate(Frame frame) {
            return decide(frame, left, right, false);
        }
    }

    record Or(Node left, Node right) implements Node {
        @Override
        public Object evaluate(Frame frame) {
            return decide(frame, left, right, true);
        }
    }

    private static Object decide(Frame frame, Node left, Node right, boolean decisive) {
        @Nullable EvaluationException error = null;
        try {
            if (bool(left.evaluate(frame)) == decisive) {
                return decisive;
            }
        } catch (CostLimitException e) {
            throw e;
        } catch (EvaluationException e) {
            error = e;
        }
        if (bool(right.evaluate(frame)) == decisive) {
            return decisive;
        }
        if (error != null) {
            throw error;
        }
        return !decisive;
    }

    static boolean bool(Object value) {
        if (value instanceof Boolean bool) {
            return bool;
        }
        throw EvaluationException.noSuchOverload();
    }

    record Conditional(Node condition, Node then, Node otherwise) implements Node {
        @Override
        public Object evaluate(Frame frame) {
            return bool(condition.evaluate(frame))
                    ? then.evaluate(frame)
                    : otherwise.evaluate(frame);
        }
    }

    record NotStrictlyFalse(Node operand) implements Node {
        @Override
        public Object evaluate(Frame frame) {
            frame.charge(1);
            try {
                return !Boolean.FALSE.equals(operand.evaluate(frame));
            } catch (CostLimitException e) {
                throw e;
            } catch (EvaluationException e) {
                return true;
            }
        }
    }

    /** {@code a.or(b)} and {@code a.orValue(b)}. */
    record OptionalOr(Node operand, Node otherwise, boolean unwrap) implements Node {
        @Override
        public Object evaluate(Frame frame) {
            frame.charge(1);
            if (!(operand.evaluate(frame) instanceof Optional<?> optional)) {
                throw EvaluationException.noSuchOverload();
            }
            if (optional.isEmpty()) {
                return otherwise.evaluate(frame);
            }
            return unwrap ? optional.get() : optional;
        }
    }
}
