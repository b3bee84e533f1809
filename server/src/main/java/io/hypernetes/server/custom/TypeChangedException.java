package io.hypernetes.server.custom;

import io.hypernetes.api.ResourceType;

/** A write was judged by a definition that is no longer that: it has to be judged again. */
public final class TypeChangedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TypeChangedException(ResourceType type) {
        super("the definition of " + type.id() + " has changed", null, false, false);
    }
}
