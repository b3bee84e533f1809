package io.hypernetes.identity.rbac;

import io.hypernetes.api.ObjectKey;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A RoleBinding or ClusterRoleBinding, read.
 *
 * @param clusterRole whether it refers to a ClusterRole
 * @param role the name of what it refers to
 */
record Binding(ObjectKey key, boolean clusterRole, String role, Set<Subject> subjects) {

    static Binding of(ObjectKey key, ObjectNode binding) {
        Set<Subject> subjects = new LinkedHashSet<>();
        for (JsonNode subject : binding.path("subjects")) {
            Subject.of(subject, key.namespace()).ifPresent(subjects::add);
        }
        JsonNode reference = binding.path("roleRef");
        return new Binding(
                key,
                reference.path("kind").asString("").equals("ClusterRole"),
                reference.path("name").asString(""),
                subjects);
    }

    /** The key of the role; of a ClusterRole, in the same world. */
    ObjectKey roleKey() {
        return new ObjectKey(key.tenant(), clusterRole ? "" : key.namespace(), role);
    }

    /** As upstream's reasons name it. */
    String describe(Subject subject) {
        return (key.namespace().isEmpty()
                        ? "ClusterRoleBinding \"" + key.name()
                        : "RoleBinding \"" + key.name() + "/" + key.namespace())
                + "\" of "
                + (clusterRole ? "ClusterRole" : "Role")
                + " \""
                + role
                + "\" to "
                + subject;
    }
}
