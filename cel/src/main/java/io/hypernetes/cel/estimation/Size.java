package io.hypernetes.cel.estimation;

/**
 * How many characters, bytes, items or entries a value may have. What is too large for a long stays
 * the largest long.
 */
record Size(long min, long max) {
    static final Size UNKNOWN = new Size(0, Long.MAX_VALUE);

    static Size exactly(long size) {
        return new Size(size, size);
    }

    static Size upTo(long max) {
        return new Size(0, max);
    }

    Size plus(Size other) {
        return new Size(add(min, other.min), add(max, other.max));
    }

    Size times(Size other) {
        return new Size(multiply(min, other.min), multiply(max, other.max));
    }

    /** What holds both. */
    Size or(Size other) {
        return new Size(Math.min(min, other.min), Math.max(max, other.max));
    }

    /** The most that it costs to walk it, so much for each element, rounded up. */
    long cost(double each) {
        return scaled(max, each);
    }

    static long scaled(long count, double factor) {
        return (long) Math.ceil(count * factor);
    }

    static long add(long a, long b) {
        long sum = a + b;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    static long multiply(long a, long b) {
        return Math.multiplyHigh(a, b) != 0 || a * b < 0 ? Long.MAX_VALUE : a * b;
    }
}
