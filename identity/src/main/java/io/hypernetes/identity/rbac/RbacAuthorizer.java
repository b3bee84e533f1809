package io.hypernetes.identity.rbac;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Attributes;
import io.hypernetes.api.access.Authorizer;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.api.client.Client;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Allows what a binding of the request's own world allows: ClusterRoleBindings everywhere in that
 * world, RoleBindings in their namespace. Beside them count the default roles and bindings of the
 * system world, which are projected into all.
 *
 * <p>{@code system:masters} may do anything. Only certificates of the system tenant carry that
 * group, and whether credentials may act in a tenant at all is decided before, from the identity.
 */
public final class RbacAuthorizer implements Authorizer, AutoCloseable {

    private final RbacIndex index;

    public RbacAuthorizer(Client client) {
        index = new RbacIndex(client);
    }

    public RbacAuthorizer start() {
        index.start();
        return this;
    }

    /** Until then everybody but {@code system:masters} is refused. */
    public void awaitSynced() throws InterruptedException {
        index.awaitSynced();
    }

    @Override
    public void close() {
        index.close();
    }

    @Override
    public Decision authorize(Attributes request) {
        if (request.user().in(UserInfo.MASTERS)) {
            return new Decision.Allow("RBAC: allowed to group \"" + UserInfo.MASTERS + "\"");
        }
        Search search = new Search(request);
        eachGrant(request.tenant(), request.namespace(), request.user(), search);
        return search.decision();
    }

    /** Looks for a grant that allows a request. Used by one thread. */
    private final class Search implements Grants {
        private final Attributes request;
        private final List<String> missing = new ArrayList<>();
        private @Nullable Decision allowed;

        Search(Attributes request) {
            this.request = request;
        }

        @Override
        public boolean goOn(Binding binding, Subject subject) {
            Optional<List<Rule>> rules = index.rules(role(binding, request.tenant()));
            if (rules.isEmpty()) {
                missing.add(notFound(binding));
                return true;
            }
            for (Rule rule : rules.get()) {
                if (rule.allows(request)) {
                    allowed = new Decision.Allow("RBAC: allowed by " + binding.describe(subject));
                    return false;
                }
            }
            return true;
        }

        Decision decision() {
            Decision found = allowed;
            return found != null ? found : new Decision.NoOpinion(reason(missing));
        }
    }

    /**
     * All rules that hold for the user.
     *
     * @param namespace empty for those that hold in the world as a whole
     */
    public List<Rule> rulesFor(Tenant tenant, String namespace, UserInfo user) {
        if (user.in(UserInfo.MASTERS)) {
            return List.of(
                    Rule.resources(List.of("*"), List.of("*"), List.of("*")),
                    Rule.paths(List.of("*"), List.of("*")));
        }
        Set<Rule> rules = new LinkedHashSet<>();
        eachGrant(
                tenant,
                namespace,
                user,
                (binding, _) -> {
                    index.rules(role(binding, tenant)).ifPresent(rules::addAll);
                    return true;
                });
        return List.copyOf(rules);
    }

    @Override
    public RuleList rules(UserInfo user, Tenant tenant, String namespace) {
        List<ObjectNode> resources = new ArrayList<>();
        List<ObjectNode> paths = new ArrayList<>();
        for (Rule rule : rulesFor(tenant, namespace, user)) {
            (rule.nonResourceUrls().isEmpty() ? resources : paths).add(rule.toTree());
        }
        return new RuleList(resources, paths, false);
    }

    /** The rules of a role, as the bindings of that world see it. */
    Optional<List<Rule>> rulesOf(ObjectKey role) {
        return index.rules(role);
    }

    /** Is shown the bindings that name a user, one after the other, until it has seen enough. */
    @FunctionalInterface
    private interface Grants {
        boolean goOn(Binding binding, Subject subject);
    }

    /** A projected binding's role is looked for in the request's world. */
    private static ObjectKey role(Binding binding, Tenant tenant) {
        ObjectKey key = binding.roleKey();
        return new ObjectKey(tenant, key.namespace(), key.name());
    }

    /** Bindings that hold everywhere first. No stream: this is done for every request. */
    private void eachGrant(Tenant tenant, String namespace, UserInfo user, Grants grants) {
        List<Subject> subjects = Subject.of(user);
        for (Subject subject : subjects) {
            if (!each(index.sharedBindings(subject), subject, grants)
                    || !each(index.bindings(tenant, "", subject), subject, grants)) {
                return;
            }
        }
        if (namespace.isEmpty()) {
            return;
        }
        for (Subject subject : subjects) {
            if (!each(index.bindings(tenant, namespace, subject), subject, grants)) {
                return;
            }
        }
    }

    private static boolean each(Collection<Binding> bindings, Subject subject, Grants grants) {
        for (Binding binding : bindings) {
            if (!grants.goOn(binding, subject)) {
                return false;
            }
        }
        return true;
    }

    private static String notFound(Binding binding) {
        String kind = binding.clusterRole() ? "clusterrole" : "role";
        return kind + ".rbac.authorization.k8s.io \"" + binding.role() + "\" not found";
    }

    private static String reason(List<String> missing) {
        return switch (missing.size()) {
            case 0 -> "";
            case 1 -> "RBAC: " + missing.getFirst();
            default -> "RBAC: [" + String.join(", ", missing.stream().distinct().toList()) + "]";
        };
    }
}
