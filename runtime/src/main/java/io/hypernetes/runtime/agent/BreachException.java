package io.hypernetes.runtime.agent;

/** The guest sent what the protocol does not allow: its agent is broken or taken over. */
final class BreachException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BreachException(String what) {
        super("the guest broke the protocol with " + what);
    }

    BreachException(String what, Throwable cause) {
        super("the guest broke the protocol with " + what, cause);
    }
}
