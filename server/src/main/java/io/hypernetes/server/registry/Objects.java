package io.hypernetes.server.registry;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.FieldError;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The common life of objects of all types: identity, versions, system fields, validation. */
public final class Objects {
    /** What a new object never has, whatever was sent. */
    private static final List<String> NOT_OF_NEW =
            List.of("deletionTimestamp", "deletionGracePeriodSeconds", "generation");

    /** Fields of the metadata that a client may send as it likes: they stay what they are. */
    private static final List<String> KEPT =
            List.of("creationTimestamp", "deletionTimestamp", "generation");

    /** Those that are refused when they are sent with another value. */
    private static final List<String> KEPT_UNLESS_SENT =
            List.of("uid", "deletionGracePeriodSeconds");

    /** Checks kind, types and unknown fields, in place. Throws BadRequest. */
    void decode(WriteCall call, ResourceType type, ObjectNode object) {
        GroupVersionKind expected = type.groupVersionKind();
        // A client of the program's own may leave out what the call says already.
        if (call.internal()) {
            object.put("apiVersion", expected.apiVersion()).put("kind", expected.kind());
        } else if (type.schema().isCustom()) {
            checkVersionOfCustom(expected, object);
        } else {
            checkKind(expected, object);
        }
        type.schema().decode(expected, object, call.validation()).forEach(call.warnings());
        if (type.schema().isCustom()) {
            checkKindOfCustom(type, object);
        }
        type.schema().applyDefaults(object);
        Metadata.ensureMetadata(object).remove("selfLink");
    }

    /** The same of what a patch made, for which no version is expected but the object's own. */
    void decodePatched(WriteCall call, ResourceType type, ObjectNode object) {
        if (type.schema().isCustom()) {
            checkKindOfCustom(type, object);
        }
        decode(call, type, object);
    }

    private static void checkVersionOfCustom(GroupVersionKind expected, ObjectNode object) {
        String sent = object.path("apiVersion").asString("");
        if (!sent.equals(expected.apiVersion())) {
            throw ApiException.badRequest(
                    "the API version in the data (%s) does not match the expected API version (%s)"
                            .formatted(sent, expected.apiVersion()));
        }
    }

    /** Throws Invalid: upstream's custom resources have their kind checked by their rules. */
    private static void checkKindOfCustom(ResourceType type, ObjectNode object) {
        GroupVersionKind expected = type.groupVersionKind();
        List<FieldError> errors = new ArrayList<>();
        String kind = object.path("kind").asString("");
        if (!kind.equals(expected.kind())) {
            errors.add(FieldError.invalidText("kind", kind, "must be " + expected.kind()));
        }
        String version = object.path("apiVersion").asString("");
        if (!version.equals(expected.apiVersion())) {
            errors.add(
                    FieldError.invalidText(
                            "apiVersion", version, "must be " + expected.apiVersion()));
        }
        if (!errors.isEmpty()) {
            throw ApiException.invalid(
                    GroupVersionKind.of(version, kind), Metadata.name(object), errors);
        }
    }

    private static void checkKind(GroupVersionKind expected, ObjectNode object) {
        completeKind(expected, object);
        GroupVersionKind sent =
                GroupVersionKind.of(
                        object.path("apiVersion").asString(""), object.path("kind").asString(""));
        if (!sent.equals(expected)) {
            throw ApiException.badRequest(
                    sent.kind()
                            + " in version \""
                            + sent.version()
                            + "\" cannot be handled as a "
                            + expected.kind()
                            + ": the API version in the data ("
                            + sent.apiVersion()
                            + ", Kind="
                            + sent.kind()
                            + ") does not match the expected API version ("
                            + expected.apiVersion()
                            + ", Kind="
                            + expected.kind()
                            + ")");
        }
    }

    /** Of built-in types the path says what the body leaves out; generated clients rely on it. */
    private static void completeKind(GroupVersionKind expected, ObjectNode object) {
        if (object.path("kind").asString("").isEmpty()) {
            object.put("kind", expected.kind());
        }
        if (object.path("apiVersion").asString("").isEmpty()) {
            object.put("apiVersion", expected.apiVersion());
        }
    }

