package io.hypernetes.api;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What every object's {@code metadata} says. Missing texts are empty, missing collections are
 * empty; a field of the wrong type counts as missing. Only the {@code ensure} methods change the
 * tree.
 */
public final class Metadata {

    /** Who an object belongs to: it goes when all its owners are gone. */
    public record OwnerReference(
            String apiVersion,
            String kind,
            String name,
            String uid,
            boolean controller,
            boolean blockOwnerDeletion) {}

    private Metadata() {}

    public static String name(ObjectNode object) {
        return text(object, "name");
    }

    public static String generateName(ObjectNode object) {
        return text(object, "generateName");
    }

    public static String namespace(ObjectNode object) {
        return text(object, "namespace");
    }

    public static String uid(ObjectNode object) {
        return text(object, "uid");
    }

    public static String resourceVersion(ObjectNode object) {
        return text(object, "resourceVersion");
    }

    /** 0 when unset. */
    public static long generation(ObjectNode object) {
        return object.path("metadata").path("generation").asLong(0);
    }

    /** RFC 3339, empty when unset. */
    public static String creationTimestamp(ObjectNode object) {
        return text(object, "creationTimestamp");
    }

    /** RFC 3339, empty while the object is not being deleted. */
    public static String deletionTimestamp(ObjectNode object) {
        return text(object, "deletionTimestamp");
    }

    public static boolean isBeingDeleted(ObjectNode object) {
        return !deletionTimestamp(object).isEmpty();
    }

    public static Map<String, String> labels(ObjectNode object) {
        return texts(object, "labels");
    }

    /** Empty when there is no such label. */
    public static String label(ObjectNode object, String key) {
        return object.path("metadata").path("labels").path(key).asString("");
    }

    public static Map<String, String> annotations(ObjectNode object) {
        return texts(object, "annotations");
    }

    /** Empty when there is no such annotation. */
    public static String annotation(ObjectNode object, String key) {
        return object.path("metadata").path("annotations").path(key).asString("");
    }

    public static List<String> finalizers(ObjectNode object) {
        List<String> finalizers = new ArrayList<>();
        for (JsonNode finalizer : object.path("metadata").path("finalizers")) {
            if (finalizer.isString()) {
                finalizers.add(finalizer.stringValue());
            }
        }
        return List.copyOf(finalizers);
    }

    public static List<OwnerReference> ownerReferences(ObjectNode object) {
        List<OwnerReference> owners = new ArrayList<>();
        for (JsonNode owner : object.path("metadata").path("ownerReferences")) {
            owners.add(
                    new OwnerReference(
                            owner.path("apiVersion").asString(""),
                            owner.path("kind").asString(""),
                            owner.path("name").asString(""),
                            owner.path("uid").asString(""),
                            owner.path("controller").asBoolean(false),
                            owner.path("blockOwnerDeletion").asBoolean(false)));
        }
        return List.copyOf(owners);
    }

    /** The entry of {@code metadata.ownerReferences} that names an object's controller. */
    public static ObjectNode controllerReference(ResourceType type, ObjectNode owner) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", type.apiVersion())
                .put("kind", type.kind())
                .put("name", name(owner))
                .put("uid", uid(owner))
                .put("controller", true)
                .put("blockOwnerDeletion", true);
    }

    /** The object's metadata, created when it is missing. */
    public static ObjectNode ensureMetadata(ObjectNode object) {
        return ensureObject(object, "metadata");
    }

    /** The object's labels, created when they are missing. */
    public static ObjectNode ensureLabels(ObjectNode object) {
        return ensureObject(ensureMetadata(object), "labels");
    }

    /** The object's annotations, created when they are missing. */
    public static ObjectNode ensureAnnotations(ObjectNode object) {
        return ensureObject(ensureMetadata(object), "annotations");
    }

    /** The object's finalizers, created when they are missing. */
    public static ArrayNode ensureFinalizers(ObjectNode object) {
        ObjectNode metadata = ensureMetadata(object);
        return metadata.get("finalizers") instanceof ArrayNode finalizers
                ? finalizers
                : metadata.putArray("finalizers");
    }

    private static ObjectNode ensureObject(ObjectNode parent, String field) {
        return parent.get(field) instanceof ObjectNode child ? child : parent.putObject(field);
    }

    private static String text(ObjectNode object, String field) {
        JsonNode value = object.path("metadata").path(field);
        return value.isString() ? value.stringValue() : "";
    }

    private static Map<String, String> texts(ObjectNode object, String field) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.path("metadata")
                .path(field)
                .properties()
                .forEach(entry -> {
                    if (entry.getValue().isString()) {
                        texts.put(entry.getKey(), entry.getValue().stringValue());
                    }
                });
        return java.util.Collections.unmodifiableMap(texts);
    }
}
