package io.hypernetes.identity.rbac;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;

import tools.jackson.databind.node.ObjectNode;

/** Roles and bindings for tests. */
final class RbacObjects {

    private final Client client;

    RbacObjects(Client client) {
        this.client = client;
    }

    /** A Role, or a ClusterRole where the namespace is empty. */
    void role(Tenant tenant, String namespace, String name, Rule... rules) {
        client.create(
                namespace.isEmpty() ? BuiltinTypes.CLUSTER_ROLES : BuiltinTypes.ROLES,
                tenant,
                roleTree(namespace, name, rules));
    }

    void shared(Tenant tenant, String name, Rule... rules) {
        ObjectNode role = roleTree("", name, rules);
        role.withObject("metadata")
                .putObject("labels")
                .put(DefaultRoles.LABEL, DefaultRoles.LABEL_VALUE);
        client.create(BuiltinTypes.CLUSTER_ROLES, tenant, role);
    }

    void bind(
            Tenant tenant,
            String namespace,
            String name,
            String roleKind,
            String role,
            String subjectKind,
            String subject) {
        client.create(
                namespace.isEmpty()
                        ? BuiltinTypes.CLUSTER_ROLE_BINDINGS
                        : BuiltinTypes.ROLE_BINDINGS,
                tenant,
                bindingTree(namespace, name, roleKind, role, subjectKind, subject));
    }

    static ObjectNode roleTree(String namespace, String name, Rule... rules) {
        ObjectNode role = object(namespace, name);
        for (Rule rule : rules) {
            role.withArray("rules").add(rule.toTree());
        }
        return role;
    }

    /**
     * @param subject of a service account: NAMESPACE/NAME
     */
    static ObjectNode bindingTree(
            String namespace,
            String name,
            String roleKind,
            String role,
            String subjectKind,
            String subject) {
        ObjectNode binding = object(namespace, name);
        binding.putObject("roleRef")
                .put("apiGroup", "rbac.authorization.k8s.io")
                .put("kind", roleKind)
                .put("name", role);
        ObjectNode who = binding.putArray("subjects").addObject().put("kind", subjectKind);
        int slash = subject.indexOf('/');
        if (slash >= 0) {
            who.put("namespace", subject.substring(0, slash));
        }
        who.put("name", subject.substring(slash + 1));
        return binding;
    }

    private static ObjectNode object(String namespace, String name) {
        ObjectNode object = Json.object();
        ObjectNode metadata = object.putObject("metadata").put("name", name);
        if (!namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        return object;
    }
}
