package io.hypernetes.volume;

/** What the pool could not do, and what the reader can do about it. */
public final class VolumeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public VolumeException(String message) {
        super(message);
    }

    public VolumeException(String message, Throwable cause) {
        super(message, cause);
    }
}
