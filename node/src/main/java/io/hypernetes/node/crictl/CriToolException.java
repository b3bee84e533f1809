package io.hypernetes.node.crictl;

import java.io.Serial;

/** What a runtime has refused, in its words, or that it does not answer. */
public final class CriToolException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    public CriToolException(String message, Throwable cause) {
        super(message, cause);
    }

    CriToolException(String message) {
        super(message);
    }
}
