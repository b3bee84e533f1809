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
        if (user.in(UserInfo.MASTERS)) {
            return;
        }
        if (is(type, BuiltinTypes.ROLES) || is(type, BuiltinTypes.CLUSTER_ROLES)) {
            boolean same = old.filter(o -> Rule.of(o).equals(Rule.of(object))).isPresent();
            if (!same && !may(user, tenant, "escalate", type.id(), key(tenant, object))) {
                confirm(user, key(tenant, object), type.id(), Rule.of(object));
            }
        } else if (is(type, BuiltinTypes.ROLE_BINDINGS)
                || is(type, BuiltinTypes.CLUSTER_ROLE_BINDINGS)) {
            boolean same =
                    old.filter(o ->
                                    o.path("subjects").equals(object.path("subjects"))
                                            && o.path("roleRef").equals(object.path("roleRef")))
                            .isPresent();
            if (!same) {
                checkBinding(user, key(tenant, object), type.id(), object);
            }
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
