package io.hypernetes.identity.pki;

/** A key or certificate cannot be read, made or written; the message says what to do. */
public final class PkiException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public PkiException(String message) {
        super(message);
    }

    public PkiException(String message, Throwable cause) {
        super(message, cause);
    }
}
