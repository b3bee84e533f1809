package io.hypernetes.server.registry;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.types.BuiltinTypes;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;

/** When an object that is to be deleted goes: grace, finalizers, preconditions. */
final class Deletions {
    private static final Set<String> SHOWN =
            Set.of(
                    "pods",
                    "services",
                    "serviceaccounts",
                    "podtemplates",
                    "resourcequotas",
                    "persistentvolumes",
                    "persistentvolumeclaims",
                    "storageclasses.storage.k8s.io",
                    "volumeattachments.storage.k8s.io",
                    "csinodes.storage.k8s.io",
                    "csidrivers.storage.k8s.io");

    private Deletions() {}

    /** Throws Conflict when a precondition does not hold. */
    static void check(ResourceType type, Served current, DeleteRequest request) {
        if (!request.uid().isEmpty() && !request.uid().equals(current.uid())) {
            throw ApiException.conflict(
                    type.id(),
                    current.path().name(),
                    "the UID in the precondition ("
                            + request.uid()
                            + ") does not match the UID in record ("
                            + current.uid()
                            + "). The object might have been deleted and then recreated");
        }
        String revision = Long.toString(current.revision());
        if (!request.resourceVersion().isEmpty() && !request.resourceVersion().equals(revision)) {
            throw ApiException.conflict(
                    type.id(),
                    current.path().name(),
                    "the ResourceVersion in the precondition ("
                            + request.resourceVersion()
                            + ") does not match the ResourceVersion in record ("
                            + revision
                            + "). The object might have been modified");
        }
    }

    /**
     * Writes the wish to be deleted into the object.
     *
     * @return whether that changed it: a second delete may only shorten the grace, or change what
     *     becomes of the dependents
     */
    static boolean mark(ResourceType type, ObjectNode object, DeleteRequest request) {
        if (Metadata.isBeingDeleted(object)) {
            return markAgain(type, object, request);
        }
        long grace = type.strategy().gracePeriodSeconds(object, request.gracePeriodSeconds());
        GarbageFinalizers.apply(type, object, request.propagation());
        ObjectNode metadata = Metadata.ensureMetadata(object);
        Instant end = Instant.now().truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofSeconds(grace));
        metadata.put("deletionTimestamp", end.toString());
        if (type.strategy().beginDeletion(object)) {
            return true;
        }
        metadata.put("deletionGracePeriodSeconds", grace);
        if (metadata.path("generation").asLong(0) > 0) {
            metadata.put("generation", metadata.path("generation").asLong(0) + 1);
        }
        return true;
    }

    private static boolean markAgain(ResourceType type, ObjectNode object, DeleteRequest request) {
        ObjectNode metadata = Metadata.ensureMetadata(object);
        long left = metadata.path("deletionGracePeriodSeconds").asLong(0);
        if (left == 0) {
            return GarbageFinalizers.apply(type, object, request.propagation());
        }
        long grace = request.gracePeriodSeconds().orElse(left);
        if (grace >= left) {
            return false;
        }
        GarbageFinalizers.apply(type, object, request.propagation());
        // The end moves by as much as the grace became shorter.
        Instant end = Instant.parse(Metadata.deletionTimestamp(object));
        metadata.put("deletionTimestamp", end.minusSeconds(left - grace).toString());
        metadata.put("deletionGracePeriodSeconds", grace);
        return true;
    }

    /** Whether the answer to a deletion is the object even when it is gone, as upstream has it. */
    static boolean showsObject(ResourceType type) {
        return SHOWN.contains(type.id().toString());
    }

    /** Whether nothing holds an object any longer that is to be deleted. */
    static boolean isComplete(ResourceType type, ObjectNode object) {
        if (!Metadata.isBeingDeleted(object) || !Metadata.finalizers(object).isEmpty()) {
            return false;
        }
        JsonNode grace = object.path("metadata").path("deletionGracePeriodSeconds");
        boolean namespaceHeld =
                isNamespace(type) && !object.path("spec").path("finalizers").isEmpty();
        return grace.asLong(0) == 0 && !namespaceHeld;
    }

    private static boolean isNamespace(ResourceType type) {
        return type.id().equals(BuiltinTypes.NAMESPACES.id());
    }
}
