package io.hypernetes.server.registry;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.apply.Conversion;
import io.hypernetes.api.apply.FieldFilter;
import io.hypernetes.api.apply.FieldManager;
import io.hypernetes.api.apply.FieldSet;
import io.hypernetes.api.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Map;

/** Keeps {@code metadata.managedFields} true: who set which field, whatever the way of writing. */
final class Tracking {
    private final Objects objects;

    Tracking(Objects objects) {
        this.objects = objects;
    }

    FieldManager manager(ResourceType type, String subresource) {
        FieldFilter filter =
                switch (subresource) {
                    case "" ->
                            type.hasStatus()
                                    ? FieldFilter.without(FieldSet.of("status"))
                                    : FieldFilter.ALL;
                    case "status" -> FieldFilter.without(FieldSet.of("spec"));
                    default -> FieldFilter.ALL;
                };
        return new FieldManager(
                objects.schema(type),
                type.groupVersionKind(),
                subresource,
                filter,
                Conversion.NONE);
    }

    void created(WriteCall call, ResourceType type, ObjectNode object) {
        manager(type, "").create(object, call.fieldManager());
    }

    /** A binding is an object of its own, and no field of the pod is anybody's by it. */
    void updated(
            WriteCall call,
            ResourceType type,
            String subresource,
            ObjectNode old,
            ObjectNode object) {
        if (!subresource.equals("binding")) {
            manager(type, subresource).update(old, object, call.fieldManager());
        }
    }

    /** Whether nothing but the times of managers is new: then nothing is written. */
    static boolean isUnchanged(ObjectNode old, ObjectNode object) {
        return sameBut(
                old,
                object,
                "metadata",
                (a, b) -> sameBut(a, b, "managedFields", Tracking::sameButTimes));
    }

    private interface Sameness {
        boolean test(JsonNode a, JsonNode b);
    }

    /** All fields but one are equal, and that one is the same in a way of its own. */
    private static boolean sameBut(JsonNode a, JsonNode b, String field, Sameness sameness) {
        int ignored = (a.has("resourceVersion") ? 1 : 0) - (b.has("resourceVersion") ? 1 : 0);
        if (a.size() - ignored != b.size() || a.has(field) != b.has(field)) {
            return false;
        }
        for (Map.Entry<String, JsonNode> entry : a.properties()) {
            String name = entry.getKey();
            JsonNode other = b.get(name);
            if (name.equals(field)) {
                if (other == null || !sameness.test(entry.getValue(), other)) {
                    return false;
                }
            } else if (!name.equals("resourceVersion")
                    && (other == null || !Json.same(entry.getValue(), other))) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameButTimes(JsonNode a, JsonNode b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            JsonNode mine = a.get(i);
            JsonNode theirs = b.get(i);
            for (String field :
                    new String[] {
                        "manager", "operation", "apiVersion", "subresource", "fieldsType", "fieldsV1"
                    }) {
                if (!Json.same(mine.path(field), theirs.path(field))) {
                    return false;
                }
            }
        }
        return true;
    }
}
