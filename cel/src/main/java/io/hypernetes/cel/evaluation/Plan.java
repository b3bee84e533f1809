package io.hypernetes.cel.evaluation;

import io.hypernetes.cel.value.CostLimitException;
import io.hypernetes.cel.value.EvaluationException;

/** An expression, ready to be evaluated any number of times by any thread. */
public final class Plan {
    private final Node root;
    private final int locals;

    Plan(Node root, int locals) {
        this.root = root;
        this.locals = locals;
    }

    /**
     * @param limit the most it may cost
     */
    public Result evaluate(Variables variables, long limit) {
        Frame frame = new Frame(variables, locals, limit);
        try {
            return new Result.Value(root.evaluate(frame), frame.cost());
        } catch (EvaluationException e) {
            return new Result.Failure(e.text(), e instanceof CostLimitException, frame.cost());
        } catch (StackOverflowError e) {
            return new Result.Failure("expression is nested too deeply", false, frame.cost());
        }
    }
}
