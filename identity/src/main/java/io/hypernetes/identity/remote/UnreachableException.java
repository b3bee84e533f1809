package io.hypernetes.identity.remote;

/** Another server cannot be asked now, or does not answer in a way that means anything. */
public final class UnreachableException extends RuntimeException {

    public UnreachableException(String message) {
        super(message);
    }

    public UnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
