package io.hypernetes.network.ovsdb;

/** Why a database did not do what was asked. */
public final class OvsdbException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What kind of failure it is, for those that can do something about it. */
    public enum Reason {
        /** The server answered with an error. Nothing was changed. */
        REFUSED,
        /**
         * A {@code wait} did not hold, or a unique column had the value already: somebody else was
         * faster. Nothing was changed; read again and repeat.
         */
        CONFLICT,
        /** The connection ended before the answer: whether anything was changed is not known. */
        DISCONNECTED,
        /** No connection or no answer in time: whether anything was changed is not known. */
        TIMED_OUT,
        /** What came over the connection is not the protocol. */
        PROTOCOL
    }

    private final Reason reason;

    public OvsdbException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public OvsdbException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
