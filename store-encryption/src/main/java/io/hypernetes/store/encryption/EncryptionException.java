package io.hypernetes.store.encryption;

import io.hypernetes.store.StoreException;

/** A key is missing, or a value is not what was sealed. */
public final class EncryptionException extends StoreException {
    private static final long serialVersionUID = 1L;

    public EncryptionException(String message) {
        super(message);
    }

    public EncryptionException(String message, Throwable cause) {
        super(message, cause);
    }
}
