package io.hypernetes.api.client;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;

import tools.jackson.databind.node.ObjectNode;

import java.util.Optional;

/**
 * The Kubernetes API as a Java interface, tenant explicit. The in-process implementation shares the
 * server's pipeline (defaults, validation, admission) and watch cache without HTTP; another speaks
 * HTTPS.
 *
 * <p>All methods throw {@link ApiException} with the status that an HTTP client would get.
 */
public interface Client {

    /** Throws NotFound. */
    ObjectNode get(ResourceType type, ObjectKey key);

    default Optional<ObjectNode> find(ResourceType type, ObjectKey key) {
        try {
            return Optional.of(get(type, key));
        } catch (ApiException e) {
            if (e.is(Reason.NOT_FOUND)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** A consistent list, served from memory. */
    ObjectList list(ResourceType type, Selection selection);

    /**
     * Events after {@code resourceVersion}, in order, without gaps. Throws Expired (410) when the
     * revision has left the window: list again. Close it to end it.
     */
    Watch watch(ResourceType type, Selection selection, String resourceVersion);

    /**
     * Creates {@code object} in the tenant's world; its metadata names the namespace and the name
     * (or generateName). Throws AlreadyExists, Invalid, Forbidden (admission).
     */
    ObjectNode create(ResourceType type, Tenant tenant, ObjectNode object);

    /**
     * Replaces the object. With a resourceVersion in its metadata, Conflict when it is not the
     * stored one; without, last write wins.
     */
    ObjectNode update(ResourceType type, Tenant tenant, ObjectNode object);

    /** Replaces the status alone. */
    ObjectNode updateStatus(ResourceType type, Tenant tenant, ObjectNode object);

    /** Patches the object, or its subresource when {@code subresource} is not empty. */
    ObjectNode patch(ResourceType type, ObjectKey key, Patch patch, String subresource);

    /** Deletes; a NotFound is thrown, an object that waits for finalizers or grace is kept. */
    void delete(ResourceType type, ObjectKey key, DeleteOptions options);
}
