package io.hypernetes.identity.rbac;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Attributes;
import io.hypernetes.api.access.Authorizer;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.api.client.Client;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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
        List<String> missing = new ArrayList<>();
        Optional<Grant> grant =
                grants(request.tenant(), request.namespace(), request.user())
                        .filter(g -> allows(g, request, missing))
                        .findFirst();
        return grant.<Decision>map(g -> new Decision.Allow("RBAC: allowed by " + g))
                .orElseGet(() -> new Decision.NoOpinion(reason(missing)));
    }

    private boolean allows(Grant grant, Attributes request, List<String> missing) {
        Optional<List<Rule>> rules = index.rules(grant.role(request.tenant()));
        if (rules.isEmpty()) {
            missing.add(notFound(grant.binding()));
            return false;
        }
        return rules.get().stream().anyMatch(rule -> rule.allows(request));
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
        return grants(tenant, namespace, user)
                .flatMap(g -> index.rules(g.role(tenant)).orElse(List.of()).stream())
                .distinct()
                .toList();
    }

    /** The rules of a role, as the bindings of that world see it. */
    Optional<List<Rule>> rulesOf(ObjectKey role) {
        return index.rules(role);
    }

    /** A binding that names the user. */
    private record Grant(Binding binding, Subject subject) {
        /** A projected binding's role is looked for in the request's world. */
        ObjectKey role(Tenant tenant) {
            ObjectKey key = binding.roleKey();
            return new ObjectKey(tenant, key.namespace(), key.name());
        }

        @Override
        public String toString() {
            return binding.describe(subject);
        }
    }

    private Stream<Grant> grants(Tenant tenant, String namespace, UserInfo user) {
        List<Subject> subjects = Subject.of(user);
        Stream<Grant> everywhere =
                subjects.stream()
                        .flatMap(subject ->
                                Stream.concat(
                                                index.sharedBindings(subject).stream(),
                                                index.bindings(tenant, "", subject).stream())
                                        .map(binding -> new Grant(binding, subject)));
        if (namespace.isEmpty()) {
            return everywhere;
        }
        Stream<Grant> here =
                subjects.stream()
                        .flatMap(subject ->
                                index.bindings(tenant, namespace, subject).stream()
                                        .map(binding -> new Grant(binding, subject)));
        return Stream.concat(everywhere, here);
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
