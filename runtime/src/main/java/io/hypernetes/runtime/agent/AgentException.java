package io.hypernetes.runtime.agent;

/** What the guest refused or could not do. */
public final class AgentException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What kind of failure. */
    public enum Reason {
        /** There is no such container, volume or disk. */
        NOT_FOUND,
        /** It exists already, or is in a state that does not allow this. */
        CONFLICT,
        /** The request makes no sense to the guest. */
        INVALID,
        /** The command can not be executed: missing, not executable. */
        NOT_EXECUTABLE,
        /** A system call failed in the guest. */
        FAILED,
        /** No answer in time. */
        TIMEOUT,
        /** The channel has ended; the machine is dead or dying. */
        LOST
    }

    private final Reason reason;

    public AgentException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public AgentException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
