package io.hypernetes.tenancy;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;
import io.hypernetes.identity.account.Account;
import io.hypernetes.identity.account.UserDirectory;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Keeps each world's RBAC to what memberships and creators say: a member may create namespaces, the
 * creator of a namespace may do everything in it, an admin everything in the tenant, a reader sees.
 * What it owns carries a label, and changes by other hands are repaired.
 *
 * <p>A User object is held by a finalizer until the user's bindings, namespaces and password are
 * gone, in every world.
 */
public final class AuthController implements Reconciler<AuthController.Key>, AutoCloseable {

    /** Held by every User who may have something somewhere. */
    public static final String FINALIZER = "hypernetes.io/user";

    /** On a namespace: who made it. Stamped by the server, never believed from a client. */
    public static final String CREATOR = "hypernetes.io/creator";

    /** What can need work. */
    public sealed interface Key {
        /** A world as a whole. */
        record World(Tenant tenant) implements Key {}

        /** What a user is in a world. */
        record Member(Tenant tenant, String username) implements Key {}

        /** A namespace and its creator. */
        record Space(ObjectKey namespace) implements Key {}

        /** A User object. */
        record Person(ObjectKey user) implements Key {}
    }

    private static final int WORKERS = 4;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(300);
    private static final List<String> RULES = List.of("rules");
    private static final List<String> SUBJECTS = List.of("subjects");
    private static final List<String> ROLE_REF = List.of("roleRef");

    private final Client client;
    private final Objects objects;
    private final Informer tenants;
    private final Informer users;
    private final Informer namespaces;
    private final Informer roles;
    private final Informer roleBindings;
    private final Informer clusterRoles;
    private final Informer clusterRoleBindings;
    private final UserDirectory directory;
    private final Controller<Key> controller;

    public AuthController(Client client) {
        this.client = client;
        objects = new Objects(client);
        tenants = new Informer(client, BuiltinTypes.TENANTS, Selection.of(Tenant.SYSTEM));
        users = new Informer(client, BuiltinTypes.USERS, Selection.of(Tenant.SYSTEM));
        namespaces = new Informer(client, BuiltinTypes.NAMESPACES);
        roles = owned(BuiltinTypes.ROLES);
        roleBindings = owned(BuiltinTypes.ROLE_BINDINGS);
        clusterRoles = owned(BuiltinTypes.CLUSTER_ROLES);
        clusterRoleBindings = owned(BuiltinTypes.CLUSTER_ROLE_BINDINGS);
        directory = new UserDirectory(users);
        controller =
                new Controller<>("auth", WORKERS, this)
                        .watch(tenants, (key, _) -> tenantChanged(new Tenant(key.name())))
                        .watch(users, this::userChanged)
                        .watch(namespaces, (key, _) -> Stream.of(new Key.Space(key)))
                        .watch(roles, (key, object) -> spaceOf(key, object))
                        .watch(roleBindings, (key, object) -> spaceOf(key, object))
                        .watch(clusterRoles, (key, object) -> worldOf(key, object))
                        .watch(clusterRoleBindings, AuthController::memberOf);
    }

    public AuthController start() {
        controller.start();
        controller.enqueue(new Key.World(Tenant.SYSTEM));
        return this;
    }

    @Override
    public void close() {
        controller.close();
        Stream.of(
                        tenants,
                        users,
                        namespaces,
                        roles,
                        roleBindings,
                        clusterRoles,
                        clusterRoleBindings)
                .forEach(Informer::close);
    }

    @Override
    public Result reconcile(Key key) {
        return switch (key) {
            case Key.World(Tenant tenant) -> world(tenant);
            case Key.Member(Tenant tenant, String username) -> member(tenant, username);
            case Key.Space(ObjectKey namespace) -> space(namespace);
            case Key.Person(ObjectKey user) -> person(user);
        };
    }

    private Result world(Tenant tenant) {
        if (lives(tenant)) {
            ObjectNode role = OwnedRbac.namespaceCreater(tenant);
            ObjectKey key = new ObjectKey(tenant, "", OwnedRbac.NAMESPACE_CREATER);
            objects.repair(BuiltinTypes.CLUSTER_ROLES, key, role, RULES, List.of());
        }
        return DONE;
    }

    private Result member(Tenant tenant, String username) {
        for (OwnedRbac.Grant grant : OwnedRbac.Grant.values()) {
            ObjectKey key = grant.key(tenant, username);
            boolean wanted =
                    lives(tenant)
                            && directory
                                    .find(username)
                                    .map(account -> account.memberships().get(tenant))
                                    .filter(role -> role == grant.role())
                                    .isPresent();
            if (wanted) {
                ObjectNode binding = grant.binding(tenant, username);
                objects.repair(
                        BuiltinTypes.CLUSTER_ROLE_BINDINGS, key, binding, SUBJECTS, ROLE_REF);
            } else {
                deleteOwned(BuiltinTypes.CLUSTER_ROLE_BINDINGS, key);
            }
        }
        return DONE;
    }

    private Result space(ObjectKey namespace) {
        ObjectNode object = namespaces.get(namespace).orElse(null);
        if (object == null || Metadata.isBeingDeleted(object)) {
            return DONE; // they die with it
        }
        ObjectKey role = in(namespace, OwnedRbac.NAMESPACE_ROLE);
        ObjectKey binding = in(namespace, OwnedRbac.NAMESPACE_BINDING);
        String creator = Metadata.annotation(object, CREATOR);
        if (mayOwn(creator, namespace.tenant())) {
            objects.repair(
                    BuiltinTypes.ROLES, role, OwnedRbac.namespaceRole(role), RULES, List.of());
            objects.repair(
                    BuiltinTypes.ROLE_BINDINGS,
                    binding,
                    OwnedRbac.binding(binding, "Role", OwnedRbac.NAMESPACE_ROLE, creator),
                    SUBJECTS,
                    ROLE_REF);
        } else {
            deleteOwned(BuiltinTypes.ROLE_BINDINGS, binding);
            deleteOwned(BuiltinTypes.ROLES, role);
        }
        return DONE;
    }

