package io.hypernetes.server.policy;

import io.hypernetes.cel.Expression;
import io.hypernetes.cel.Limits;
import io.hypernetes.cel.evaluation.Result;
import io.hypernetes.cel.evaluation.Variables;
import io.hypernetes.cel.value.EvaluationException;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/**
 * The expressions of one policy over one request with one set of parameters: they share variables,
 * each evaluated once when it is first named, and a budget. Belongs to the request's thread.
 */
final class Evaluation implements Variables {
    private static final String PREFIX = "variables.";

    private final Policy policy;
    private final Variables request;
    private final Map<String, Result> known = new HashMap<>();
    private long budget = Limits.PER_OBJECT;

    Evaluation(Policy policy, Variables request) {
        this.policy = policy;
        this.request = request;
    }

    /** Throws EvaluationException with the error of the variable. */
    @Override
    public @Nullable Object find(String name) {
        if (!name.startsWith(PREFIX)) {
            return request.find(name);
        }
        String variable = name.substring(PREFIX.length());
        Expression expression = policy.variables().get(variable);
        if (expression == null) {
            return null;
        }
        Result result = known.get(name);
        if (result == null) {
            result = evaluate(expression);
            known.put(name, result);
        }
        return switch (result) {
            case Result.Value(Object value, _) -> value;
            case Result.Failure(String message, _, _) ->
                    throw new EvaluationException(
                            "composited variable \""
                                    + variable
                                    + "\" fails to evaluate: "
                                    + message);
        };
    }

    Result evaluate(Expression expression) {
        if (budget <= 0) {
            return new Result.Failure(
                    "validation failed due to running out of cost budget, no further validation"
                            + " rules will be run",
                    true,
                    0);
        }
        Result result = expression.evaluate(this, Math.min(budget, Limits.PER_CALL));
        budget -= result.cost();
        return result;
    }
}
