package io.hypernetes.api.access;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;

import tools.jackson.databind.node.ObjectNode;

import java.util.Optional;

/**
 * Asked by admission before roles and bindings are written: nobody grants what they do not have.
 */
@FunctionalInterface
public interface EscalationGuard {

    /**
     * Throws Forbidden. Objects that grant nothing pass.
     *
     * @param user who writes; the program's own components are not asked about
     * @param old the stored object, empty for a create
     */
    void check(
            UserInfo user,
            Tenant tenant,
            ResourceType type,
            ObjectNode object,
            Optional<ObjectNode> old);
}
