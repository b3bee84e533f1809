package io.hypernetes.identity.rbac;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.GroupResource;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Attributes;
import io.hypernetes.api.access.Authorizer.Decision;
import io.hypernetes.api.access.EscalationGuard;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.api.types.BuiltinTypes;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;

/**
 * Nobody grants what they do not have: who writes a role must hold its rules, or the verb {@code
 * escalate} on it; who binds one must hold its rules, or the verb {@code bind} on it. Called by
 * admission for every create and update of an RBAC object.
 */
public final class EscalationCheck implements EscalationGuard {

    private static final String RBAC = "rbac.authorization.k8s.io";

    /** Of the metadata: what the server keeps, and what holds an object or lets it go. */
    private static final List<String> NOT_GRANTING =
            List.of(
                    "resourceVersion",
                    "generation",
                    "managedFields",
                    "finalizers",
                    "ownerReferences");

    /** A role that is made of others may gather anything. */
    private static final List<Rule> EVERYTHING =
            List.of(
                    Rule.resources(List.of(Rule.ALL), List.of(Rule.ALL), List.of(Rule.ALL)),
                    Rule.paths(List.of(Rule.ALL), List.of(Rule.ALL)));

    private final RbacAuthorizer authorizer;

    public EscalationCheck(RbacAuthorizer authorizer) {
        this.authorizer = authorizer;
    }

    @Override
    public void check(
            UserInfo user,
            Tenant tenant,
            ResourceType type,
            ObjectNode object,
            Optional<ObjectNode> old) {
        if (user.in(UserInfo.MASTERS) || old.filter(o -> grantsTheSame(o, object)).isPresent()) {
            return;
        }
        if (is(type, BuiltinTypes.ROLES) || is(type, BuiltinTypes.CLUSTER_ROLES)) {
            if (!may(user, tenant, "escalate", type.id(), key(tenant, object))) {
                checkRole(user, key(tenant, object), type.id(), object);
            }
        } else if (is(type, BuiltinTypes.ROLE_BINDINGS)
                || is(type, BuiltinTypes.CLUSTER_ROLE_BINDINGS)) {
            checkBinding(user, key(tenant, object), type.id(), object);
        }
    }

    /** Labels count: by a label a role's rules become those of another. */
    private static boolean grantsTheSame(ObjectNode one, ObjectNode other) {
        return granting(one).equals(granting(other));
    }

    private static ObjectNode granting(ObjectNode object) {
        ObjectNode copy = object.deepCopy();
        Metadata.ensureMetadata(copy).remove(NOT_GRANTING);
        return copy;
    }

    private void checkRole(
            UserInfo user, ObjectKey key, GroupResource resource, ObjectNode object) {
        confirm(user, key, resource, Rule.of(object));
        boolean gathers = !object.path("aggregationRule").path("clusterRoleSelectors").isEmpty();
        if (gathers
                && !Cover.missing(authorizer.rulesFor(key.tenant(), "", user), EVERYTHING)
                        .isEmpty()) {
            throw ApiException.forbidden(
                    resource,
                    key.name(),
                    "must have cluster-admin privileges to use the aggregationRule");
        }
    }

    private void checkBinding(
            UserInfo user, ObjectKey key, GroupResource resource, ObjectNode object) {
        Binding binding = Binding.of(key, object);
        ObjectKey role = binding.roleKey();
        GroupResource roles =
                new GroupResource(RBAC, binding.clusterRole() ? "clusterroles" : "roles");
        // The verb is asked for where the binding is, also for a ClusterRole.
        if (may(
                user,
                key.tenant(),
                "bind",
                roles,
                new ObjectKey(key.tenant(), key.namespace(), role.name()))) {
            return;
        }
        List<Rule> rules =
                authorizer
                        .rulesOf(role)
                        .orElseThrow(() -> ApiException.notFound(roles, role.name()));
        confirm(user, key, resource, rules);
    }

    private boolean may(
            UserInfo user, Tenant tenant, String verb, GroupResource resource, ObjectKey key) {
        return authorizer.authorize(
                        new Attributes(
                                user,
                                tenant,
                                verb,
                                resource.group(),
                                "*",
                                resource.resource(),
                                "",
                                key.namespace(),
                                key.name(),
                                ""))
                instanceof Decision.Allow;
    }

    private void confirm(UserInfo user, ObjectKey key, GroupResource resource, List<Rule> wanted) {
        List<Rule> held = authorizer.rulesFor(key.tenant(), key.namespace(), user);
        List<Rule> missing = Cover.missing(held, wanted);
        if (!missing.isEmpty()) {
            throw ApiException.forbidden(
                    resource,
                    key.name(),
                    "user \""
                            + user.name()
                            + "\" (groups="
                            + Cover.quoted(user.groups())
                            + ") is attempting to grant RBAC permissions not currently held:\n"
                            + Cover.describe(missing));
        }
    }

    private static boolean is(ResourceType type, ResourceType other) {
        return type.id().equals(other.id());
    }

    private static ObjectKey key(Tenant tenant, ObjectNode object) {
        return new ObjectKey(tenant, Metadata.namespace(object), Metadata.name(object));
    }
}
