package io.hypernetes.cel;

/** How much expressions may cost, in CEL's units (apiserver, pkg/apis/cel). */
public final class Limits {
    /** One evaluation: about a tenth of a second in upstream's measure. */
    public static final long PER_CALL = 1_000_000;

    /** All rules of one object, or of one policy's binding. */
    public static final long PER_OBJECT = 10_000_000;

    /** All match conditions of one webhook or policy for one request. */
    public static final long MATCH_CONDITIONS = 2_500_000;

    /** What one rule of a CustomResourceDefinition is estimated to cost, all its evaluations. */
    public static final long RULE_ESTIMATE = 10_000_000;

    /** What all rules of one schema of a CustomResourceDefinition are estimated to cost. */
    public static final long SCHEMA_ESTIMATE = 100_000_000;

    /** Bytes of an evaluated message. */
    public static final int MESSAGE_BYTES = 5 * 1024;

    /** Bytes of an expression's text that are looked at at all. */
    static final int EXPRESSION_CHARACTERS = 100_000;

    private Limits() {}
}
