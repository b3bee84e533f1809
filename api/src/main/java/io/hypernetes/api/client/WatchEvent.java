package io.hypernetes.api.client;

/**
 * @param object the new state; for DELETED the last state, with the deletion's resourceVersion
 */
public record WatchEvent(Type type, TenantObject object) {
    /** What happened. */
    public enum Type {
        ADDED,
        MODIFIED,
        DELETED
    }
}
