package io.hypernetes.identity.rbac;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.types.BuiltinTypes;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/**
 * The roles of Kubernetes' own components and controllers, and to whom they are bound. Nothing of
 * ours needs them: they are there for an upstream component that is run against this API, and for
 * manifests that bind to them.
 */
public final class ComponentRoles {

    /** An object that should be there; its metadata say in which namespace. */
    public record Default(ResourceType type, ObjectNode object) {}

    private ComponentRoles() {}

    /** Each role before its binding; the caller owns the trees. */
    public static List<Default> all() {
        List<Default> all = new ArrayList<>();
        for (RoleTable role : RoleTable.read("component-roles.txt")) {
            boolean cluster = role.namespace().isEmpty();
            all.add(
                    new Default(
                            cluster ? BuiltinTypes.CLUSTER_ROLES : BuiltinTypes.ROLES,
                            role(role, cluster ? "ClusterRole" : "Role")));
            // What is bound to nobody waits for who needs it, or is the Node authorizer's to give.
            if (!role.subjects().isEmpty()) {
                all.add(
                        new Default(
                                cluster
                                        ? BuiltinTypes.CLUSTER_ROLE_BINDINGS
                                        : BuiltinTypes.ROLE_BINDINGS,
                                binding(role, cluster ? "ClusterRole" : "Role")));
            }
        }
        return List.copyOf(all);
    }

    private static ObjectNode role(RoleTable role, String kind) {
        ObjectNode object = DefaultRoles.role(kind, role.name(), role.rules());
        return placed(object, role);
    }

    private static ObjectNode binding(RoleTable role, String kind) {
        // Upstream's one binding that is not called as its role.
        String name = role.name().startsWith("system:") ? role.name() : "system::" + role.name();
        ObjectNode binding = DefaultRoles.object(kind + "Binding", name);
        DefaultRoles.refer(binding, kind, role.name());
        ArrayNode subjects = binding.putArray("subjects");
        for (String subject : role.subjects()) {
            int slash = subject.indexOf('/');
            if (slash < 0) {
                DefaultRoles.subject(subjects, "User", subject);
            } else {
                subjects.addObject()
                        .put("kind", "ServiceAccount")
                        .put("name", subject.substring(slash + 1))
                        .put("namespace", subject.substring(0, slash));
            }
        }
        return placed(binding, role);
    }

    private static ObjectNode placed(ObjectNode object, RoleTable role) {
        if (!role.namespace().isEmpty()) {
            object.withObject("metadata").put("namespace", role.namespace());
        }
        return object;
    }
}
