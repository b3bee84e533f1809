package io.hypernetes.store;

/**
 * The answer to a transaction was lost on its way: it was made or not, wholly. Only a store that is
 * reached over a network says so. Who must know reads the keys again.
 */
public final class UnknownOutcomeException extends StoreException {

    private static final long serialVersionUID = 1L;

    public UnknownOutcomeException(String message, Throwable cause) {
        super(message, cause);
    }
}