    private Result person(ObjectKey key) {
        ObjectNode user = users.get(key).orElse(null);
        if (user == null) {
            return DONE;
        }
        if (!Metadata.isBeingDeleted(user)) {
            objects.addFinalizer(BuiltinTypes.USERS, key, user, FINALIZER);
            return DONE;
        }
        if (Metadata.finalizers(user).contains(FINALIZER)) {
            return bury(key, Account.of(user));
        }
        return DONE;
    }

    /** Removes all that was this user's, unless another User has the same user name. */
    private Result bury(ObjectKey key, Account account) {
        String username = account.username();
        if (directory.find(username).isEmpty()) {
            List<ObjectKey> left =
                    client.list(BuiltinTypes.NAMESPACES, Selection.EVERYTHING).items().stream()
                            .filter(n -> Metadata.annotation(n.object(), CREATOR).equals(username))
                            .map(n -> n.key())
                            .toList();
            left.forEach(namespace -> objects.delete(BuiltinTypes.NAMESPACES, namespace));
            clusterRoleBindings.all().stream()
                    .filter(b -> OwnedRbac.owns(b.object()))
                    .filter(b -> userOf(b.object()).equals(username))
                    .forEach(b -> objects.delete(BuiltinTypes.CLUSTER_ROLE_BINDINGS, b.key()));
            if (!left.isEmpty()) {
                return Reconciler.again(LOOK_AGAIN);
            }
        }
        account.passwordSecret()
                .filter(secret -> !isShared(secret, account))
                .ifPresent(secret -> objects.delete(BuiltinTypes.SECRETS, secret));
        objects.removeFinalizer(BuiltinTypes.USERS, key, FINALIZER);
        return DONE;
    }

    private boolean isShared(ObjectKey secret, Account account) {
        return users.objects().stream()
                .map(Account::of)
                .filter(other -> !other.uid().equals(account.uid()))
                .anyMatch(other -> other.passwordSecret().filter(secret::equals).isPresent());
    }

    /** Who has left the tenant owns nothing in it; a user without an object has a certificate. */
    private boolean mayOwn(String creator, Tenant tenant) {
        if (creator.isEmpty() || !lives(tenant)) {
            return false;
        }
        return directory
                .find(creator)
                .map(account -> account.tenants().contains(tenant))
                .orElse(true);
    }

    private boolean lives(Tenant tenant) {
        return tenant.isSystem()
                || tenants.get(new ObjectKey(Tenant.SYSTEM, "", tenant.name()))
                        .filter(object -> !Metadata.isBeingDeleted(object))
                        .isPresent();
    }

    private void deleteOwned(ResourceType type, ObjectKey key) {
        client.find(type, key).filter(OwnedRbac::owns).ifPresent(_ -> objects.delete(type, key));
    }

    private Stream<Key> tenantChanged(Tenant tenant) {
        Stream<Key> members =
                directory.members(tenant).stream().map(name -> new Key.Member(tenant, name));
        Stream<Key> spaces =
                namespaces.objects(tenant).stream().map(n -> space(tenant, Metadata.name(n)));
        return Stream.concat(Stream.of(new Key.World(tenant)), Stream.concat(members, spaces));
    }

    /** Told of the old state and of the new: both states' tenants are looked at. */
    private Stream<Key> userChanged(ObjectKey key, ObjectNode user) {
        Account account = Account.of(user);
        Stream<Key> worlds =
                account.tenants().stream()
                        .flatMap(tenant ->
                                Stream.concat(
                                        Stream.of(new Key.Member(tenant, account.username())),
                                        spacesOf(tenant, account.username())));
        return Stream.concat(Stream.of(new Key.Person(key)), worlds);
    }

    private Stream<Key> spacesOf(Tenant tenant, String creator) {
        return namespaces.objects(tenant).stream()
                .filter(n -> Metadata.annotation(n, CREATOR).equals(creator))
                .map(n -> space(tenant, Metadata.name(n)));
    }

    private static Stream<Key> spaceOf(ObjectKey key, ObjectNode object) {
        return OwnedRbac.owns(object)
                ? Stream.of(space(key.tenant(), key.namespace()))
                : Stream.empty();
    }

    private static Stream<Key> worldOf(ObjectKey key, ObjectNode object) {
        return OwnedRbac.owns(object) ? Stream.of(new Key.World(key.tenant())) : Stream.empty();
    }

    private static Stream<Key> memberOf(ObjectKey key, ObjectNode binding) {
        return OwnedRbac.owns(binding)
                ? Stream.of(new Key.Member(key.tenant(), userOf(binding)))
                : Stream.empty();
    }

    private static String userOf(ObjectNode binding) {
        return Metadata.annotation(binding, OwnedRbac.USER);
    }

    private static Key space(Tenant tenant, String namespace) {
        return new Key.Space(new ObjectKey(tenant, "", namespace));
    }

    private static ObjectKey in(ObjectKey namespace, String name) {
        return new ObjectKey(namespace.tenant(), namespace.name(), name);
    }

    private Informer owned(ResourceType type) {
        String label = OwnedRbac.LABEL + "=" + OwnedRbac.OWNER;
        return new Informer(client, type, Selection.EVERYTHING.withLabels(label));
    }
}
