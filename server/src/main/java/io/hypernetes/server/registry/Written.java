package io.hypernetes.server.registry;

import io.hypernetes.api.ResourceType;

/**
 * What became of an object.
 *
 * @param object its state now, or its last one
 * @param removed whether it is gone
 */
public record Written(Served object, boolean removed) {
    /** Whether a deletion answers with the object also when it is gone, not with a Status. */
    public static boolean isShownWhenRemoved(ResourceType type) {
        return Deletions.showsObject(type);
    }
}
