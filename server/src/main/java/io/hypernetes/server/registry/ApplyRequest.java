package io.hypernetes.server.registry;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ResourceType;

import tools.jackson.databind.node.ObjectNode;

/**
 * What a manager wants of an object.
 *
 * @param config the fields that it has an opinion on; not changed
 * @param force takes fields that other managers own
 */
public record ApplyRequest(ObjectNode config, boolean force) {

    /** Throws Conflict when the configuration means an object that is no more. */
    void checkNew(ResourceType type, String name) {
        String uid = Metadata.uid(config);
        if (!uid.isEmpty()) {
            throw ApiException.conflict(
                    type.id(),
                    name,
                    "uid mismatch: the provided object specified uid "
                            + uid
                            + ", and no existing object was found");
        }
    }
}
