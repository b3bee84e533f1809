package io.hypernetes.identity.keystone;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Informer;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Which tenant a project is. A Tenant's {@code spec.keystone.project} names its project by id or by
 * name; a Tenant that names none is the project of its own name in the default domain, and in no
 * other: who may make projects in a domain of their own gets into no tenant by a name.
 *
 * <p>Where {@code status.keystone} says which project was found for that claim, its id counts and
 * no name: a project that took the name of one that is gone gets into nobody's world.
 *
 * <p>The tenant {@code system} is a project only where its object says so. A project that two
 * tenants claim is none of them.
 */
final class TenantProjects implements Projects {

    /** What a Tenant object says it is. */
    private sealed interface Claim {
        record ProjectId(String id) implements Claim {}

        /** As {@link Named#qualified}. */
        record ProjectName(String name) implements Claim {}

        record Domain(String idOrName) implements Claim {}
    }

    /** Ids are random, names are chosen: nobody gets in by naming a project as another's id. */
    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");

    private final String defaultDomain;
    private final Informer tenants;

    /** Each set is replaced, never changed; written by the informer's thread alone. */
    private final Map<Claim, Set<Tenant>> claims = new ConcurrentHashMap<>();

    TenantProjects(Client client, String defaultDomain) {
        this.defaultDomain = defaultDomain;
        this.tenants =
                new Informer(client, BuiltinTypes.TENANTS, Selection.of(Tenant.SYSTEM)).lean();
        tenants.listen(this::changed);
    }

    @Override
    public void start() {
        tenants.start();
    }

    @Override
    public void awaitSynced() throws InterruptedException {
        tenants.awaitSynced();
    }

    @Override
    public void close() {
        tenants.close();
    }

    @Override
    public Optional<Tenant> tenant(KeystoneToken.Project project) {
        Set<Tenant> found = new LinkedHashSet<>(claimants(new Claim.ProjectId(project.id())));
        project.named()
                .qualified(defaultDomain)
                .map(Claim.ProjectName::new)
                .ifPresent(claim -> found.addAll(claimants(claim)));
        return switch (found.size()) {
            case 0 -> namesake(project.named());
            case 1 -> Optional.of(found.iterator().next());
            default -> Optional.empty();
        };
    }

    @Override
    public Optional<Tenant> tenant(Named.Domain domain) {
        Set<Tenant> found = new LinkedHashSet<>(claimants(new Claim.Domain(domain.id())));
        if (!ID.matcher(domain.name()).matches()) {
            found.addAll(claimants(new Claim.Domain(domain.name())));
        }
        return found.size() == 1 ? Optional.of(found.iterator().next()) : Optional.empty();
    }

    /** A tenant that does not exist is asked for as others are; what comes of it is no tenant. */
    @Override
    public Scope scope(Tenant tenant) {
        String project = object(tenant).map(o -> project(o, tenant.name())).orElse("");
        if (ID.matcher(project).matches()) {
            return new Scope.ProjectId(project);
        }
        if (project.isEmpty()) {
            return new Scope.ProjectName(tenant.name(), Optional.empty(), defaultDomain);
        }
        Named.Written written = Named.Written.parse(project);
        return new Scope.ProjectName(written.name(), written.domain(), defaultDomain);
    }

    private Set<Tenant> claimants(Claim claim) {
        return claims.getOrDefault(claim, Set.of());
    }

    private Optional<Tenant> namesake(Named project) {
        if (!project.domain().id().equals(defaultDomain)) {
            return Optional.empty();
        }
        try {
            Tenant tenant = new Tenant(project.name());
            return Optional.of(tenant)
                    .filter(t -> !t.isSystem())
                    .filter(t -> object(t).filter(o -> project(o, t.name()).isEmpty()).isPresent());
        } catch (IllegalArgumentException _) {
            return Optional.empty(); // no tenant can have this name
        }
    }

    private Optional<ObjectNode> object(Tenant tenant) {
        return tenants.get(new ObjectKey(Tenant.SYSTEM, "", tenant.name()))
                .filter(object -> !Metadata.isBeingDeleted(object));
    }

    private void changed(ObjectKey key, Optional<ObjectNode> old, Optional<ObjectNode> current) {
        Tenant tenant = new Tenant(key.name());
        Set<Claim> now =
                current.filter(object -> !Metadata.isBeingDeleted(object))
                        .map(o -> claims(o, tenant))
                        .orElse(Set.of());
        now.forEach(claim -> claims.merge(claim, Set.of(tenant), TenantProjects::union));
        old.map(o -> claims(o, tenant)).orElse(Set.of()).stream()
                .filter(claim -> !now.contains(claim))
                .forEach(claim ->
                        claims.computeIfPresent(claim, (_, before) -> without(before, tenant)));
    }

    private static Set<Claim> claims(ObjectNode tenant, Tenant named) {
        Set<Claim> claims = new LinkedHashSet<>();
        String project = project(tenant, named.name());
        if (ID.matcher(project).matches()) {
            claims.add(new Claim.ProjectId(project));
        } else if (!project.isEmpty()) {
            claims.add(new Claim.ProjectName(project));
        }
        String domain = keystone(tenant).path("domain").asString("");
        if (!domain.isEmpty()) {
            claims.add(new Claim.Domain(domain));
        }
        return claims;
    }

    /** The id that was found, else what is claimed; empty for the project of the own name. */
    private static String project(ObjectNode tenant, String name) {
        String claimed = keystone(tenant).path("project").asString("");
        JsonNode found = tenant.path("status").path("keystone");
        String claim = claimed.isEmpty() ? name : claimed;
        return found.path("claim").asString("").equals(claim)
                ? found.path("projectId").asString(claimed)
                : claimed;
    }

    private static JsonNode keystone(ObjectNode tenant) {
        return tenant.path("spec").path("keystone");
    }

    private static Set<Tenant> union(Set<Tenant> some, Set<Tenant> more) {
        Set<Tenant> all = new LinkedHashSet<>(some);
        all.addAll(more);
        return Set.copyOf(all);
    }

    private static @org.jspecify.annotations.Nullable Set<Tenant> without(
            Set<Tenant> some, Tenant tenant) {
        Set<Tenant> rest = new LinkedHashSet<>(some);
        rest.remove(tenant);
        return rest.isEmpty() ? null : Set.copyOf(rest);
    }
}
