package io.hypernetes.tenancy;

import io.hypernetes.api.GroupResource;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Scope;
import io.hypernetes.api.Storage;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.identity.account.Account;
import io.hypernetes.identity.account.UserDirectory;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A kind of User objects that the auth-controller serves: the installation's own, which say in
 * which tenants they are what, or those of a world, which are members of that world.
 *
 * @param type as it is read; a world may have a schema of its own for writes
 * @param ofWorlds whether an object's world is the one that it lies in
 */
record UserSource(ResourceType type, boolean ofWorlds, Informer informer, UserDirectory directory) {

    /** The kind of the ThirdPartyResource {@code user.stable.example.com}. */
    static final GroupVersionKind THIRD_PARTY =
            new GroupVersionKind("stable.example.com", "v1", "User");

    private static final String NAMESPACE = "default";

    static UserSource own(Client client) {
        Informer informer = new Informer(client, BuiltinTypes.USERS, Selection.of(Tenant.SYSTEM));
        return new UserSource(BuiltinTypes.USERS, false, informer, new UserDirectory(informer));
    }

    /** Those of all worlds; a world that has no such kind has none. */
    static UserSource ofWorlds(Client client, GroupVersionKind kind, String plural, Scope scope) {
        GroupResource id = new GroupResource(kind.group(), plural);
        ResourceType type =
                new ResourceType(
                        id,
                        kind.version(),
                        kind.kind(),
                        "user",
                        List.of(),
                        List.of(),
                        scope,
                        Set.of(),
                        BuiltinTypes.USERS.schema(),
                        Storage.single(id, kind),
                        List.of(),
                        BuiltinTypes.USERS.strategy());
        Informer informer = new Informer(client, type);
        return new UserSource(
                type,
                true,
                informer,
                new UserDirectory(
                        informer,
                        (key, user) ->
                                Optional.of(Account.ofWorld(key.tenant(), user))
                                        .filter(_ -> isPlace(key))));
    }

    /**
     * Whether an object there is a user at all. Who owns a namespace may write anything into it: a
     * User there would give rights to its writer's friends, and take others' namespaces along when
     * it is deleted. The namespace {@code default} has no owner.
     */
    boolean counts(ObjectKey key) {
        return !ofWorlds || isPlace(key);
    }

    private static boolean isPlace(ObjectKey key) {
        return key.namespace().isEmpty() || key.namespace().equals(NAMESPACE);
    }

    Account account(ObjectKey key, ObjectNode user) {
        return ofWorlds ? Account.ofWorld(key.tenant(), user) : Account.of(user);
    }

    /**
     * All that are called so. Of the installation's own the oldest has the name; in worlds each
     * world has its own.
     */
    List<Account> accounts(String username) {
        return ofWorlds ? directory.all(username) : directory.find(username).stream().toList();
    }

    Optional<ObjectNode> find(ObjectKey key) {
        return informer.get(key);
    }
}
