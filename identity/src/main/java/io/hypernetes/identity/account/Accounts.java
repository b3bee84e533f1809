package io.hypernetes.identity.account;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.TokenIssuer;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Informer;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Mirrors users, the hashes of their passwords and service accounts.
 *
 * <p>The mirrors answer what they know; what they do not know (yet) is asked of the API, so that an
 * account can be used in the instant after it was made.
 */
public final class Accounts implements AutoCloseable {

    private final Client client;
    private final Informer users;
    private final Informer secrets;
    private final Informer serviceAccounts;
    private final UserDirectory directory;

    public Accounts(Client client) {
        this.client = client;
        users = new Informer(client, BuiltinTypes.USERS, Selection.of(Tenant.SYSTEM));
        secrets =
                new Informer(
                        client,
                        BuiltinTypes.SECRETS,
                        Selection.of(Tenant.SYSTEM, Account.NAMESPACE));
        serviceAccounts = new Informer(client, BuiltinTypes.SERVICE_ACCOUNTS).lean();
        directory = new UserDirectory(users);
    }

    public Accounts start() {
        users.start();
        secrets.start();
        serviceAccounts.start();
        return this;
    }

    public void awaitSynced() throws InterruptedException {
        users.awaitSynced();
        secrets.awaitSynced();
        serviceAccounts.awaitSynced();
    }

    @Override
    public void close() {
        users.close();
        secrets.close();
        serviceAccounts.close();
    }

    /** The user with this user name. */
    public Optional<Account> user(String username) {
        return directory.find(username).or(() -> stored(username));
    }

    /** Most users' objects are named as the user is: one look-up, not a list. */
    private Optional<Account> stored(String username) {
        ObjectKey key = new ObjectKey(Tenant.SYSTEM, "", username);
        return Names.dnsSubdomain(username).isEmpty()
                ? client.find(BuiltinTypes.USERS, key)
                        .filter(user -> !Metadata.isBeingDeleted(user))
                        .map(Account::of)
                        .filter(account -> account.username().equals(username))
                : Optional.empty();
    }

    /**
     * As {@link #user(String)}, for one incarnation of it. Asks the API when the mirror has no such
     * user: only for names that come from somewhere trusted.
     */
    public Optional<Account> user(String username, String uid) {
        Optional<Account> known =
                directory.find(username).filter(account -> account.uid().equals(uid));
        return known.isPresent()
                ? known
                : client.list(BuiltinTypes.USERS, Selection.of(Tenant.SYSTEM)).items().stream()
                        .map(TenantObject::object)
                        .filter(user -> !Metadata.isBeingDeleted(user))
                        .map(Account::of)
                        .filter(a -> a.uid().equals(uid) && a.username().equals(username))
                        .findFirst();
    }

    /** The hash of the user's password. */
    public Optional<String> passwordHash(Account account) {
        return account.passwordSecret()
                .flatMap(key -> secrets.get(key).or(() -> client.find(BuiltinTypes.SECRETS, key)))
                .filter(s -> s.path("type").asString("").equals(Account.SECRET_TYPE))
                .map(secret -> secret.path("data").path(Account.HASH).asString(""))
                .filter(data -> !data.isEmpty())
                .map(Accounts::decode);
    }

    /** Whether this incarnation of a service account lives. */
    public boolean serviceAccountLives(ObjectKey key, String uid) {
        return serviceAccounts
                .get(key)
                .filter(account -> Metadata.uid(account).equals(uid))
                .or(() -> client.find(BuiltinTypes.SERVICE_ACCOUNTS, key))
                .filter(account -> Metadata.uid(account).equals(uid))
                .isPresent();
    }

    /** Whether the object that an account's token is bound to is still this one. */
    public boolean boundObjectLives(ObjectKey account, TokenIssuer.Bound bound) {
        ResourceType type =
                switch (bound.kind()) {
                    case "Pod" -> BuiltinTypes.PODS;
                    case "Secret" -> BuiltinTypes.SECRETS;
                    default -> BuiltinTypes.NODES;
                };
        String namespace = type.namespaced() ? account.namespace() : "";
        Tenant owner = type.namespaced() ? account.tenant() : Tenant.SYSTEM;
        return client.find(type, new ObjectKey(owner, namespace, bound.name()))
                .filter(object -> Metadata.uid(object).equals(bound.uid()))
                .isPresent();
    }

    private static String decode(String data) {
        try {
            return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return ""; // no hash: no password fits
        }
    }
}
