package io.hypernetes.api;

/** Whether objects of a type live in a namespace or in the tenant's world as a whole. */
public enum Scope {
    CLUSTER,
    NAMESPACED
}
