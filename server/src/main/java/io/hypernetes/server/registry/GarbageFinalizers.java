package io.hypernetes.server.registry;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.client.Propagation;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The two finalizers by which a deletion tells the garbage collector what becomes of the
 * dependents. An explicit policy wins over a finalizer that is there, which wins over the type's
 * default.
 */
final class GarbageFinalizers {
    /** Their dependents stay when nothing is said: old clients of these APIs rely on it. */
    private static final Set<String> ORPHANING = Set.of("replicationcontrollers", "jobs.batch");

    /** Own nothing. */
    private static final Set<String> UNSUPPORTED = Set.of("events", "events.events.k8s.io");

    private GarbageFinalizers() {}

    /**
     * @return whether the object was changed
     */
    static boolean apply(ResourceType type, ObjectNode object, Optional<Propagation> asked) {
        List<String> before = Metadata.finalizers(object);
        List<String> after = new ArrayList<>(before);
        after.remove(Propagation.ORPHAN_FINALIZER);
        after.remove(Propagation.FOREGROUND_FINALIZER);
        if (!UNSUPPORTED.contains(type.id().toString())) {
            switch (asked.orElseGet(() -> standing(type, before))) {
                case ORPHAN -> after.add(Propagation.ORPHAN_FINALIZER);
                case FOREGROUND -> after.add(Propagation.FOREGROUND_FINALIZER);
                case BACKGROUND -> {}
            }
        }
        if (Set.copyOf(after).equals(Set.copyOf(before))) {
            return false;
        }
        ObjectNode metadata = Metadata.ensureMetadata(object);
        metadata.remove("finalizers");
        if (!after.isEmpty()) {
            ArrayNode finalizers = metadata.putArray("finalizers");
            after.forEach(finalizers::add);
        }
        return true;
    }

    private static Propagation standing(ResourceType type, List<String> finalizers) {
        for (String finalizer : finalizers) {
            if (finalizer.equals(Propagation.ORPHAN_FINALIZER)) {
                return Propagation.ORPHAN;
            }
            if (finalizer.equals(Propagation.FOREGROUND_FINALIZER)) {
                return Propagation.FOREGROUND;
            }
        }
        return ORPHANING.contains(type.id().toString())
                ? Propagation.ORPHAN
                : Propagation.BACKGROUND;
    }
}
