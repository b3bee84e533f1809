package io.hypernetes.scheduler.plugin;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;

import tools.jackson.databind.node.ObjectNode;

import java.util.Optional;

/** Where plug-ins look up what a pod's claims stand for. */
public interface Claims {

    Optional<ObjectNode> claim(ObjectKey key);

    /** Volumes are of no namespace. */
    Optional<ObjectNode> volume(Tenant tenant, String name);

    Optional<ObjectNode> deviceClaim(ObjectKey key);

    Optional<ObjectNode> storageClass(Tenant tenant, String name);
}
