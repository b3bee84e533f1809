package io.hypernetes.cel.value;

/** The evaluation may cost no more: nothing absorbs this. */
public final class CostLimitException extends EvaluationException {
    private static final long serialVersionUID = 1;

    public CostLimitException() {
        super("operation cancelled: actual cost limit exceeded");
    }
}
