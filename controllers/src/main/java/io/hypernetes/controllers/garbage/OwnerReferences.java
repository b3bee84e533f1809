package io.hypernetes.controllers.garbage;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Patch;
import io.hypernetes.api.json.Json;
import io.hypernetes.controllers.garbage.OwnedObject.Identity;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.Optional;
import java.util.Set;

/**
 * Changes of the references and finalizers of one incarnation. Each throws Conflict when somebody
 * else changed the object meanwhile; an object that is gone is fine.
 */
final class OwnerReferences {
    private OwnerReferences() {}

    static void remove(Client client, ResourceType type, Identity identity, Set<String> owners) {
        current(client, type, identity)
                .ifPresent(object -> {
                    ArrayNode kept = JsonNodeFactory.instance.arrayNode();
                    boolean changed = false;
                    for (JsonNode reference : object.path("metadata").path("ownerReferences")) {
                        if (owners.contains(reference.path("uid").asString(""))) {
                            changed = true;
                        } else {
                            kept.add(reference);
                        }
                    }
                    if (changed) {
                        patch(client, type, identity, object, "ownerReferences", kept);
                    }
                });
    }

    static void removeFinalizer(
            Client client, ResourceType type, Identity identity, String finalizer) {
        current(client, type, identity)
                .ifPresent(object -> {
                    ArrayNode kept = JsonNodeFactory.instance.arrayNode();
                    Metadata.finalizers(object).stream()
                            .filter(name -> !name.equals(finalizer))
                            .forEach(kept::add);
                    if (kept.size() < Metadata.finalizers(object).size()) {
                        patch(client, type, identity, object, "finalizers", kept);
                    }
                });
    }

    private static Optional<ObjectNode> current(
            Client client, ResourceType type, Identity identity) {
        return client.find(type, identity.key())
                .filter(object -> Metadata.uid(object).equals(identity.uid()));
    }

    private static void patch(
            Client client,
            ResourceType type,
            Identity identity,
            ObjectNode object,
            String field,
            ArrayNode list) {
        ObjectNode patch = Json.object();
        ObjectNode metadata = patch.putObject("metadata");
        metadata.put("resourceVersion", Metadata.resourceVersion(object));
        if (list.isEmpty()) {
            metadata.putNull(field);
        } else {
            metadata.set(field, list);
        }
        client.patch(type, identity.key(), new Patch.Merge(patch), "");
    }
}
