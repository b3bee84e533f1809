package io.hypernetes.server.audit;

/** A policy file that cannot be used, with the place and what to do. */
public final class AuditPolicyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AuditPolicyException(String message) {
        super(message);
    }
}
