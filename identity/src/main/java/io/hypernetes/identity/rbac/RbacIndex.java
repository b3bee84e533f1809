package io.hypernetes.identity.rbac;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Informer;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Roles by key and bindings by whom they name, of all tenants, kept by four informers.
 *
 * <p>The system world's objects labelled as RBAC defaults are projected: they count in every world,
 * before an object of the same name there.
 */
final class RbacIndex implements AutoCloseable {

    private record Place(Tenant tenant, String namespace, Subject subject) {}

    private final List<Informer> informers;

    /** Of namespaces: there is one in each, and most are seldom asked for. */
    private final Informer ownRoles;

    /** All ClusterRoles, and the Roles that were asked for since they changed last. */
    private final Map<ObjectKey, List<Rule>> roles = new ConcurrentHashMap<>();

    private final Map<String, List<Rule>> sharedRoles = new ConcurrentHashMap<>();

    /** Each inner map is written under its entry's lock and read without one. */
    private final Map<Place, Map<String, Binding>> bindings = new ConcurrentHashMap<>();

    private final Map<Subject, Map<String, Binding>> sharedBindings = new ConcurrentHashMap<>();

    /** What a world's own roles add to the projected ones, by the role added to and their names. */
    private final Map<ObjectKey, Map<String, List<Rule>>> aggregations = new ConcurrentHashMap<>();

    /** Who may edit may view, who is admin may edit. */
    private static final Map<String, List<String>> AGGREGATED =
            Map.of(
                    "view", List.of("view"),
                    "edit", List.of("view", "edit"),
                    "admin", List.of("view", "edit", "admin"));

    RbacIndex(Client client) {
        ownRoles = new Informer(client, BuiltinTypes.ROLES).lean();
        ownRoles.listenToKeys(roles::remove);
        informers =
                List.of(
                        ownRoles,
                        clusterRoles(client),
                        binding(client, BuiltinTypes.ROLE_BINDINGS),
                        binding(client, BuiltinTypes.CLUSTER_ROLE_BINDINGS));
    }

    void start() {
        informers.forEach(Informer::start);
    }

    void awaitSynced() throws InterruptedException {
        for (Informer informer : informers) {
            informer.awaitSynced();
        }
    }

    @Override
    public void close() {
        informers.forEach(Informer::close);
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
        if (known != null || role.namespace().isEmpty() || ownRoles.get(role).isEmpty()) {
            return Optional.ofNullable(known);
        }
        // Read under the entry's lock: a change that comes meanwhile takes away what it finds.
        return Optional.of(
                roles.computeIfAbsent(
                        role, key -> ownRoles.get(key).map(Rule::of).orElse(List.of())));
    }

    /** A world's own roles may add to the projected ones, as a CRD's roles add to {@code edit}. */
    private List<Rule> aggregated(ObjectKey role, List<Rule> shared) {
        List<String> targets = AGGREGATED.getOrDefault(role.name(), List.of());
        List<Rule> all = shared;
        for (String target : targets) {
            Map<String, List<Rule>> additions =
                    aggregations.get(new ObjectKey(role.tenant(), "", target));
            if (additions != null) {
                all = new ArrayList<>(all);
                additions.values().forEach(all::addAll);
            }
        }
        return all;
    }

    /**
     * Bindings of a world that name the subject.
     *
     * @param namespace empty for ClusterRoleBindings
     */
    Collection<Binding> bindings(Tenant tenant, String namespace, Subject subject) {
        Map<String, Binding> found = bindings.get(new Place(tenant, namespace, subject));
        return found == null ? List.of() : found.values();
    }

    /** Projected ClusterRoleBindings that name the subject. */
    Collection<Binding> sharedBindings(Subject subject) {
        Map<String, Binding> found = sharedBindings.get(subject);
        return found == null ? List.of() : found.values();
    }

    private Informer clusterRoles(Client client) {
        Informer informer = new Informer(client, BuiltinTypes.CLUSTER_ROLES).lean();
        informer.listen((key, _, current) -> roleChanged(key, current));
        return informer;
    }

