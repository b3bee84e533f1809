package io.hypernetes.server.audit;

/** When in the life of a request an event is made. */
public enum AuditStage {
    RequestReceived,
    /** The head of an answer that goes on is out: a watch, a session. */
    ResponseStarted,
    ResponseComplete,
    Panic
}
