package io.hypernetes.server.registry;

import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.apply.Conversion;
import io.hypernetes.api.apply.FieldFilter;
import io.hypernetes.api.apply.FieldManager;
import io.hypernetes.api.apply.FieldSet;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.schema.Schema;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.WorldTypes;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keeps {@code metadata.managedFields} true: who set which field, whatever the way of writing. */
final class Tracking {
    private static final FieldFilter NO_STATUS = FieldFilter.without(FieldSet.of("status"));
    private static final FieldFilter NO_SPEC = FieldFilter.without(FieldSet.of("spec"));

    /** What is asked for is nobody's: it cannot be changed. The rest is by its subresource. */
    private static final Map<String, FieldFilter> SIGNING_REQUEST =
            Map.of(
                    "",
                    FieldFilter.without(FieldSet.of("spec").union(FieldSet.of("status"))),
                    "status",
                    FieldFilter.without(
                            FieldSet.of("spec").union(FieldSet.of("status", "conditions"))),
                    "approval",
                    FieldFilter.without(
                            FieldSet.of("spec").union(FieldSet.of("status", "certificate"))));

    private final WorldTypes types;

    Tracking(WorldTypes types) {
        this.types = types;
    }

    FieldManager manager(Tenant tenant, ResourceType type, String subresource) {
        FieldFilter filter =
                isSigningRequest(type)
                        ? SIGNING_REQUEST.getOrDefault(subresource, FieldFilter.ALL)
                        : filter(type, subresource);
        return new FieldManager(
                type.schema().struct(),
                type.groupVersionKind(),
                subresource,
                filter,
                type.storage().converts() ? new OtherVersions(tenant, type) : Conversion.NONE);
    }

    private static boolean isSigningRequest(ResourceType type) {
        return type.id().equals(BuiltinTypes.CERTIFICATE_SIGNING_REQUESTS.id());
    }

    private static FieldFilter filter(ResourceType type, String subresource) {
        return switch (subresource) {
            case "" -> type.hasStatus() ? NO_STATUS : FieldFilter.ALL;
            case "status" -> NO_SPEC;
            default -> FieldFilter.ALL;
        };
    }

    /** The versions in which other managers wrote. */
    private final class OtherVersions implements Conversion {
        private final Tenant tenant;
        private final ResourceType type;

        OtherVersions(Tenant tenant, ResourceType type) {
            this.tenant = tenant;
            this.type = type;
        }

        @Override
        public Optional<Schema.Struct> schema(String apiVersion) {
            GroupVersionKind kind = GroupVersionKind.of(apiVersion, type.kind());
            return types.find(tenant, kind.group(), kind.version(), type.id().resource())
                    .map(other -> other.schema().struct());
        }

        @Override
        public JsonNode convert(JsonNode object, String apiVersion) {
            return type.storage()
                    .conversion()
                    .convert(
                            List.of((ObjectNode) object.deepCopy()),
                            GroupVersionKind.of(apiVersion, type.kind()))
                    .getFirst();
        }
    }

    void created(WriteCall call, ResourceType type, ObjectNode object) {
        manager(call.tenant(), type, "").create(object, call.fieldManager());
    }

    /** A binding is an object of its own, and no field of the pod is anybody's by it. */
    void updated(
            WriteCall call,
            ResourceType type,
            String subresource,
            ObjectNode old,
            ObjectNode object) {
        if (!subresource.equals("binding")) {
            manager(call.tenant(), type, subresource).update(old, object, call.fieldManager());
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
                        "manager",
                        "operation",
                        "apiVersion",
                        "subresource",
                        "fieldsType",
                        "fieldsV1"
                    }) {
                if (!Json.same(mine.path(field), theirs.path(field))) {
                    return false;
                }
            }
        }
        return true;
    }
}
