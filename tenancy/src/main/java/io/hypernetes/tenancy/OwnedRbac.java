package io.hypernetes.tenancy;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.identity.account.MemberRole;
import io.hypernetes.identity.rbac.DefaultRoles;
import io.hypernetes.identity.rbac.Rule;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Arrays;
import java.util.List;

/** The RBAC objects that the auth-controller owns: how they are named and what is in them. */
final class OwnedRbac {

    static final String LABEL = "hypernetes.io/managed-by";
    static final String OWNER = "auth-controller";

    /** Whom a binding is for: label values cannot have every user name. */
    static final String USER = "hypernetes.io/user";

    static final String NAMESPACE_CREATER = "namespace-creater";
    static final String NAMESPACE_ROLE = "access-resources-within-namespace";
    static final String NAMESPACE_BINDING = "namespace-binding";

    private static final String GROUP = "rbac.authorization.k8s.io";
    private static final List<String> ALL = List.of("*");
    private static final List<String> READ = List.of("get", "list", "watch");

    /** The three bindings that a membership can mean. */
    enum Grant {
        MEMBER("-namespace-creater", NAMESPACE_CREATER, MemberRole.MEMBER),
        ADMIN("-tenant-admin", "cluster-admin", MemberRole.ADMIN),
        READER("-tenant-reader", DefaultRoles.READER, MemberRole.READER);

        private final String suffix;
        private final String clusterRole;
        private final MemberRole role;

        Grant(String suffix, String clusterRole, MemberRole role) {
            this.suffix = suffix;
            this.clusterRole = clusterRole;
            this.role = role;
        }

        MemberRole role() {
            return role;
        }

        ObjectKey key(Tenant tenant, String username) {
            return new ObjectKey(tenant, "", BindingNames.of(username, suffix));
        }

        ObjectNode binding(Tenant tenant, String username) {
            return OwnedRbac.binding(key(tenant, username), "ClusterRole", clusterRole, username);
        }
    }

    private OwnedRbac() {}

    /** Whom a binding is for. */
    static String userOf(ObjectNode binding) {
        return Metadata.annotation(binding, USER);
    }

    static boolean owns(ObjectNode object) {
        return Metadata.label(object, LABEL).equals(OWNER);
    }

    /** The label by which it is found may have been taken off by hand: the annotation is left. */
    static boolean isOurs(ObjectNode object) {
        return owns(object) || Metadata.annotation(object, LABEL).equals(OWNER);
    }

    /**
     * Deleting a namespace needs no rule here: it is asked for in the namespace, where its creator
     * has all rights.
     */
    static ObjectNode namespaceCreater(Tenant tenant) {
        return role(
                new ObjectKey(tenant, "", NAMESPACE_CREATER),
                Rule.resources(
                        List.of(""),
                        List.of("namespaces"),
                        List.of("create", "get", "list", "watch")),
                Rule.resources(List.of("hypernetes.io"), List.of("networks"), READ),
                Rule.resources(List.of("storage.k8s.io"), List.of("storageclasses"), READ),
                // kubectl asks for them when it does not know a kind.
                Rule.resources(
                        List.of("apiextensions.k8s.io"),
                        List.of("customresourcedefinitions"),
                        READ));
    }

    static ObjectNode namespaceRole(ObjectKey key) {
        return role(key, Rule.resources(ALL, ALL, ALL));
    }

    static ObjectNode binding(ObjectKey key, String roleKind, String role, String username) {
        ObjectNode binding = owned(key);
        Metadata.ensureAnnotations(binding).put(USER, username);
        ArrayNode subjects = binding.putArray("subjects");
        subjects.addObject().put("apiGroup", GROUP).put("kind", "User").put("name", username);
        binding.putObject("roleRef").put("apiGroup", GROUP).put("kind", roleKind).put("name", role);
        return binding;
    }

    private static ObjectNode role(ObjectKey key, Rule... rules) {
        ObjectNode role = owned(key);
        ArrayNode array = role.putArray("rules");
        Arrays.stream(rules).forEach(rule -> array.add(rule.toTree()));
        return role;
    }

    private static ObjectNode owned(ObjectKey key) {
        ObjectNode object = Objects.named(key);
        Metadata.ensureLabels(object).put(LABEL, OWNER);
        Metadata.ensureAnnotations(object).put(LABEL, OWNER);
        return object;
    }
}
