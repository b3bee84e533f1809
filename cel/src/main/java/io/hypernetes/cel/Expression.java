package io.hypernetes.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypes;

import io.hypernetes.cel.estimation.Estimator;
import io.hypernetes.cel.evaluation.Plan;
import io.hypernetes.cel.evaluation.Result;
import io.hypernetes.cel.evaluation.Variables;
import io.hypernetes.cel.type.DeclaredType;

/** A compiled expression. Immutable, for any thread. */
public final class Expression {
    private final String text;
    private final CelAbstractSyntaxTree tree;
    private final Plan plan;

    Expression(String text, CelAbstractSyntaxTree tree, Plan plan) {
        this.text = text;
        this.tree = tree;
        this.plan = plan;
    }

    public String text() {
        return text;
    }

    public boolean isBoolean() {
        return tree.getResultType().kind() == CelKind.BOOL;
    }

    public boolean isString() {
        return tree.getResultType().kind() == CelKind.STRING;
    }

    public boolean isDynamic() {
        return tree.getResultType().kind() == CelKind.DYN;
    }

    /** The type of the result as cel-go prints it: {@code int}, {@code list(string)}. */
    public String typeName() {
        return tree.getResultType().kind() == CelKind.NULL_TYPE
                ? "null_type"
                : CelTypes.format(tree.getResultType());
    }

    /** The checker's type of the result. */
    public CelType resultType() {
        return tree.getResultType();
    }

    CelAbstractSyntaxTree tree() {
        return tree;
    }

    /** Whether a variable is named in it. */
    public boolean uses(String variable) {
        return tree.getReferenceMap().values().stream()
                .anyMatch(reference -> reference.name().equals(variable));
    }

    /**
     * The most that it may cost by the sizes that a schema allows.
     *
     * @param self the type of the variables in it
     */
    public long estimatedCost(DeclaredType self) {
        return Estimator.estimate(tree, self, Environment::isFunction);
    }

    /**
     * @param limit the most it may cost, {@link Limits#PER_CALL} or what is left of a budget
     */
    public Result evaluate(Variables variables, long limit) {
        return plan.evaluate(variables, limit);
    }
}
