package io.hypernetes.cel.estimation;

import java.util.Optional;

/**
 * What a call may do, its operands aside.
 *
 * @param cost the most, in CEL's units
 * @param result the size of what it gives, where that is known
 */
record Estimate(long cost, Optional<Size> result) {
    static final Estimate ONE = of(1);

    static Estimate of(long cost) {
        return new Estimate(cost, Optional.empty());
    }

    static Estimate of(long cost, Size result) {
        return new Estimate(cost, Optional.of(result));
    }
}
