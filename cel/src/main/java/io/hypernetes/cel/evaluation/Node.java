package io.hypernetes.cel.evaluation;

/** A part of a planned expression. Immutable; what changes is in the frame. */
interface Node {
    /** Throws EvaluationException. */
    Object evaluate(Frame frame);
}
