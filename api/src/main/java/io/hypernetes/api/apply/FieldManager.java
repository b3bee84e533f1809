package io.hypernetes.api.apply;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.apply.ManagedFields.Entry;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.schema.Schema;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Keeps {@code metadata.managedFields} of the objects of one kind, written through its main
 * resource or one of its subresources, and applies configurations to them.
 *
 * @param kind in the version of the request
 * @param subresource empty for the main resource
 * @param filter what can be owned through it
 * @param conversion to the kind's other versions
 */
public record FieldManager(
        Schema.Struct schema,
        GroupVersionKind kind,
        String subresource,
        FieldFilter filter,
        Conversion conversion) {

    /** Who owned the fields of an object that nobody tracked before its first apply. */
    private static final String BEFORE_FIRST_APPLY = "before-first-apply";

    /** Never owned: the server's own, or the object's identity. */
    private static final FieldSet UNMANAGED =
            FieldSet.of("apiVersion")
                    .union(FieldSet.of("kind"))
                    .union(FieldSet.of("metadata"))
                    .union(FieldSet.of("metadata", "name"))
                    .union(FieldSet.of("metadata", "namespace"))
                    .union(FieldSet.of("metadata", "creationTimestamp"))
                    .union(FieldSet.of("metadata", "selfLink"))
                    .union(FieldSet.of("metadata", "uid"))
                    .union(FieldSet.of("metadata", "clusterName"))
                    .union(FieldSet.of("metadata", "generation"))
                    .union(FieldSet.of("metadata", "managedFields"))
                    .union(FieldSet.of("metadata", "resourceVersion"));

    /** The main resource of a kind of one version. */
    public static FieldManager of(Schema.Struct schema, GroupVersionKind kind, FieldFilter filter) {
        return new FieldManager(schema, kind, "", filter, Conversion.NONE);
    }

    /** The time of an entry that is written now. */
    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /**
     * Who owns what of a new object: all that is in it. A client may bring a table of its own.
     *
     * @param object with its defaults, before admission; its table is set in place
     */
    public void create(ObjectNode object, String manager) {
        ManagedFields managed = sent(object, Json.object());
        ifPossible(
                object,
                () -> {
                    if (managed.isEmpty()) {
                        FieldSet fields = CreatedFields.of(schema, filter, object);
                        managed.put(updater(manager), new Entry(version(), fields, now()));
                        managed.writeTo(object);
                    } else {
                        track(Json.object(), object, managed, manager);
                    }
                });
    }

    private Manager updater(String manager) {
        return Manager.updater(manager.isEmpty() ? "unknown" : manager, version(), subresource);
    }

    /**
     * Who owns what after a change other than an apply. What changed is the manager's now; the
     * others lose it.
     *
     * @param live as stored; not changed
     * @param object as it shall be, with its defaults, before admission; its table is set in place
     */
    public void update(ObjectNode live, ObjectNode object, String manager) {
        ManagedFields managed =
                subresource.isEmpty() ? sent(object, live) : ManagedFields.ofOrNone(live);
        if (managed.isEmpty()) {
            managed.writeTo(object);
        } else {
            ifPossible(object, () -> track(live, object, managed, manager));
        }
    }

    /**
     * Items without their list's keys cannot be told apart. What is wrong with them is the rules'
     * to tell, and these do not forbid them everywhere: the object has no owners then, as upstream.
     */
    private static void ifPossible(ObjectNode object, Runnable owned) {
        try {
            owned.run();
        } catch (IllegalArgumentException _) {
            new ManagedFields().writeTo(object);
        }
    }

    /**
     * The table that a client sent, so that it can be mended by hand; who sent none, or nonsense,
     * keeps the stored one. An empty list, or one empty entry, clears it.
     */
    private static ManagedFields sent(ObjectNode object, ObjectNode live) {
        JsonNode table = object.path("metadata").path("managedFields");
        boolean cleared =
                table.isArray() && (table.isEmpty() || table.size() == 1 && isBlank(table.get(0)));
        if (cleared) {
            return new ManagedFields();
        }
        ManagedFields managed = ManagedFields.ofOrNone(object);
        return managed.isEmpty() ? ManagedFields.ofOrNone(live) : managed;
    }

    private static boolean isBlank(JsonNode entry) {
        return entry.isNull() || entry.isObject() && entry.isEmpty();
    }

    private void track(ObjectNode live, ObjectNode object, ManagedFields managed, String manager) {
        Ownership ownership = new Ownership(this, managed);
        ownership.fitToSchema();
        Comparison comparison = ownership.takeFromOthers(live, object);
        FieldSet taken = comparison.changed().difference(UNMANAGED);
        if (!taken.isEmpty()) {
            Manager self = updater(manager);
            Entry previous = managed.get(self);
            FieldSet fields = previous == null ? taken : previous.fields().union(taken);
            managed.put(self, new Entry(version(), fields, now()));
        }
        UpdateManagers.cap(managed);
        managed.writeTo(object);
    }

    String version() {
        return kind.apiVersion();
    }

    /**
     * Server-side apply.
     *
     * @param live as stored, or an empty object for one that is to be created; not changed
     * @param config what the manager wants, as it sent it; not changed
     * @return the object as it shall be, table included; without defaults for what is new
     * @throws ApiException 400 for a configuration of another kind or with a table of its own, 500
     *     (as upstream) for one that does not fit the schema, 409 when other managers own what it
     *     would change
     */
    public ObjectNode apply(ObjectNode live, ObjectNode config, String manager, boolean force) {
        check(config);
        ObjectNode current = live;
        ManagedFields managed = table(live);
        if (managed.isEmpty() && !live.isEmpty()) {
            current = live.deepCopy();
            Metadata.ensureMetadata(current).remove("managedFields");
            track(Json.object(), current, managed, BEFORE_FIRST_APPLY);
        }
        Applying applying = new Applying(this, current, config, manager);
        return force ? applying.forced() : applying.orConflicts();
    }

    private static ManagedFields table(ObjectNode live) {
        try {
            return ManagedFields.of(live.path("metadata").path("managedFields"));
        } catch (IllegalArgumentException e) {
            throw failed("failed to decode managed fields: " + e.getMessage());
        }
    }

    private void check(ObjectNode config) {
        GroupVersionKind sent =
                GroupVersionKind.of(
                        config.path("apiVersion").asString(""), config.path("kind").asString(""));
        if (!sent.equals(kind)) {
            throw ApiException.badRequest("invalid object type: " + shown(sent));
        }
        JsonNode table = config.path("metadata").path("managedFields");
        if (!table.isMissingNode() && !table.isNull()) {
            throw ApiException.badRequest("metadata.managedFields must be nil");
        }
        String errors = ConfigCheck.errors(schema, config);
        if (!errors.isEmpty()) {
            throw failed(
                    "failed to create typed patch object ("
                            + config.path("metadata").path("namespace").asString("")
                            + "/"
                            + config.path("metadata").path("name").asString("")
                            + "; "
                            + shown(kind)
                            + "): "
                            + errors);
        }
    }

    /** As Go prints a GroupVersionKind: {@code /v1, Kind=Pod}. */
    private static String shown(GroupVersionKind kind) {
        return kind.group() + "/" + kind.version() + ", Kind=" + kind.kind();
    }

    /** Upstream answers 500 here, though the client is at fault. */
    private static ApiException failed(String message) {
        return ApiException.of(Reason.UNKNOWN, message);
    }

    /** An object and its shape, both in one API version. */
    record Versioned(Schema.Struct schema, JsonNode object) {}

    Optional<Schema.Struct> schema(String apiVersion) {
        return apiVersion.equals(version()) ? Optional.of(schema) : conversion.schema(apiVersion);
    }

    /**
     * @param object in any version of the kind; converted unless it is in this one
     */
    Optional<Versioned> in(String apiVersion, JsonNode object) {
        return schema(apiVersion)
                .map(there ->
                        new Versioned(
                                there,
                                object.path("apiVersion").asString(version()).equals(apiVersion)
                                        ? object
                                        : conversion.convert(object, apiVersion)));
    }

    static FieldSet managed(FieldSet fields) {
        return fields.difference(UNMANAGED);
    }

    static String time() {
        return now();
    }
}
