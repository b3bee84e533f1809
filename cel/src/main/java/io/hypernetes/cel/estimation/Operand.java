package io.hypernetes.cel.estimation;

import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * The receiver or an argument of a call.
 *
 * @param known its size; empty where nothing tells it
 * @param item the size of an item, of lists alone
 * @param literal its value, of whole numbers that stand in the expression
 */
record Operand(CelType type, Optional<Size> known, Optional<Size> item, OptionalLong literal) {
    Size size() {
        return known.orElse(Size.UNKNOWN);
    }

    /** The kind of a list's items. */
    CelKind itemKind() {
        return type.parameters().isEmpty() ? CelKind.DYN : type.parameters().getFirst().kind();
    }
}
