package io.hypernetes.node;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.Tenant;

import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;

/**
 * Where the logs of pods are.
 *
 * @param root of all of this machine
 */
record PodLogs(Path root) {

    Path directory(Tenant tenant, ObjectNode pod) {
        return directory(tenant, Metadata.namespace(pod), Metadata.name(pod), Metadata.uid(pod));
    }

    Path directory(Tenant tenant, String namespace, String name, String uid) {
        return root.resolve(String.join("_", tenant.name(), namespace, name, uid));
    }
}
