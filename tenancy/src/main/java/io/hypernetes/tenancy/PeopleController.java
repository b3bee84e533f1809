package io.hypernetes.tenancy;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.EventRecorder;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;
import io.hypernetes.identity.account.Account;
import io.hypernetes.identity.account.MemberRole;
import io.hypernetes.identity.keystone.KeystoneService;
import io.hypernetes.identity.keystone.KeystoneService.RefusedException;
import io.hypernetes.identity.keystone.KeystoneService.User;
import io.hypernetes.identity.keystone.Named;
import io.hypernetes.identity.remote.UnreachableException;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Keeps the User objects that name a user of Keystone ({@code spec.keystone}) to it: finds or makes
 * the user, gives a made one the roles of {@code spec.tenants}, and says in the condition {@code
 * KeystoneUser} what became of it. A user who is gone from Keystone loses nothing here by that: who
 * deletes the object decides.
 */
public final class PeopleController implements Reconciler<ObjectKey>, AutoCloseable {

    static final String CONDITION = "KeystoneUser";

    private static final int WORKERS = 4;
    private static final String PASSWORD = "password";
    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}|[0-9a-f]{64}");

    private final Client client;
    private final KeystoneService keystone;
    private final KeystoneDuties duties;
    private final Clock clock;
    private final EventRecorder events;
    private final Informer users;
    private final Controller<ObjectKey> controller;

    public PeopleController(
            Client client, KeystoneService keystone, KeystoneDuties duties, Clock clock) {
        this.client = client;
        this.keystone = keystone;
        this.duties = duties;
        this.clock = clock;
        this.events = new EventRecorder(client, BuiltinTypes.EVENTS, "people-controller", clock);
        this.users = new Informer(client, BuiltinTypes.USERS, Selection.of(Tenant.SYSTEM));
        this.controller = Controller.of("keystone-user", WORKERS, users, this);
    }

    public PeopleController start() {
        controller.start();
        return this;
    }

    @Override
    public void close() {
        controller.close();
        users.close();
    }

    @Override
    public Result reconcile(ObjectKey key) {
        Optional<ObjectNode> user = client.find(BuiltinTypes.USERS, key);
        if (user.isEmpty() || Metadata.isBeingDeleted(user.get()) || spec(user.get()).isEmpty()) {
            return DONE;
        }
        try {
            look(key, user.get());
        } catch (UnreachableException e) {
            say(key, new StatusCondition(CONDITION, "Unknown", "KeystoneUnreachable", text(e)));
        } catch (RefusedException e) {
            say(key, StatusCondition.of(CONDITION, false, "KeystoneRefuses", text(e)));
        }
        return Reconciler.again(duties.every());
    }

    private void look(ObjectKey key, ObjectNode object) {
        JsonNode pin = object.path("status").path("keystone");
        String id = pin.path("userId").asString("");
        if (!id.isEmpty() && pin.path("claim").asString("").equals(claim(object))) {
            keystone.user(id)
                    .ifPresentOrElse(user -> known(key, object, user), () -> removed(key, object));
            return;
        }
        find(object).ifPresentOrElse(user -> adopt(key, object, user), () -> missing(key, object));
    }

    private Optional<User> find(ObjectNode object) {
        String claim = claim(object);
        if (ID.matcher(claim).matches()) {
            return keystone.user(claim);
        }
        Named.Written written = Named.Written.parse(claim);
        return keystone.domainOf(written)
                .flatMap(domain -> keystone.userNamed(written.name(), domain));
    }

    private void adopt(ObjectKey key, ObjectNode object, User user) {
        boolean ours = user.description().contains(mark(object));
        if (spec(object).path("create").asBoolean(false) && !ours) {
            say(
                    key,
                    StatusCondition.of(
                            CONDITION,
                            false,
                            "UserExists",
                            "there is a user '"
                                    + user.name()
                                    + "' that was not made for this object: remove"
                                    + " spec.keystone.create to take it"));
        } else {
            pin(key, object, user, ours);
        }
    }

    private void missing(ObjectKey key, ObjectNode object) {
        Named.Written name = Named.Written.parse(claim(object));
        Optional<String> domain = keystone.domainOf(name);
        if (!spec(object).path("create").asBoolean(false) || domain.isEmpty()) {
            say(
                    key,
                    StatusCondition.of(
                            CONDITION,
                            false,
                            "UserNotFound",
                            "Keystone has no user '" + claim(object) + "'"));
        } else if (!duties.create()) {
            say(
                    key,
                    StatusCondition.of(
                            CONDITION,
                            false,
                            "CreationNotAllowed",
                            "the server runs without --keystone-create"));
        } else {
            User made =
                    keystone.createUser(
                            name.name(), domain.get(), mark(object), firstPassword(object));
            pin(key, object, made, true);
        }
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

    private void pin(ObjectKey key, ObjectNode object, User user, boolean created) {
        write(
                key,
                state(object, user, created ? "UserCreated" : "UserFound"),
                status ->
                        status.putObject("keystone")
                                .put("claim", claim(object))
                                .put("userId", user.id())
                                .put("created", created));
        if (created) {
            giveRoles(object, user.id());
        }
    }

    private void known(ObjectKey key, ObjectNode object, User user) {
        boolean created = object.path("status").path("keystone").path("created").asBoolean(false);
        if (created) {
            giveRoles(object, user.id());
        }
        say(key, state(object, user, created ? "UserCreated" : "UserFound"));
    }

    /** Rights go by the user name: it must be this user's, or they would be another's. */
    private StatusCondition state(ObjectNode object, User user, String reason) {
        String username = Account.of(object).username();
        Named.Written written = Named.Written.parse(username);
        boolean same =
                written.name().equals(user.name())
                        && keystone.domainOf(written).filter(user.domainId()::equals).isPresent();
        if (!same) {
            return StatusCondition.of(
                    CONDITION,
                    false,
                    "NameDiffers",
                    "the user is called '"
                            + user.name()
                            + "' in Keystone, rights are given to '"
                            + username
                            + "'");
        }
        return user.enabled()
                ? StatusCondition.of(CONDITION, true, reason, "the user is in Keystone")
                : StatusCondition.of(
                        CONDITION, false, "UserDisabled", "the user is disabled in Keystone");
    }

    /** In the projects that are known; another look finds the others. Roles are never taken. */
    private void giveRoles(ObjectNode object, String userId) {
        for (Map.Entry<Tenant, MemberRole> membership :
                Account.of(object).memberships().entrySet()) {
            ObjectKey tenant = new ObjectKey(Tenant.SYSTEM, "", membership.getKey().name());
            client.find(BuiltinTypes.TENANTS, tenant)
                    .map(tree -> tree.path("status").path("keystone").path("projectId"))
                    .map(id -> id.asString(""))
                    .filter(id -> !id.isEmpty())
                    .ifPresent(id ->
                            keystone.assign(
                                    userId,
                                    id,
                                    membership.getValue().name().toLowerCase(Locale.ROOT)));
        }
    }

    private void removed(ObjectKey key, ObjectNode object) {
        say(
                key,
                StatusCondition.of(
                        CONDITION,
                        false,
                        "UserRemoved",
                        "user '"
                                + claim(object)
                                + "' is gone from Keystone: what was the user's stays until this"
                                + " object is deleted"));
    }

    private void say(ObjectKey key, StatusCondition condition) {
        write(key, condition, _ -> {});
    }

    private void write(ObjectKey key, StatusCondition condition, Consumer<ObjectNode> change) {
        ConditionWriter.write(client, events, clock, BuiltinTypes.USERS, key, condition, change);
    }

    private static JsonNode spec(ObjectNode user) {
        return user.path("spec").path("keystone");
    }

    private static String claim(ObjectNode user) {
        String name = spec(user).path("user").asString("");
        return name.isEmpty() ? Account.of(user).username() : name;
    }

    private static String mark(ObjectNode user) {
        return "hypernetes-user-" + Metadata.uid(user);
    }

    private static String text(RuntimeException e) {
        return String.valueOf(e.getMessage());
    }
}
