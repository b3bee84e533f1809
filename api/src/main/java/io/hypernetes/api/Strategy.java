package io.hypernetes.api;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What one kind does differently from the common pipeline. A kind without code of its own uses
 * {@link #PLAIN}.
 *
 * <p>Schema checks (types, required and unknown fields) have already passed. The given trees belong
 * to the caller's thread; {@code object} may be changed in place where a method says so.
 */
public interface Strategy {

    Strategy PLAIN = new Strategy() {};

    /** What becomes of a kind's objects. */
    enum Handling {
        /** They are kept, and every verb is for them. */
        STORED,
        /** Creating one asks the server something, or makes it do something. */
        ASKED,
        /** They are made up when they are read. */
        REPORTED
    }

    default Handling handling() {
        return Handling.STORED;
    }

    /** Fills in the defaults of the kind, in place. Idempotent. */
    default void applyDefaults(ObjectNode object) {}

    /** Called once before an object is first stored, after defaults: drop status, set phase. */
    default void prepareForCreate(ObjectNode object) {
        object.remove("status");
    }

    /** Called before an update of the main resource: fields users may not change are restored. */
    default void prepareForUpdate(ObjectNode object, ObjectNode old) {
        if (old.has("status")) {
            object.set("status", old.get("status"));
        } else {
            object.remove("status");
        }
    }

    /** Rules beyond the schema; an empty list is a valid object. */
    default List<FieldError> validate(ObjectNode object) {
        return List.of();
    }

    /**
     * Rules that hold when an object is made and not when it is updated, for instance its name's.
     */
    default List<FieldError> validateCreate(ObjectNode object) {
        return List.of();
    }

    /**
     * As {@link #validate}, of an object in an update. What did not change need not be looked at
     * again: it was good when it was stored (KEP-5073 calls it ratcheting).
     */
    default List<FieldError> validate(ObjectNode object, ObjectNode old) {
        return validate(object);
    }

    /** Rules on what an update may change, beyond {@link #validate} of the new object. */
    default List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        return List.of();
    }

    /**
     * Called before an update of the status: what it may not touch comes from the stored object. By
     * default it may change the status, and of the metadata what an update may.
     */
    default void prepareForStatusUpdate(ObjectNode object, ObjectNode old) {
        JsonNode status = object.get("status");
        JsonNode metadata = object.get("metadata");
        object.removeAll();
        object.setAll(old.deepCopy());
        if (metadata != null) {
            object.set("metadata", metadata);
        }
        if (status == null) {
            object.remove("status");
        } else {
            object.set("status", status);
        }
    }

    /** Rules for an update of the status, in place of {@link #validate} and its kin. */
    default List<FieldError> validateStatusUpdate(ObjectNode object, ObjectNode old) {
        return List.of();
    }

    /**
     * As {@link #prepareForStatusUpdate}, for another part of the object that has an update of its
     * own.
     *
     * @param part the subresource's name, {@code approval}
     */
    default void prepareForPartUpdate(String part, ObjectNode object, ObjectNode old) {}

    /** As {@link #validateStatusUpdate}, for another part. */
    default List<FieldError> validatePartUpdate(String part, ObjectNode object, ObjectNode old) {
        return List.of();
    }

    /** Whether the kind itself is being removed: nothing of it is made or changed any more. */
    default boolean isEnding() {
        return false;
    }

    /** What everybody is warned of who uses this version. */
    default Optional<String> deprecation() {
        return Optional.empty();
    }

    /**
     * What the user should know though the object is good: deprecated fields, settings without
     * effect. They go into the answer's Warning headers.
     */
    default List<String> warningsOnCreate(ObjectNode object) {
        return List.of();
    }

    /** As {@link #warningsOnCreate}, for an update. */
    default List<String> warningsOnUpdate(ObjectNode object, ObjectNode old) {
        return warningsOnCreate(object);
    }

    /**
     * What of an object is its user's wish: an update that changes it makes a new {@code
     * metadata.generation}. Missing for a kind whose objects have no generation.
     */
    default JsonNode desired(ObjectNode object) {
        return object.path("spec");
    }

    /** The generation of a new object; 0 where only a change gives it one. */
    default long firstGeneration() {
        return 1;
    }

    /**
     * Called once when an object is to be deleted: what that writes into it beside the time.
     *
     * @return whether the kind's own controller sees to the rest: there is no grace, and the wish
     *     is no new generation
     */
    default boolean beginDeletion(ObjectNode object) {
        return false;
    }

    /**
     * Seconds between a delete and the removal of the object, if the kind dies gracefully; the
     * object is then kept with a deletion timestamp until its agent deletes it with 0 seconds.
     *
     * @param asked by who deletes it; empty: as the object itself says
     * @return 0 for kinds that are removed at once
     */
    default long gracePeriodSeconds(ObjectNode object, OptionalLong asked) {
        return 0;
    }

    /** Where a type with the subresource {@code scale} keeps what that shows. */
    default ScalePaths scale() {
        return ScalePaths.WORKLOAD;
    }

    /**
     * Values for field selectors beside {@code metadata.name} and {@code metadata.namespace}, for
     * instance {@code spec.nodeName}: the supported field paths.
     */
    default List<String> selectableFields() {
        return List.of();
    }

    /** The text of a selectable field; empty when the object has none. */
    default String selectableValue(ObjectNode object, String field) {
        JsonNode node = object;
        for (String step : field.split("\\.")) {
            node = node.path(step);
        }
        return node.asString("");
    }
}
