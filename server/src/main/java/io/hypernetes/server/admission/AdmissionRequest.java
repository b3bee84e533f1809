package io.hypernetes.server.admission;

import io.hypernetes.api.ResourceType;
import io.hypernetes.server.registry.WriteCall;

import tools.jackson.databind.node.ObjectNode;

import java.util.Optional;

/**
 * A write that is about to happen.
 *
 * @param object what will be stored; a mutating controller changes it in place. For a deletion, the
 *     object that goes.
 * @param old the stored object, empty for a creation
 */
public record AdmissionRequest(
        WriteCall call,
        Operation operation,
        ResourceType type,
        String subresource,
        String namespace,
        String name,
        ObjectNode object,
        Optional<ObjectNode> old) {
    /** What is done to the object. */
    public enum Operation {
        CREATE,
        UPDATE,
        DELETE
    }

    public boolean isFor(ResourceType other) {
        return type.id().equals(other.id());
    }

    boolean creates(ResourceType other) {
        return operation == Operation.CREATE && isFor(other);
    }

    boolean deletes(ResourceType other) {
        return operation == Operation.DELETE && isFor(other);
    }
}
