package io.hypernetes.store;

/** The revision asked for is no longer kept. The reader starts over from the current state. */
public final class CompactedException extends StoreException {

    private static final long serialVersionUID = 1L;

    private final long oldest;

    public CompactedException(long revision, long oldest) {
        super(
                "revision "
                        + revision
                        + " is no longer kept (the oldest is "
                        + oldest
                        + "): read the current state");
        this.oldest = oldest;
    }

    /** The oldest revision that can still be read, and watched from. */
    public long oldest() {
        return oldest;
    }
}
