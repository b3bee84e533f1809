package io.hypernetes.tenancy;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.identity.rbac.DefaultRoles;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;

/**
 * What Keystone's roles mean: ClusterRoleBindings of the system world that are projected into every
 * world, each from the group {@code role:NAME} to a ClusterRole. In which tenant somebody has the
 * role, the project of their token says.
 */
public final class KeystoneRoles {

    /** Roles that every Keystone has, and the ClusterRoles they are bound to by default. */
    public static final Map<String, String> DEFAULTS =
            Map.of(
                    "admin", "cluster-admin",
                    "member", OwnedRbac.NAMESPACE_CREATER,
                    "reader", DefaultRoles.READER);

    private static final String PREFIX = "hypernetes:keystone:";
    private static final String OWNER = "keystone-roles";
    private static final String GROUP = "rbac.authorization.k8s.io";

    private KeystoneRoles() {}

    /** Makes these bindings, and removes those of roles that are not among them any more. */
    public static void reconcile(Client client, Map<String, String> clusterRoleByRole) {
        Objects objects = new Objects(client);
        clusterRoleByRole.forEach((role, clusterRole) ->
                objects.repair(
                        BuiltinTypes.CLUSTER_ROLE_BINDINGS,
                        key(role),
                        binding(role, clusterRole),
                        List.of("subjects"),
                        List.of("roleRef")));
        Selection owned = Selection.of(Tenant.SYSTEM).withLabels(OwnedRbac.LABEL + "=" + OWNER);
        for (TenantObject binding :
                client.list(BuiltinTypes.CLUSTER_ROLE_BINDINGS, owned).items()) {
            String role = binding.key().name().substring(PREFIX.length());
            if (!clusterRoleByRole.containsKey(role)) {
                objects.delete(BuiltinTypes.CLUSTER_ROLE_BINDINGS, binding.key());
            }
        }
    }

    private static ObjectKey key(String role) {
        return new ObjectKey(Tenant.SYSTEM, "", PREFIX + role);
    }

    private static ObjectNode binding(String role, String clusterRole) {
        ObjectNode binding = Objects.named(key(role));
        Metadata.ensureLabels(binding)
                .put(OwnedRbac.LABEL, OWNER)
                .put(DefaultRoles.LABEL, DefaultRoles.LABEL_VALUE);
        binding.putArray("subjects")
                .addObject()
                .put("apiGroup", GROUP)
                .put("kind", "Group")
                .put("name", "role:" + role);
        binding.putObject("roleRef")
                .put("apiGroup", GROUP)
                .put("kind", "ClusterRole")
                .put("name", clusterRole);
        return binding;
    }
}
