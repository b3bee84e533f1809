package io.hypernetes.scheduler.plugin;

/** What happened that may make room for a pod that fits nowhere. */
public enum Trigger {
    NODE_CHANGED,
    POD_PLACED,
    POD_GONE,
    CLAIM_CHANGED
}
