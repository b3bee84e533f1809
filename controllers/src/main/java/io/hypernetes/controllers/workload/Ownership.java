package io.hypernetes.controllers.workload;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.Metadata.OwnerReference;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Patch;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.select.LabelSelector;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Which objects of its namespace an owner controls. Orphans that its selector matches are adopted,
 * what it no longer matches is let go, as upstream's controller references prescribe: an object has
 * one controller at most, and an owner that is being deleted adopts nothing.
 *
 * @param owners the type of those that own
 * @param owned the type of what they own
 */
record Ownership(Client client, ResourceType owners, ResourceType owned) {

    static Optional<OwnerReference> controllerOf(ObjectNode object) {
        return Metadata.ownerReferences(object).stream()
                .filter(OwnerReference::controller)
                .findFirst();
    }

    /** The owner that controls this object, if it is one of ours. */
    Optional<ObjectKey> ownerOf(ObjectKey key, ObjectNode object) {
        return controllerOf(object)
                .filter(owner -> owner.kind().equals(owners.kind()))
                .filter(owner -> owner.apiVersion().equals(owners.apiVersion()))
                .map(owner -> new ObjectKey(key.tenant(), key.namespace(), owner.name()));
    }

    /** Of the namespace's objects those that the owner controls after this. */
    List<ObjectNode> claim(
            Tenant tenant,
            ObjectNode owner,
            LabelSelector selector,
            Collection<ObjectNode> candidates) {
        List<ObjectNode> claimed = new ArrayList<>();
        boolean going = Metadata.isBeingDeleted(owner);
        for (ObjectNode candidate : candidates) {
            Optional<OwnerReference> controller = controllerOf(candidate);
            boolean ours =
                    controller.map(OwnerReference::uid).equals(Optional.of(Metadata.uid(owner)));
            boolean matches = selector.matches(candidate);
            if (ours && matches) {
                claimed.add(candidate);
            } else if (ours && !going && !Metadata.isBeingDeleted(candidate)) {
                release(tenant, owner, candidate);
            } else if (controller.isEmpty()
                    && matches
                    && !going
                    && !Metadata.isBeingDeleted(candidate)) {
                adopt(tenant, owner, candidate).ifPresent(claimed::add);
            }
        }
        return claimed;
    }

    /** As an entry of {@code metadata.ownerReferences}. */
    ObjectNode reference(ObjectNode owner) {
        return Metadata.controllerReference(owners, owner);
    }

    private Optional<ObjectNode> adopt(Tenant tenant, ObjectNode owner, ObjectNode orphan) {
        ObjectKey key = new ObjectKey(tenant, Metadata.namespace(owner), Metadata.name(owner));
        boolean stays =
                client.find(owners, key)
                        .filter(fresh -> Metadata.uid(fresh).equals(Metadata.uid(owner)))
                        .filter(fresh -> !Metadata.isBeingDeleted(fresh))
                        .isPresent();
        if (!stays) {
            return Optional.empty();
        }
        ArrayNode references = references(orphan);
        references.add(reference(owner));
        return write(tenant, orphan, references);
    }

    private void release(Tenant tenant, ObjectNode owner, ObjectNode object) {
        ArrayNode kept = references(object);
        for (int i = kept.size() - 1; i >= 0; i--) {
            if (kept.path(i).path("uid").asString("").equals(Metadata.uid(owner))) {
                kept.remove(i);
            }
        }
        write(tenant, object, kept);
    }

    private static ArrayNode references(ObjectNode object) {
        return object.path("metadata").get("ownerReferences") instanceof ArrayNode references
                ? references.deepCopy()
                : Json.object().putArray("ownerReferences");
    }

    /** Writes onto this version of this incarnation alone; empty when it is gone. */
    private Optional<ObjectNode> write(Tenant tenant, ObjectNode object, ArrayNode references) {
        ObjectNode patch = Json.object();
        patch.putObject("metadata")
                .put("uid", Metadata.uid(object))
                .put("resourceVersion", Metadata.resourceVersion(object))
                .set("ownerReferences", references);
        ObjectKey key = new ObjectKey(tenant, Metadata.namespace(object), Metadata.name(object));
        try {
            return Optional.of(client.patch(owned, key, new Patch.Merge(patch), ""));
        } catch (ApiException e) {
            if (e.is(Reason.NOT_FOUND)) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
