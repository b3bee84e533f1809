package io.hypernetes.tenancy;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.StatusCondition;
import io.hypernetes.identity.account.Account;
import io.hypernetes.identity.account.MemberRole;
import io.hypernetes.identity.keystone.KeystoneService;
import io.hypernetes.identity.keystone.KeystoneService.User;
import io.hypernetes.identity.keystone.Named;
import io.hypernetes.identity.remote.UnreachableException;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps the User objects that name a user of Keystone ({@code spec.keystone}) to it: finds or makes
 * the user, gives a made one the roles of {@code spec.tenants}, and says in the condition {@code
 * KeystoneUser} what became of it. A user who is gone from Keystone loses nothing here by that: who
 * deletes the object decides.
 */
public final class PeopleController extends KeystoneFollower<User> {

    private static final String PASSWORD = "password";

    private final Client client;
    private final KeystoneService keystone;

    public PeopleController(
            Client client, KeystoneService keystone, KeystoneDuties duties, Clock clock) {
        super(
                client,
                keystone,
                duties,
                clock,
                new Names(BuiltinTypes.USERS, "User", "object", "people-controller"));
        this.client = client;
        this.keystone = keystone;
    }

    public PeopleController start() {
        begin();
        return this;
    }

    @Override
    boolean hasCounterpart(ObjectNode user) {
        return !spec(user).isEmpty();
    }

    @Override
    String ownName(ObjectNode user) {
        return Account.of(user).username();
    }

    @Override
    Optional<User> byId(String id) {
        return keystone.user(id);
    }

    @Override
    Optional<User> byName(String name, String domainId) {
        return keystone.userNamed(name, domainId);
    }

    @Override
    boolean isMarked(User user, String mark) {
        return user.description().contains(mark);
    }

    @Override
    User make(ObjectKey key, ObjectNode object, String name, String domainId) {
        return keystone.createUser(name, domainId, mark(object), firstPassword(object));
    }

    private Optional<String> firstPassword(ObjectNode object) {
        String name = spec(object).path("passwordSecretRef").path("name").asString("");
        if (name.isEmpty()) {
            return Optional.empty();
        }
        ObjectKey secret = new ObjectKey(Tenant.SYSTEM, Account.NAMESPACE, name);
        String data =
                client.find(BuiltinTypes.SECRETS, secret)
                        .map(tree -> tree.path("data").path(PASSWORD).asString(""))
                        .filter(text -> !text.isEmpty())
                        .orElseThrow(() ->
                                new UnreachableException(
                                        "the Secret "
                                                + Account.NAMESPACE
                                                + "/"
                                                + name
                                                + " has no key 'password'"));
        return Optional.of(new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8));
    }

    @Override
    void pin(ObjectKey key, ObjectNode object, User user, boolean made) {
        write(key, state(object, user, made), status -> fill(status, object, user.id(), made));
        if (made) {
            giveRoles(object, user.id());
        }
    }

    @Override
    void known(ObjectKey key, ObjectNode object, User user) {
        if (wasMade(object)) {
            giveRoles(object, user.id());
        }
        write(key, state(object, user, wasMade(object)), _ -> {});
    }

    /** Rights go by the user name: it must be this user's, or they would be another's. */
    private StatusCondition state(ObjectNode object, User user, boolean made) {
        String username = Account.of(object).username();
        Named.Written written = Named.Written.parse(username);
        boolean same =
                written.name().equals(user.name())
                        && keystone.domainOf(written).filter(user.domainId()::equals).isPresent();
        if (!same) {
            return condition(
                    false,
                    "NameDiffers",
                    ("the user is called '%s' in Keystone, rights are given to '%s', by whose name"
                                    + " nobody gets in")
                            .formatted(user.name(), username));
        }
        return user.enabled()
                ? condition(true, made ? "UserCreated" : "UserFound", "the user is in Keystone")
                : condition(false, "UserDisabled", "the user is disabled in Keystone");
    }

    /** In the projects that are known; another look finds the others. Roles are never taken. */
    private void giveRoles(ObjectNode object, String userId) {
        for (Map.Entry<Tenant, MemberRole> membership :
                Account.of(object).memberships().entrySet()) {
            ObjectKey tenant = new ObjectKey(Tenant.SYSTEM, "", membership.getKey().name());
            client.find(BuiltinTypes.TENANTS, tenant)
                    .map(tree -> pin(tree).path("projectId").asString(""))
                    .filter(id -> !id.isEmpty())
                    .ifPresent(id ->
                            keystone.assign(
                                    userId,
                                    id,
                                    membership.getValue().name().toLowerCase(Locale.ROOT)));
        }
    }

    @Override
    String removal(ObjectNode object) {
        return ("user '%s' is gone from Keystone: what was the user's stays, and nobody else gets"
                        + " in by the name, until this object is deleted")
                .formatted(claim(object));
    }

    @Override
    void release(ObjectKey key, ObjectNode object) {
        // The user stays in Keystone.
    }
}
