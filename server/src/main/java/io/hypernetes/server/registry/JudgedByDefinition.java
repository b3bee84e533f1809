package io.hypernetes.server.registry;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.server.custom.CustomTypes;
import io.hypernetes.server.custom.TypeChangedException;
import io.hypernetes.store.Compare;
import io.hypernetes.store.ObjectPath;

import tools.jackson.databind.node.ObjectNode;

import java.util.Optional;

/**
 * Keeps writes of custom resources and changes of their definitions apart: a write is judged by the
 * definition that holds at the moment at which it is stored, and when that changed in between, once
 * more by the new one. Upstream leaves this gap open.
 */
final class JudgedByDefinition {
    private static final int ATTEMPTS = 16;

    private final CustomTypes types;

    JudgedByDefinition(CustomTypes types) {
        this.types = types;
    }

    /** A write by what a definition says now. */
    interface Write<T> {
        T by(ResourceType now) throws InterruptedException;
    }

    /** Throws NotFound when the definition is gone, Conflict when it changes all the time. */
    <T> T judge(WriteCall call, ResourceType type, Write<T> write) throws InterruptedException {
        ResourceType now = type;
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            try {
                return write.by(now);
            } catch (TypeChangedException _) {
                now = today(call.tenant(), type);
            }
        }
        throw ApiException.conflict(type.id(), "", "its definition changed all the time");
    }

    private ResourceType today(Tenant tenant, ResourceType type) {
        return types.find(tenant, type.id().group(), type.version(), type.id().resource())
                .orElseThrow(() ->
                        ApiException.of(
                                Reason.NOT_FOUND,
                                "the server could not find the requested resource"));
    }

    /** What must hold in the transaction; nothing for a built-in type. */
    Optional<Compare> unchanged(ObjectPath path, ResourceType type) {
        return types.unchanged(new Tenant(path.tenant()), type);
    }

    /** What decoding may change: of a custom resource it may have to be done twice. */
    static ObjectNode owned(ResourceType type, ObjectNode object) {
        return type.schema().source().isPresent() ? object.deepCopy() : object;
    }
}
