package io.hypernetes.identity.keystone;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Identity;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.identity.CredentialDigest;
import io.hypernetes.identity.remote.Confirmations;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes identities of what Keystone says: user, groups, and the one tenant that the token is for.
 *
 * <p>Roles hold in the scope of the token, and so does the identity: it has no other tenant. A
 * token without a scope is exchanged for one in the tenant that is wanted, else in the only one
 * there is.
 */
final class People {

    private static final String EXTRA = "alpha.kubernetes.io/identity/";

    private final String defaultDomain;
    private final KeystoneClient keystone;
    private final Projects projects;
    private final CredentialDigest digest = new CredentialDigest();

    /** By user: a person with ten tokens is asked about once. */
    private final Confirmations<List<Named>> groups;

    People(KeystoneSettings settings, KeystoneClient keystone, Projects projects, Clock clock) {
        this.defaultDomain = settings.defaultDomain();
        this.keystone = keystone;
        this.projects = projects;
        this.groups = new Confirmations<>(settings.freshGroups(), settings.grace(), clock);
    }

    /** Empty for somebody whom no name here can stand for. */
    Optional<Identity> identity(String value, KeystoneToken token, Optional<Tenant> wanted) {
        if (token.project().isEmpty() && token.domainScope().isEmpty()) {
            return unscoped(value, token, wanted);
        }
        Optional<Tenant> tenant =
                token.project()
                        .flatMap(projects::tenant)
                        .or(() -> token.domainScope().flatMap(projects::tenant));
        return user(value, token)
                .map(user ->
                        new Identity(user, tenant, tenant.map(Set::of).orElse(Set.of()), false));
    }

    private Optional<Identity> unscoped(
            String value, KeystoneToken token, Optional<Tenant> wanted) {
        Set<Tenant> choices = wanted.map(Set::of).orElseGet(() -> tenants(value));
        if (choices.size() == 1) {
            Optional<Identity> scoped =
                    keystone.authenticate(
                                    new Proof.Token(value),
                                    projects.scope(choices.iterator().next()))
                            .filter(grant -> grant.token().project().isPresent())
                            .flatMap(grant -> identity(grant.value(), grant.token(), wanted));
            if (scoped.isPresent()) {
                return scoped;
            }
        }
        Set<Tenant> several = choices.size() > 1 ? Set.copyOf(choices) : Set.of();
        return user(value, token).map(user -> new Identity(user, Optional.empty(), several, false));
    }

    private Set<Tenant> tenants(String value) {
        Set<Tenant> tenants = new LinkedHashSet<>();
        keystone.projects(value).forEach(p -> projects.tenant(p).ifPresent(tenants::add));
        return tenants;
    }

    private Optional<UserInfo> user(String value, KeystoneToken token) {
        return token.user()
                .qualified(defaultDomain)
                // Kubernetes' own names are not for people.
                .filter(name -> !name.startsWith("system:"))
                .map(name ->
                        new UserInfo(name, token.userId(), groups(value, token), extra(token)));
    }

    private List<String> groups(String value, KeystoneToken token) {
        List<String> all = new ArrayList<>();
        token.roles().forEach(role -> all.add("role:" + role));
        groups.get(digest.of(token.userId()), () -> Optional.of(keystone.groups(token, value)))
                .orElse(List.of())
                .forEach(group ->
                        group.qualified(defaultDomain).ifPresent(name -> all.add("group:" + name)));
        all.add(UserInfo.AUTHENTICATED);
        return List.copyOf(all);
    }

    /** The keys that OpenStack's own webhook uses. */
    private static Map<String, List<String>> extra(KeystoneToken token) {
        Map<String, List<String>> extra = new LinkedHashMap<>();
        token.project()
                .ifPresent(project -> {
                    extra.put(EXTRA + "project/id", List.of(project.id()));
                    extra.put(EXTRA + "project/name", List.of(project.named().name()));
                });
        extra.put(EXTRA + "user/domain/id", List.of(token.user().domain().id()));
        extra.put(EXTRA + "user/domain/name", List.of(token.user().domain().name()));
        if (!token.roles().isEmpty()) {
            extra.put(EXTRA + "roles", List.copyOf(token.roles()));
        }
        return Map.copyOf(extra);
    }
}
