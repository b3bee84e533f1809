package io.hypernetes.tenancy;

import io.hypernetes.api.GroupResource;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Scope;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.EventRecorder;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;
import io.hypernetes.identity.account.Account;
import io.hypernetes.identity.account.MemberRole;

import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
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

        /** A User object of a kind. */
        record Person(GroupResource kind, ObjectKey user) implements Key {}
    }

    private static final int WORKERS = 4;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(300);
    private static final Duration LOOK_AGAIN_LATER = Duration.ofSeconds(20);
    private static final List<String> RULES = List.of("rules");
    private static final List<String> SUBJECTS = List.of("subjects");
    private static final List<String> ROLE_REF = List.of("roleRef");

    private final Client client;
    private final String creator;
    private final Objects objects;
    private final EventRecorder events;
    private final UserStatus status;
    private final WorldTypes types;
    private final Optional<Informer> tenants;
    private final List<UserSource> sources;
    private final Informer namespaces;
    private final Informer roles;
    private final Informer roleBindings;
    private final Informer clusterRoles;
    private final Informer clusterRoleBindings;
    private final Controller<Key> controller;

    /** For an installation: its Users, and those that a world has by a ThirdPartyResource. */
    public AuthController(Client client, WorldTypes types) {
        this(
                client,
                CREATOR,
                types,
                Optional.of(
                        new Informer(client, BuiltinTypes.TENANTS, Selection.of(Tenant.SYSTEM))
                                .lean()),
                List.of(
                        UserSource.own(client),
                        // Read as if of all worlds' schemas; written by each world's own.
                        UserSource.ofWorlds(
                                client, UserSource.THIRD_PARTY, "users", Scope.CLUSTER)));
    }

    /**
     * For a Kubernetes without tenants, which is one world: its users are these objects.
     *
     * @param plural of the kind's resource
     * @param scope of the kind
     * @param creator the annotation of namespaces that says who made them
     */
    public static AuthController ofOneWorld(
            Client client, GroupVersionKind users, String plural, Scope scope, String creator) {
        return new AuthController(
                client,
                creator,
                WorldTypes.BUILTIN,
                Optional.empty(),
                List.of(UserSource.ofWorlds(client, users, plural, scope)));
    }

    private AuthController(
            Client client,
            String creator,
            WorldTypes types,
            Optional<Informer> tenants,
            List<UserSource> sources) {
        this.client = client;
        this.creator = creator;
        this.types = types;
        this.tenants = tenants;
        this.sources = sources;
        objects = new Objects(client);
        events =
                new EventRecorder(
                        client, BuiltinTypes.EVENTS, "auth-controller", Clock.systemUTC());
        status = new UserStatus(client, events, Clock.systemUTC());
        namespaces = new Informer(client, BuiltinTypes.NAMESPACES).lean();
        roles = owned(BuiltinTypes.ROLES);
        roleBindings = owned(BuiltinTypes.ROLE_BINDINGS);
        clusterRoles = owned(BuiltinTypes.CLUSTER_ROLES);
        clusterRoleBindings = owned(BuiltinTypes.CLUSTER_ROLE_BINDINGS);
        controller =
                new Controller<>("auth", WORKERS, this)
                        .watchKeys(namespaces, key -> Stream.of(new Key.Space(key)))
                        .watch(roles, (key, object) -> spaceOf(key, object))
                        .watch(roleBindings, (key, object) -> spaceOf(key, object))
                        .watch(clusterRoles, (key, object) -> worldOf(key, object))
                        .watch(clusterRoleBindings, AuthController::memberOf);
        tenants.ifPresent(informer ->
                controller.watchKeys(informer, key -> tenantChanged(new Tenant(key.name()))));
        for (UserSource source : sources) {
            controller.watch(source.informer(), (key, user) -> userChanged(source, key, user));
        }
    }

    public AuthController start() {
        controller.start();
        controller.enqueue(new Key.World(Tenant.SYSTEM));
        return this;
    }

    @Override
    public void close() {
        controller.close();
        Stream.of(namespaces, roles, roleBindings, clusterRoles, clusterRoleBindings)
                .forEach(Informer::close);
        sources.forEach(source -> source.informer().close());
        tenants.ifPresent(Informer::close);
    }

    @Override
    public Result reconcile(Key key) {
        return switch (key) {
            case Key.World(Tenant tenant) -> world(tenant);
            case Key.Member(Tenant tenant, String username) -> member(tenant, username);
            case Key.Space(ObjectKey namespace) -> space(namespace);
            case Key.Person(GroupResource kind, ObjectKey user) -> person(source(kind), user);
        };
    }

    private Result world(Tenant tenant) {
        if (lives(tenant)) {
            ObjectNode role = OwnedRbac.namespaceCreater(tenant);
            ObjectKey key = new ObjectKey(tenant, "", OwnedRbac.NAMESPACE_CREATER);
            return resultOf(keep(BuiltinTypes.CLUSTER_ROLES, key, role, RULES, List.of()));
        }
        return DONE;
    }

    private Result member(Tenant tenant, String username) {
        boolean kept = true;
        for (OwnedRbac.Grant grant : OwnedRbac.Grant.values()) {
            ObjectKey key = grant.key(tenant, username);
            boolean wanted =
                    lives(tenant)
                            && role(username, tenant).filter(r -> r == grant.role()).isPresent();
            if (wanted) {
                ObjectNode binding = grant.binding(tenant, username);
                kept &= keep(BuiltinTypes.CLUSTER_ROLE_BINDINGS, key, binding, SUBJECTS, ROLE_REF);
            } else {
                deleteOwned(BuiltinTypes.CLUSTER_ROLE_BINDINGS, key);
            }
        }
        return resultOf(kept);
    }

    private Result space(ObjectKey namespace) {
        ObjectNode object = namespaces.get(namespace).orElse(null);
        if (object == null || Metadata.isBeingDeleted(object)) {
            return DONE; // they die with it
        }
        ObjectKey role = in(namespace, OwnedRbac.NAMESPACE_ROLE);
        ObjectKey binding = in(namespace, OwnedRbac.NAMESPACE_BINDING);
        String maker = Metadata.annotation(object, creator);
        if (mayOwn(maker, namespace.tenant())) {
            ObjectNode rights = OwnedRbac.namespaceRole(role);
            ObjectNode holder = OwnedRbac.binding(binding, "Role", OwnedRbac.NAMESPACE_ROLE, maker);
            // A binding to a role of somebody else's would give what they wrote into it.
            return resultOf(
                    keep(BuiltinTypes.ROLES, role, rights, RULES, List.of())
                            && keep(
                                    BuiltinTypes.ROLE_BINDINGS,
                                    binding,
                                    holder,
                                    SUBJECTS,
                                    ROLE_REF));
        } else {
            deleteOwned(BuiltinTypes.ROLE_BINDINGS, binding);
            deleteOwned(BuiltinTypes.ROLES, role);
            return DONE;
        }
    }

    /** Whether it is ours: what others own is left alone, and they are told what it costs. */
    private boolean keep(
            ResourceType type,
            ObjectKey key,
            ObjectNode wanted,
            List<String> fields,
            List<String> immutable) {
        Optional<ObjectNode> theirs =
                objects.repairOwn(type, key, wanted, fields, immutable, OwnedRbac::isOurs);
        theirs.ifPresent(object ->
                events.record(
                        key.tenant(),
                        object,
                        EventRecorder.Type.WARNING,
                        "NameTaken",
                        "the auth-controller needs this name and leaves what is not its own alone:"
                                + " delete the object, or label it "
                                + OwnedRbac.LABEL
                                + "="
                                + OwnedRbac.OWNER
                                + " to give it away"));
        return theirs.isEmpty();
    }

    /** Nobody tells when somebody else's object goes. */
    private static Result resultOf(boolean kept) {
        return kept ? DONE : Reconciler.again(LOOK_AGAIN_LATER);
    }

    private Result person(UserSource source, ObjectKey key) {
        ObjectNode user = source.find(key).orElse(null);
        if (user == null) {
            return DONE;
        }
        Optional<ResourceType> type = typeOf(source, key.tenant());
        if (type.isEmpty()) {
            return Reconciler.again(LOOK_AGAIN); // its definition is about to come or to go
        }
        if (!Metadata.isBeingDeleted(user)) {
            boolean held = !objects.addFinalizer(type.get(), key, user, FINALIZER);
            // A world's own kind has the fields that its makers gave it, and no status of ours.
            if (held && !source.ofWorlds()) {
                status.living(key, source.account(key, user), this::lives);
            }
            return DONE;
        }
        if (!Metadata.finalizers(user).contains(FINALIZER)) {
            return DONE;
        }
        boolean buried =
                new Burial(client, creator, sources, clusterRoleBindings)
                        .bury(source, key, source.account(key, user));
        if (!buried) {
            if (!source.ofWorlds()) {
                status.terminating(key);
            }
            return Reconciler.again(LOOK_AGAIN);
        }
        objects.removeFinalizer(type.get(), key, FINALIZER);
        return DONE;
    }

    /** A world's own schema holds for what is written there. */
    private Optional<ResourceType> typeOf(UserSource source, Tenant world) {
        ResourceType type = source.type();
        return tenants.isPresent() && source.ofWorlds()
                ? types.find(world, type.id().group(), type.version(), type.id().resource())
                : Optional.of(type);
    }

    private UserSource source(GroupResource kind) {
        return sources.stream()
                .filter(source -> source.type().id().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    /** The highest that any User object of this name says. */
    private Optional<MemberRole> role(String username, Tenant tenant) {
        return sources.stream()
                .flatMap(source -> source.accounts(username).stream())
                .flatMap(account -> Optional.ofNullable(account.memberships().get(tenant)).stream())
                .min(Comparator.naturalOrder());
    }

    /** Who has left the tenant owns nothing in it; a user without an object has a certificate. */
    private boolean mayOwn(String maker, Tenant tenant) {
        if (maker.isEmpty() || !lives(tenant)) {
            return false;
        }
        return role(maker, tenant).isPresent()
                || sources.stream()
                        .filter(source -> !source.ofWorlds())
                        .allMatch(source -> source.accounts(maker).isEmpty());
    }

    private boolean lives(Tenant tenant) {
        return tenant.isSystem()
                || tenants.flatMap(t -> t.get(new ObjectKey(Tenant.SYSTEM, "", tenant.name())))
                        .filter(object -> !Metadata.isBeingDeleted(object))
                        .isPresent();
    }

    private void deleteOwned(ResourceType type, ObjectKey key) {
        client.find(type, key).filter(OwnedRbac::isOurs).ifPresent(_ -> objects.delete(type, key));
    }

    private Stream<Key> tenantChanged(Tenant tenant) {
        Stream<? extends Key> members =
                sources.stream()
                        .flatMap(source -> source.directory().members(tenant).stream())
                        .map(name -> new Key.Member(tenant, name));
        Stream<Key> people =
                sources.stream()
                        .filter(source -> !source.ofWorlds())
                        .flatMap(source ->
                                source.directory().members(tenant).stream()
                                        .flatMap(name -> source.directory().all(name).stream())
                                        .map(account ->
                                                (Key)
                                                        new Key.Person(
                                                                source.type().id(),
                                                                new ObjectKey(
                                                                        Tenant.SYSTEM,
                                                                        "",
                                                                        account.name()))));
        Stream<Key> spaces =
                namespaces.objects(tenant).stream().map(n -> space(tenant, Metadata.name(n)));
        return Stream.of(Stream.of((Key) new Key.World(tenant)), members, people, spaces)
                .flatMap(keys -> keys);
    }

    /** Told of the old state and of the new: both states' tenants are looked at. */
    private Stream<Key> userChanged(UserSource source, ObjectKey key, ObjectNode user) {
        if (!source.counts(key)) {
            return Stream.empty();
        }
        Account account = source.account(key, user);
        Stream<Key> worlds =
                account.tenants().stream()
                        .flatMap(tenant ->
                                Stream.concat(
                                        Stream.of(new Key.Member(tenant, account.username())),
                                        spacesOf(tenant, account.username())));
        return Stream.concat(Stream.of(new Key.Person(source.type().id(), key)), worlds);
    }

    private Stream<Key> spacesOf(Tenant tenant, String maker) {
        return namespaces.objects(tenant).stream()
                .filter(n -> Metadata.annotation(n, creator).equals(maker))
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
                ? Stream.of(new Key.Member(key.tenant(), OwnedRbac.userOf(binding)))
                : Stream.empty();
    }

    private static Key space(Tenant tenant, String namespace) {
        return new Key.Space(new ObjectKey(tenant, "", namespace));
    }

    private static ObjectKey in(ObjectKey namespace, String name) {
        return new ObjectKey(namespace.tenant(), namespace.name(), name);
    }

    private Informer owned(ResourceType type) {
        String label = OwnedRbac.LABEL + "=" + OwnedRbac.OWNER;
        return new Informer(client, type, Selection.EVERYTHING.withLabels(label)).lean();
    }
}
