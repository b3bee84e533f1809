package io.hypernetes.identity.rbac;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Informer;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Roles by key and bindings by whom they name, of all tenants, kept by four informers.
 *
 * <p>There are some in every namespace of every tenant, and most are seldom asked for: those of a
 * place are read when somebody first asks there, and are kept up to date from then on. They are
 * read under the lock of the map's entry, as changes are made; a change that comes before is in
 * what is read, one that comes later finds it.
 *
 * <p>The system world's objects labelled as RBAC defaults are projected: they count in every world,
 * before an object of the same name there.
 */
final class RbacIndex implements AutoCloseable {

    /**
     * @param namespace empty for the world as a whole
     */
    private record Place(Tenant tenant, String namespace) {
        static Place of(ObjectKey key) {
            return new Place(key.tenant(), key.namespace());
        }
    }

    private final Informer ownRoles;
    private final Informer clusterRoles;
    private final Informer roleBindings;
    private final Informer clusterRoleBindings;

    /** Those that were asked for since they changed last. */
    private final Map<ObjectKey, List<Rule>> roles = new ConcurrentHashMap<>();

    /** Of places that were asked for and have any. */
    private final Map<Place, BoundSubjects> bindings = new ConcurrentHashMap<>();

    /** Of worlds that were asked for and have ClusterRoles. */
    private final Map<Tenant, Aggregations> aggregations = new ConcurrentHashMap<>();

    private final Map<String, List<Rule>> sharedRoles = new ConcurrentHashMap<>();
    private final BoundSubjects sharedBindings = new BoundSubjects();

    RbacIndex(Client client) {
        ownRoles = new Informer(client, BuiltinTypes.ROLES).lean();
        ownRoles.listenToKeys(roles::remove);
        clusterRoles = new Informer(client, BuiltinTypes.CLUSTER_ROLES).lean();
        clusterRoles.listenToKeys(this::clusterRoleChanged);
        roleBindings = new Informer(client, BuiltinTypes.ROLE_BINDINGS).lean();
        roleBindings.listenToKeys(key -> bindingChanged(roleBindings, key));
        clusterRoleBindings = new Informer(client, BuiltinTypes.CLUSTER_ROLE_BINDINGS).lean();
        clusterRoleBindings.listenToKeys(key -> bindingChanged(clusterRoleBindings, key));
    }

    private List<Informer> informers() {
        return List.of(ownRoles, clusterRoles, roleBindings, clusterRoleBindings);
    }

    void start() {
        informers().forEach(Informer::start);
    }

    void awaitSynced() throws InterruptedException {
        for (Informer informer : informers()) {
            informer.awaitSynced();
        }
    }

    @Override
    public void close() {
        informers().forEach(Informer::close);
    }

    /** How many places and worlds have been read: strangers' questions must not add to them. */
    int read() {
        return bindings.size() + aggregations.size() + roles.size();
    }

    /** The rules of a role, empty when there is none. */
    Optional<List<Rule>> rules(ObjectKey role) {
        if (role.namespace().isEmpty()) {
            List<Rule> shared = sharedRoles.get(role.name());
            if (shared != null) {
                return Optional.of(aggregated(role, shared));
            }
        }
        List<Rule> known = roles.get(role);
        if (known != null) {
            return Optional.of(known);
        }
        Informer informer = role.namespace().isEmpty() ? clusterRoles : ownRoles;
        return Optional.ofNullable(
                roles.computeIfAbsent(role, key -> informer.get(key).map(Rule::of).orElse(null)));
    }

    private List<Rule> aggregated(ObjectKey role, List<Rule> shared) {
        List<String> parts = Aggregations.partsOf(role.name());
        if (parts.isEmpty()) {
            return shared;
        }
        Aggregations added = aggregations.get(role.tenant());
        if (added == null) {
            added = aggregations.computeIfAbsent(role.tenant(), this::readAggregations);
        }
        if (added == null) {
            return shared;
        }
        List<Rule> all = new ArrayList<>(shared);
        for (String part : parts) {
            added.to(part).forEach(all::addAll);
        }
        return all;
    }

    private @Nullable Aggregations readAggregations(Tenant tenant) {
        Collection<ObjectNode> own = clusterRoles.objects(tenant);
        if (tenant.isSystem() || own.isEmpty()) {
            return null;
        }
        Aggregations read = new Aggregations();
        own.forEach(role -> read.replace(Metadata.name(role), Optional.of(role)));
        return read;
    }

    /**
     * Bindings of a world that name the subject.
     *
     * @param namespace empty for ClusterRoleBindings
     */
    Collection<Binding> bindings(Tenant tenant, String namespace, Subject subject) {
        Place place = new Place(tenant, namespace);
        BoundSubjects bound = bindings.get(place);
        if (bound == null) {
            bound = bindings.computeIfAbsent(place, this::readBindings);
        }
        return bound == null ? List.of() : bound.of(subject);
    }

    private @Nullable BoundSubjects readBindings(Place place) {
        Collection<ObjectNode> there =
                place.namespace().isEmpty()
                        ? clusterRoleBindings.objects(place.tenant())
                        : roleBindings.objects(place.tenant(), place.namespace());
        if (there.isEmpty()) {
            return null;
        }
        BoundSubjects read = new BoundSubjects();
        for (ObjectNode binding : there) {
            String name = Metadata.name(binding);
            ObjectKey key = new ObjectKey(place.tenant(), place.namespace(), name);
            read.replace(name, Optional.of(Binding.of(key, binding)));
        }
        return read;
    }

    /** Projected ClusterRoleBindings that name the subject. */
    Collection<Binding> sharedBindings(Subject subject) {
        return sharedBindings.of(subject);
    }

    private void clusterRoleChanged(ObjectKey key) {
        roles.remove(key);
        if (!key.tenant().isSystem()) {
            aggregations.computeIfPresent(
                    key.tenant(),
                    (_, known) -> {
                        known.replace(key.name(), clusterRoles.get(key));
                        return known;
                    });
            return;
        }
        Optional<ObjectNode> shared = clusterRoles.get(key).filter(RbacIndex::isShared);
        shared.ifPresentOrElse(
                role -> sharedRoles.put(key.name(), Rule.of(role)),
                () -> sharedRoles.remove(key.name()));
    }

    private void bindingChanged(Informer informer, ObjectKey key) {
        bindings.computeIfPresent(
                Place.of(key),
                (_, known) -> {
                    known.replace(key.name(), informer.get(key).map(now -> Binding.of(key, now)));
                    return known.isEmpty() ? null : known;
                });
        if (key.tenant().isSystem() && key.namespace().isEmpty()) {
            sharedBindings.replace(
                    key.name(),
                    informer.get(key).filter(RbacIndex::isShared).map(now -> Binding.of(key, now)));
        }
    }

    private static boolean isShared(ObjectNode object) {
        return Metadata.label(object, DefaultRoles.LABEL).equals(DefaultRoles.LABEL_VALUE);
    }
}
