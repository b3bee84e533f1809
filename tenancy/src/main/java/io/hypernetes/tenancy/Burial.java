package io.hypernetes.tenancy;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.identity.account.Account;

import java.util.List;

/**
 * Removes all that was a user's: namespaces, bindings and password, in every world for a user of
 * the installation, in the object's own world for a user of that world. What another User object
 * with the same user name has a claim to stays.
 *
 * @param creator the annotation of namespaces that says who made them
 */
record Burial(
        Client client, String creator, List<UserSource> sources, Informer clusterRoleBindings) {

    /** One step; true when nothing is left. */
    boolean bury(UserSource source, ObjectKey user, Account account) {
        Objects objects = new Objects(client);
        String username = account.username();
        Selection where =
                source.ofWorlds()
                        ? Selection.of(account.tenants().iterator().next())
                        : Selection.EVERYTHING;
        List<ObjectKey> namespaces =
                client.list(BuiltinTypes.NAMESPACES, where).items().stream()
                        .filter(n -> Metadata.annotation(n.object(), creator).equals(username))
                        .map(n -> n.key())
                        .filter(key -> isFree(username, key.tenant()))
                        .toList();
        namespaces.forEach(namespace -> objects.delete(BuiltinTypes.NAMESPACES, namespace));
        clusterRoleBindings.all().stream()
                .filter(b -> OwnedRbac.owns(b.object()))
                .filter(b -> OwnedRbac.userOf(b.object()).equals(username))
                .filter(b -> where.tenant().isEmpty() || where.tenant().get().equals(b.tenant()))
                .filter(b -> isFree(username, b.tenant()))
                .forEach(b -> objects.delete(BuiltinTypes.CLUSTER_ROLE_BINDINGS, b.key()));
        // The namespace that the object itself lies in waits for the object.
        if (!namespaces.stream().allMatch(n -> n.name().equals(user.namespace()))) {
            return false;
        }
        account.passwordSecret()
                .filter(secret -> !isShared(source, secret, account))
                .ifPresent(secret -> objects.delete(BuiltinTypes.SECRETS, secret));
        return true;
    }

    /** No other User of this name: in that world, or in the installation as a whole. */
    private boolean isFree(String username, Tenant world) {
        return sources.stream()
                .flatMap(source ->
                        source.accounts(username).stream()
                                .filter(a -> !source.ofWorlds() || a.tenants().contains(world)))
                .findAny()
                .isEmpty();
    }

    private static boolean isShared(UserSource source, ObjectKey secret, Account account) {
        return source.informer().objects().stream()
                .map(Account::of)
                .filter(other -> !other.uid().equals(account.uid()))
                .anyMatch(other -> other.passwordSecret().filter(secret::equals).isPresent());
    }
}
