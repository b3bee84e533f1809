package io.hypernetes.server.audit;

/** How much of a request is kept. */
public enum AuditLevel {
    NONE("None"),
    METADATA("Metadata"),
    /** With the request's body. */
    REQUEST("Request"),
    /** With the bodies of request and answer. */
    REQUEST_RESPONSE("RequestResponse");

    private final String text;

    AuditLevel(String text) {
        this.text = text;
    }

    public boolean isNone() {
        return this == NONE;
    }

    boolean includes(AuditLevel other) {
        return compareTo(other) >= 0;
    }

    /** As policies and events write it. */
    @Override
    public String toString() {
        return text;
    }
}