    private void roleChanged(ObjectKey key, Optional<ObjectNode> role) {
        if (role.isPresent()) {
            roles.put(key, Rule.of(role.get()));
        } else {
            roles.remove(key);
        }
        if (key.tenant().isSystem()) {
            Optional<ObjectNode> shared = role.filter(RbacIndex::isShared);
            if (shared.isPresent()) {
                sharedRoles.put(key.name(), Rule.of(shared.get()));
            } else {
                sharedRoles.remove(key.name());
            }
        } else {
            aggregate(key, role);
        }
    }

    private void aggregate(ObjectKey key, Optional<ObjectNode> role) {
        for (String target : AGGREGATED.keySet()) {
            ObjectKey to = new ObjectKey(key.tenant(), "", target);
            boolean adds =
                    role.filter(r ->
                                    Metadata.label(r, DefaultRoles.AGGREGATE_TO + target)
                                            .equals("true"))
                            .isPresent();
            if (adds) {
                aggregations
                        .computeIfAbsent(to, _ -> new ConcurrentHashMap<>())
                        .put(key.name(), Rule.of(role.orElseThrow()));
            } else {
                aggregations.computeIfPresent(
                        to,
                        (_, additions) -> {
                            additions.remove(key.name());
                            return additions.isEmpty() ? null : additions;
                        });
            }
        }
    }

    private Informer binding(Client client, ResourceType type) {
        Informer informer = new Informer(client, type).lean();
        informer.listen((key, old, current) -> {
            Optional<Binding> before = old.map(tree -> Binding.of(key, tree));
            Optional<Binding> now = current.map(tree -> Binding.of(key, tree));
            replace(before, now);
            if (key.tenant().isSystem() && key.namespace().isEmpty()) {
                replaceShared(
                        before.filter(_ -> old.filter(RbacIndex::isShared).isPresent()),
                        now.filter(_ -> current.filter(RbacIndex::isShared).isPresent()));
            }
        });
        return informer;
    }

    /** Adds first, then removes: who keeps a right does not lose it for an instant. */
    private void replace(Optional<Binding> before, Optional<Binding> now) {
        Set<Subject> kept = now.map(Binding::subjects).orElse(Set.of());
        now.ifPresent(b -> b.subjects().forEach(subject -> put(bindings, place(b, subject), b)));
        before.ifPresent(b ->
                b.subjects().stream()
                        .filter(subject -> !kept.contains(subject))
                        .forEach(subject -> remove(bindings, place(b, subject), b)));
    }

    private void replaceShared(Optional<Binding> before, Optional<Binding> now) {
        Set<Subject> kept = now.map(Binding::subjects).orElse(Set.of());
        now.ifPresent(b -> b.subjects().forEach(subject -> put(sharedBindings, subject, b)));
        before.ifPresent(b ->
                b.subjects().stream()
                        .filter(subject -> !kept.contains(subject))
                        .forEach(subject -> remove(sharedBindings, subject, b)));
    }

    private static Place place(Binding binding, Subject subject) {
        return new Place(binding.key().tenant(), binding.key().namespace(), subject);
    }

    private static <K> void put(Map<K, Map<String, Binding>> index, K key, Binding binding) {
        index.compute(
                key,
                (_, old) -> {
                    Map<String, Binding> map = old == null ? new ConcurrentHashMap<>() : old;
                    map.put(binding.key().name(), binding);
                    return map;
                });
    }

    private static <K> void remove(Map<K, Map<String, Binding>> index, K key, Binding binding) {
        index.computeIfPresent(
                key,
                (_, map) -> {
                    map.remove(binding.key().name());
                    return map.isEmpty() ? null : map;
                });
    }

    private static boolean isShared(ObjectNode object) {
        return Metadata.label(object, DefaultRoles.LABEL).equals(DefaultRoles.LABEL_VALUE);
    }
}
