package io.hypernetes.tenancy;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.json.Json;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Writes that may be done any number of times. */
final class Objects {

    private final Client client;

    Objects(Client client) {
        this.client = client;
    }

    /** An object with a name and nothing else. */
    static ObjectNode named(ObjectKey key) {
        ObjectNode object = Json.object();
        ObjectNode metadata = object.putObject("metadata").put("name", key.name());
        if (!key.namespace().isEmpty()) {
            metadata.put("namespace", key.namespace());
        }
        return object;
    }

    /** Creates the object unless there is one of that name. */
    void ensure(ResourceType type, ObjectKey key, ObjectNode wanted) {
        if (client.find(type, key).isEmpty()) {
            try {
                client.create(type, key.tenant(), wanted);
            } catch (ApiException e) {
                if (!e.is(Reason.ALREADY_EXISTS)) {
                    throw e;
                }
            }
        }
    }

    /**
     * Brings the object to what is wanted: these fields, and at least these labels and annotations.
     *
     * @param immutable fields that can only be changed by making the object anew
     */
    void repair(
            ResourceType type,
            ObjectKey key,
            ObjectNode wanted,
            List<String> fields,
            List<String> immutable) {
        client.find(type, key)
                .ifPresentOrElse(
                        object -> repair(type, key, object, wanted, fields, immutable),
                        () -> client.create(type, key.tenant(), wanted));
    }

    /**
     * Does the same, unless an object of that name is somebody else's.
     *
     * @return theirs
     */
    Optional<ObjectNode> repairOwn(
            ResourceType type,
            ObjectKey key,
            ObjectNode wanted,
            List<String> fields,
            List<String> immutable,
            Predicate<ObjectNode> own) {
        Optional<ObjectNode> known = client.find(type, key);
        if (known.isPresent() && !own.test(known.get())) {
            return known;
        }
        known.ifPresentOrElse(
                object -> repair(type, key, object, wanted, fields, immutable),
                () -> client.create(type, key.tenant(), wanted));
        return Optional.empty();
    }

    private void repair(
            ResourceType type,
            ObjectKey key,
            ObjectNode object,
            ObjectNode wanted,
            List<String> fields,
            List<String> immutable) {
        if (Metadata.isBeingDeleted(object)) {
            return;
        }
        if (immutable.stream().anyMatch(f -> !object.path(f).equals(wanted.path(f)))) {
            client.delete(type, key, DeleteOptions.NOW);
            client.create(type, key.tenant(), wanted);
            return;
        }
        ObjectNode repaired = object.deepCopy();
        for (String field : fields) {
            if (wanted.has(field)) {
                repaired.set(field, wanted.get(field).deepCopy());
            } else {
                repaired.remove(field);
            }
        }
        Metadata.labels(wanted).forEach((k, v) -> Metadata.ensureLabels(repaired).put(k, v));
        Metadata.annotations(wanted)
                .forEach((k, v) -> Metadata.ensureAnnotations(repaired).put(k, v));
        if (!repaired.equals(object)) {
            client.update(type, key.tenant(), repaired);
        }
    }

    void delete(ResourceType type, ObjectKey key) {
        try {
            client.delete(type, key, DeleteOptions.DEFAULT);
        } catch (ApiException e) {
            if (!e.is(Reason.NOT_FOUND)) {
                throw e;
            }
        }
    }

    /** Adds the finalizer; whether it was missing. */
    boolean addFinalizer(ResourceType type, ObjectKey key, ObjectNode object, String finalizer) {
        if (Metadata.finalizers(object).contains(finalizer)) {
            return false;
        }
        ObjectNode changed = object.deepCopy();
        Metadata.ensureFinalizers(changed).add(finalizer);
        client.update(type, key.tenant(), changed);
        return true;
    }

    void removeFinalizer(ResourceType type, ObjectKey key, String finalizer) {
        client.find(type, key)
                .filter(object -> Metadata.finalizers(object).contains(finalizer))
                .ifPresent(object -> {
                    List<String> others =
                            Metadata.finalizers(object).stream()
                                    .filter(f -> !f.equals(finalizer))
                                    .toList();
                    Metadata.ensureFinalizers(object).removeAll();
                    others.forEach(f -> Metadata.ensureFinalizers(object).add(f));
                    client.update(type, key.tenant(), object);
                });
    }
}
