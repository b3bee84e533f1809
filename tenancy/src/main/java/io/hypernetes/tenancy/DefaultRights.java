package io.hypernetes.tenancy;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.json.Json;
import io.hypernetes.identity.rbac.DefaultRoles;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Optional;

/**
 * Makes and completes default roles and their bindings in the operator's world, as upstream does at
 * a start: rules and subjects that are missing come back, what an operator added stays, and what is
 * annotated {@code autoupdate: false} is left alone.
 */
final class DefaultRights {

    private final Client client;

    DefaultRights(Client client) {
        this.client = client;
    }

    void ensure(ResourceType type, ObjectNode wanted) {
        ObjectKey key =
                new ObjectKey(Tenant.SYSTEM, Metadata.namespace(wanted), Metadata.name(wanted));
        Optional<ObjectNode> known = client.find(type, key);
        if (known.isEmpty()) {
            client.create(type, Tenant.SYSTEM, wanted);
            return;
        }
        ObjectNode object = known.get();
        boolean left =
                Metadata.annotation(object, DefaultRoles.AUTO_UPDATE).equals("false")
                        || Metadata.isBeingDeleted(object);
        if (left) {
            return;
        }
        if (!object.path("roleRef").equals(wanted.path("roleRef"))) {
            // What a binding is to cannot be changed.
            client.delete(type, key, DeleteOptions.NOW);
            client.create(type, Tenant.SYSTEM, wanted);
            return;
        }
        ObjectNode completed = completed(object, wanted);
        if (!completed.equals(object)) {
            client.update(type, Tenant.SYSTEM, completed);
        }
    }

    private static ObjectNode completed(ObjectNode object, ObjectNode wanted) {
        ObjectNode completed = object.deepCopy();
        if (wanted.has("aggregationRule")) {
            // Its rules are what its parts say.
            completed.set("aggregationRule", wanted.get("aggregationRule").deepCopy());
        } else {
            add(completed, wanted, "rules");
        }
        add(completed, wanted, "subjects");
        Metadata.labels(wanted).forEach((k, v) -> Metadata.ensureLabels(completed).put(k, v));
        Metadata.annotations(wanted)
                .forEach((k, v) -> Metadata.ensureAnnotations(completed).put(k, v));
        return completed;
    }

    private static void add(ObjectNode object, ObjectNode wanted, String list) {
        if (!wanted.has(list)) {
            return;
        }
        ArrayNode present = object.withArrayProperty(list);
        for (JsonNode item : wanted.get(list)) {
            if (present.valueStream().noneMatch(known -> Json.same(known, item))) {
                present.add(item.deepCopy());
            }
        }
    }
}
