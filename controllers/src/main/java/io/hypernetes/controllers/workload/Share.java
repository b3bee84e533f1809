package io.hypernetes.controllers.workload;

import tools.jackson.databind.JsonNode;

/** An {@code IntOrString} of a spec: a number, or a percentage of a whole. */
final class Share {
    private Share() {}

    static int roundedUp(JsonNode value, int whole) {
        return (int) Math.ceilDiv(parts(value, whole), 100);
    }

    static int roundedDown(JsonNode value, int whole) {
        return (int) (parts(value, whole) / 100);
    }

    /** In hundredths; what is neither is nothing, and was refused when it was written. */
    private static long parts(JsonNode value, int whole) {
        if (!value.isString()) {
            return value.asLong(0) * 100;
        }
        String text = value.asString();
        return text.endsWith("%")
                ? (long) whole * Integer.parseInt(text, 0, text.length() - 1, 10)
                : 0;
    }
}
