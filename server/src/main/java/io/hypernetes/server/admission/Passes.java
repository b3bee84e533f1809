package io.hypernetes.server.admission;

/**
 * The runs of the mutating controllers over one request: one, and a second one when a controller
 * asks for it because it changed what others have already looked at (upstream's reinvocation).
 * Belongs to the request's thread.
 */
public final class Passes {
    private boolean second;
    private boolean wanted;

    /** Whether everything has been asked once before. */
    public boolean isSecond() {
        return second;
    }

    /** Asks for a second run; in the second, this changes nothing. */
    public void askForSecond() {
        wanted = true;
    }

    boolean beginSecond() {
        second = wanted && !second;
        return second;
    }
}