    /** Puts the object into its namespace. Throws BadRequest when it says it is elsewhere. */
    void beginCreate(ResourceType type, String namespace, ObjectNode object) {
        String own = Metadata.namespace(object);
        if (!own.isEmpty() && !own.equals(namespace)) {
            throw wrongNamespace(type);
        }
        ObjectNode metadata = Metadata.ensureMetadata(object);
        if (!Metadata.resourceVersion(object).isEmpty()) {
            throw ApiException.badRequest(
                    "resourceVersion should not be set on objects to be created");
        }
        metadata.remove(NOT_OF_NEW);
        metadata.remove(List.of("uid", "creationTimestamp"));
        if (type.namespaced()) {
            metadata.put("namespace", namespace);
        } else {
            metadata.remove("namespace");
        }
    }

    /** Who it is, before its strategy prepares it: a job's pods are told by its unique id. */
    void stampIdentity(ObjectNode object) {
        ObjectNode metadata = Metadata.ensureMetadata(object);
        metadata.put("uid", UUID.randomUUID().toString());
        metadata.put("creationTimestamp", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    }

    void stampGeneration(ResourceType type, ObjectNode object) {
        ObjectNode metadata = Metadata.ensureMetadata(object);
        if (!type.strategy().desired(object).isMissingNode()
                && type.strategy().firstGeneration() > 0) {
            metadata.put("generation", type.strategy().firstGeneration());
        }
    }

    /** Throws Invalid. The kind's strategy also knows the rules of its metadata. */
    void validateNew(ResourceType type, ObjectNode object) {
        List<FieldError> ofKind = new ArrayList<>(type.strategy().validate(object));
        ofKind.addAll(type.strategy().validateCreate(object));
        refuse(type, object, type.schema().validate(object, Optional.empty(), ofKind));
    }

    /** Throws BadRequest when the body is about another object than the path. */
    void checkAddressed(ResourceType type, String namespace, String name, ObjectNode object) {
        String ownName = Metadata.name(object);
        if (ownName.isEmpty()) {
            Metadata.ensureMetadata(object).put("name", name);
        } else if (!ownName.equals(name)) {
            throw ApiException.badRequest(
                    "the name of the object ("
                            + ownName
                            + ") does not match the name on the URL ("
                            + name
                            + ")");
        }
        String ownNamespace = Metadata.namespace(object);
        if (ownNamespace.isEmpty() && type.namespaced()) {
            Metadata.ensureMetadata(object).put("namespace", namespace);
        } else if (!ownNamespace.equals(namespace) && type.namespaced()) {
            throw wrongNamespace(type);
        }
    }

    /** Throws BadRequest: what replaces an object says its name. */
    void checkNamed(String name, ObjectNode object) {
        if (Metadata.name(object).isEmpty()) {
            throw ApiException.badRequest(
                    "the name of the object ("
                            + name
                            + " based on URL) was undeterminable: name must be provided");
        }
    }

    private static ApiException wrongNamespace(ResourceType type) {
        return type.namespaced()
                ? ApiException.badRequest(
                        "the namespace of the provided object does not match the namespace sent on"
                                + " the request")
                : ApiException.badRequest("namespace is not allowed on this type");
    }

    /** Throws Conflict when the object is a change to another version. */
    void checkVersion(ResourceType type, Served current, ObjectNode old, ObjectNode object) {
        String version = Metadata.resourceVersion(object);
        boolean any = version.isEmpty() || version.equals("0");
        if (!any && !version.equals(Long.toString(current.revision()))) {
            if (!version.chars().allMatch(c -> c >= '0' && c <= '9')) {
                throw ApiException.invalid(
                        type.groupVersionKind(),
                        current.path().name(),
                        List.of(
                                FieldError.invalid(
                                        "metadata.resourceVersion",
                                        "\"" + version + "\"",
                                        "must be an unsigned integer")));
            }
            throw ApiException.staleVersion(type.id(), current.path().name());
        }
    }

    /** Throws Conflict when what replaces an object means another one that had its name. */
    void checkIncarnation(ResourceType type, String name, ObjectNode old, ObjectNode object) {
        String uid = Metadata.uid(object);
        String oldUid = Metadata.uid(old);
        if (!uid.isEmpty() && !uid.equals(oldUid)) {
            throw ApiException.conflict(
                    type.id(),
                    name,
                    "Precondition failed: UID in precondition: "
                            + uid
                            + ", UID in object meta: "
                            + oldUid);
        }
    }

    /** What is to be stored: a subresource changes its own part alone. */
    ObjectNode merged(ResourceType type, String subresource, ObjectNode wanted, ObjectNode old) {
        return switch (subresource) {
            case "" -> {
                type.strategy().prepareForUpdate(wanted, old);
                type.schema().addZeros(wanted);
                yield wanted;
            }
            case "status" -> {
                type.strategy().prepareForStatusUpdate(wanted, old);
                type.schema().addZeros(wanted);
                yield wanted;
            }
            case "approval" -> {
                type.strategy().prepareForPartUpdate(subresource, wanted, old);
                yield wanted;
            }
            case "finalize" -> {
                ObjectNode object = old.deepCopy();
                JsonNode finalizers = wanted.path("spec").path("finalizers");
                ObjectNode spec =
                        object.path("spec") instanceof ObjectNode present
                                ? present
                                : object.putObject("spec");
                if (finalizers.isArray() && !finalizers.isEmpty()) {
                    spec.set("finalizers", finalizers);
                } else {
                    spec.remove("finalizers");
                }
                yield object;
            }
            // Made by the server itself from the stored object.
            case "binding", "scale" -> wanted;
            case "ephemeralcontainers" -> PodParts.withEphemeralContainers(wanted, old);
            case "resize" -> PodParts.withResources(wanted, old);
            default ->
                    throw ApiException.of(
                            Reason.METHOD_NOT_ALLOWED,
                            "the server does not allow this method on the requested resource");
        };
    }

    /** System fields come from the stored object, whatever was sent. */
    void finishUpdate(ResourceType type, String subresource, ObjectNode object, ObjectNode old) {
        ObjectNode metadata = Metadata.ensureMetadata(object);
        JsonNode before = old.path("metadata");
        for (String field : KEPT) {
            if (before.has(field)) {
                metadata.set(field, before.get(field));
            }
        }
        for (String field : KEPT_UNLESS_SENT) {
            boolean sent = metadata.has(field) && !metadata.path(field).asString("").isEmpty();
            if (!sent && before.has(field)) {
                metadata.set(field, before.get(field));
            }
        }
        if (!before.has("generation")) {
            metadata.remove("generation");
        }
        long generation = before.path("generation").asLong(0);
        // Where a pod runs is the scheduler's word, not the user's.
        if (!subresource.equals("binding")
                && !Json.same(type.strategy().desired(object), type.strategy().desired(old))) {
            metadata.put("generation", generation + 1);
        }
    }

    /** Throws Invalid. */
    void validateUpdate(ResourceType type, String subresource, ObjectNode object, ObjectNode old) {
        List<FieldError> errors = new ArrayList<>();
        switch (subresource) {
            // The rest of the object is the stored one's, and may be older than a rule.
            case "status" -> errors.addAll(type.strategy().validateStatusUpdate(object, old));
            case "approval" ->
                    errors.addAll(type.strategy().validatePartUpdate(subresource, object, old));
            // What users may not change in a pod, the binding is there to change.
            case "binding" -> errors.addAll(type.strategy().validate(object, old));
            case "ephemeralcontainers" -> {
                errors.addAll(type.strategy().validate(object));
                errors.addAll(PodParts.checkEphemeralContainers(object, old));
            }
            case "resize" -> {
                errors.addAll(type.strategy().validate(object));
                errors.addAll(PodParts.checkResources(object, old));
            }
            default -> {
                errors.addAll(type.strategy().validate(object, old));
                errors.addAll(type.strategy().validateUpdate(object, old));
            }
        }
        refuse(type, object, type.schema().validate(object, Optional.of(old), errors));
    }

    private static void refuse(ResourceType type, ObjectNode object, List<FieldError> errors) {
        if (!errors.isEmpty()) {
            throw ApiException.invalid(
                    type.groupVersionKind(), Metadata.name(object), List.copyOf(errors));
        }
    }
}
