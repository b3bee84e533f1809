package io.hypernetes.cel.evaluation;

import org.jspecify.annotations.Nullable;

/** The values of an expression's variables, asked for when they are needed. */
@FunctionalInterface
public interface Variables {
    /** Null when there is no such variable. May throw EvaluationException. */
    @Nullable Object find(String name);
}
