package io.hypernetes.tenancy;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.ConditionWriter;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.EventRecorder;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;
import io.hypernetes.controllerruntime.StatusCondition;
import io.hypernetes.identity.keystone.KeystoneService;
import io.hypernetes.identity.keystone.KeystoneService.RefusedException;
import io.hypernetes.identity.keystone.Named;
import io.hypernetes.identity.remote.UnreachableException;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Keeps objects of a kind and what they are in Keystone together: finds the counterpart that an
 * object claims, or makes it where that is asked for, and from then on holds to its id. What
 * becomes of it is said in a condition and in events; nothing here is ever deleted for it.
 *
 * <p>What is made carries a mark with the object's uid, so that what a crash left behind is found
 * again and nothing else is ever taken for it.
 *
 * @param <T> the counterpart
 */
abstract sealed class KeystoneFollower<T> implements Reconciler<ObjectKey>, AutoCloseable
        permits ProjectController, PeopleController {

    /**
     * How the kind and its counterpart are called.
     *
     * @param noun of the counterpart, as in reasons: Project, User
     * @param object what the object is called in messages
     * @param component who speaks in events
     */
    record Names(ResourceType type, String noun, String object, String component) {
        String condition() {
            return "Keystone" + noun;
        }

        /** In {@code spec.keystone}, and in messages. */
        String field() {
            return noun.toLowerCase(Locale.ROOT);
        }

        /** In {@code status.keystone}. */
        String idField() {
            return field() + "Id";
        }
    }

    private static final int WORKERS = 4;

    /** Of LDAP users they are longer. */
    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}|[0-9a-f]{64}");

    private final Client client;
    private final KeystoneService keystone;
    private final KeystoneDuties duties;
    private final Names names;
    private final ConditionWriter conditions;
    private final Informer informer;
    private final Controller<ObjectKey> controller;

    KeystoneFollower(
            Client client,
            KeystoneService keystone,
            KeystoneDuties duties,
            Clock clock,
            Names names) {
        this.client = client;
        this.keystone = keystone;
        this.duties = duties;
        this.names = names;
        EventRecorder events =
                new EventRecorder(client, BuiltinTypes.EVENTS, names.component(), clock);
        conditions = new ConditionWriter(client, events, clock);
        informer = new Informer(client, names.type(), Selection.of(Tenant.SYSTEM)).lean();
        controller = Controller.of("keystone-" + names.field(), WORKERS, informer, this);
    }

    final void begin() {
        controller.start();
    }

    @Override
    public final void close() {
        controller.close();
        informer.close();
    }

    @Override
    public final Result reconcile(ObjectKey key) {
        Optional<ObjectNode> object = client.find(names.type(), key);
        if (object.isEmpty() || !hasCounterpart(object.get())) {
            return DONE;
        }
        try {
            if (Metadata.isBeingDeleted(object.get())) {
                release(key, object.get());
                return DONE; // a change brings the key back
            }
            look(key, object.get());
        } catch (UnreachableException e) {
            say(key, "Unknown", "KeystoneUnreachable", String.valueOf(e.getMessage()));
        } catch (RefusedException e) {
            say(key, "False", "KeystoneRefuses", String.valueOf(e.getMessage()));
        }
        return Reconciler.again(duties.every());
    }

    /** The claim is resolved by id, or by name once and by the id that was found from then on. */
    private void look(ObjectKey key, ObjectNode object) {
        JsonNode pin = pin(object);
        String id = pin.path(names.idField()).asString("");
        if (!id.isEmpty() && pin.path("claim").asString("").equals(claim(object))) {
            byId(id).ifPresentOrElse(
                            found -> known(key, object, found),
                            () -> say(key, "False", names.noun() + "Removed", removal(object)));
        } else {
            find(object)
                    .ifPresentOrElse(
                            found -> adopt(key, object, found), () -> missing(key, object));
        }
    }

    /** What the object claims now, whatever was found before. */
    final Optional<T> find(ObjectNode object) {
        String claim = claim(object);
        if (ID.matcher(claim).matches()) {
            return byId(claim);
        }
        Named.Written written = Named.Written.parse(claim);
        return keystone.domainOf(written).flatMap(domain -> byName(written.name(), domain));
    }

    private void adopt(ObjectKey key, ObjectNode object, T found) {
        boolean ours = isMarked(found, mark(object));
        if (isToBeMade(object) && !ours) {
            say(
                    key,
                    "False",
                    names.noun() + "Exists",
                    ("there is a %s '%s' that was not made for this %s: remove"
                                    + " spec.keystone.create to take it")
                            .formatted(names.field(), claim(object), names.object()));
        } else {
            pin(key, object, found, ours);
        }
    }

    private void missing(ObjectKey key, ObjectNode object) {
        String claim = claim(object);
        Named.Written name = Named.Written.parse(claim);
        Optional<String> domain = keystone.domainOf(name);
        if (!isToBeMade(object)) {
            notFound(key, "Keystone has no " + names.field() + " '" + claim + "'");
        } else if (!duties.create()) {
            say(key, "False", "CreationNotAllowed", "the server runs without --keystone-create");
        } else if (ID.matcher(claim).matches()) {
            notFound(
                    key,
                    "a %1$s is made by name: spec.keystone.%1$s is an id".formatted(names.field()));
        } else if (domain.isEmpty()) {
            say(
                    key,
                    "False",
                    "DomainNotFound",
                    "Keystone has no domain '" + name.domain().orElse("") + "'");
        } else {
            pin(key, object, make(key, object, name.name(), domain.get()), true);
        }
    }

    private void notFound(ObjectKey key, String message) {
        say(key, "False", names.noun() + "NotFound", message);
    }

    /** Whether the object is to be something in Keystone. */
    abstract boolean hasCounterpart(ObjectNode object);

    /** What it is to be when its spec does not name it. */
    abstract String ownName(ObjectNode object);

    abstract Optional<T> byId(String id);

    abstract Optional<T> byName(String name, String domainId);

    abstract boolean isMarked(T found, String mark);

    abstract T make(ObjectKey key, ObjectNode object, String name, String domainId);

    /** Writes down which it is; again when a crash came between. */
    abstract void pin(ObjectKey key, ObjectNode object, T found, boolean made);

    /** The one that was written down is there. */
    abstract void known(ObjectKey key, ObjectNode object, T found);

    /** Says what follows from its being gone. */
    abstract String removal(ObjectNode object);

    /** The object is being deleted. */
    abstract void release(ObjectKey key, ObjectNode object);

    final void say(ObjectKey key, String status, String reason, String message) {
        write(key, new StatusCondition(names.condition(), status, reason, message), _ -> {});
    }

    final void write(ObjectKey key, StatusCondition condition, Consumer<ObjectNode> change) {
        EventRecorder.Type tone =
                condition.status().equals("False")
                        ? EventRecorder.Type.WARNING
                        : EventRecorder.Type.NORMAL;
        conditions.write(names.type(), key, condition, tone, change);
    }

    final StatusCondition condition(boolean holds, String reason, String message) {
        return StatusCondition.of(names.condition(), holds, reason, message);
    }

    /** What is written down of the counterpart that was found or made. */
    final ObjectNode fill(ObjectNode status, ObjectNode object, String id, boolean made) {
        return status.putObject("keystone")
                .put("claim", claim(object))
                .put(names.idField(), id)
                .put("created", made);
    }

    static JsonNode pin(ObjectNode object) {
        return object.path("status").path("keystone");
    }

    static boolean wasMade(ObjectNode object) {
        return pin(object).path("created").asBoolean(false);
    }

    static JsonNode spec(ObjectNode object) {
        return object.path("spec").path("keystone");
    }

    private static boolean isToBeMade(ObjectNode object) {
        return spec(object).path("create").asBoolean(false);
    }

    final String claim(ObjectNode object) {
        String name = spec(object).path(names.field()).asString("");
        return name.isEmpty() ? ownName(object) : name;
    }

    final String mark(ObjectNode object) {
        String kind = names.type().kind().toLowerCase(Locale.ROOT);
        return "hypernetes-" + kind + "-" + Metadata.uid(object);
    }
}
