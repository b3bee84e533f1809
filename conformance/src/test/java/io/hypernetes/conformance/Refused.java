package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

import tools.jackson.databind.node.ObjectNode;

/** The server said no. */
final class Refused extends RuntimeException {
    private final int code;
    private final ObjectNode status;

    Refused(int code, ObjectNode status) {
        super(
                code
                        + " "
                        + status.path("reason").asString("")
                        + ": "
                        + status.path("message").asString(""));
        this.code = code;
        this.status = status;
    }

    /** What came of a call that must not succeed. */
    static Refused by(ThrowingCallable call) {
        Refused refused = catchThrowableOfType(Refused.class, call);
        if (refused == null) {
            throw new AssertionError("the server did not refuse");
        }
        return refused;
    }

    int code() {
        return code;
    }

    String reason() {
        return status.path("reason").asString("");
    }

    String message() {
        return status.path("message").asString("");
    }

    ObjectNode status() {
        return status;
    }
}
