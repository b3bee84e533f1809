package io.hypernetes.api.types.certificates;

/** Bytes that are not the DER that was expected. */
final class DerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DerException(String message) {
        super(message);
    }
}
