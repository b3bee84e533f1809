package io.hypernetes.server.matching;

import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.api.json.Json;
import io.hypernetes.server.admission.AdmissionRequest;
import io.hypernetes.server.admission.AdmissionRequest.Operation;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The {@code request} that webhooks get and expressions see: AdmissionRequest without objects. */
public final class RequestObject {
    private RequestObject() {}

    /**
     * @param seen the type as which the request is matched
     */
    public static ObjectNode of(AdmissionRequest request, ResourceType seen, String uid) {
        ObjectNode tree = Json.object();
        if (!uid.isEmpty()) {
            tree.put("uid", uid);
        }
        tree.set("kind", kind(kindAs(request, seen)));
        tree.set("resource", resource(seen));
        if (!request.subresource().isEmpty()) {
            tree.put("subResource", request.subresource());
        }
        tree.set("requestKind", kind(request.kind()));
        tree.set("requestResource", resource(request.type()));
        if (!request.subresource().isEmpty()) {
            tree.put("requestSubResource", request.subresource());
        }
        if (!request.name().isEmpty()) {
            tree.put("name", request.name());
        }
        String namespace = namespaceOf(request);
        if (!namespace.isEmpty()) {
            tree.put("namespace", namespace);
        }
        tree.put("operation", request.operation().name());
        tree.set("userInfo", user(request.call().user()));
        return tree;
    }

    /** A namespace is said to be in itself. */
    private static String namespaceOf(AdmissionRequest request) {
        return request.namespace().isEmpty()
                        && request.type()
                                .id()
                                .equals(io.hypernetes.api.types.BuiltinTypes.NAMESPACES.id())
                ? request.name()
                : request.namespace();
    }

    /** Adds what follows the objects in an AdmissionReview. */
    public static ObjectNode finish(ObjectNode tree, AdmissionRequest request) {
        tree.put("dryRun", request.call().dryRun());
        if (request.options().isEmpty()) {
            tree.putNull("options");
        } else {
            tree.set("options", request.options());
        }
        return tree;
    }

    static GroupVersionKind kindAs(AdmissionRequest request, ResourceType seen) {
        return request.kind().equals(request.type().groupVersionKind())
                ? seen.groupVersionKind()
                : request.kind();
    }

    static boolean hasObject(AdmissionRequest request) {
        return request.operation() != Operation.DELETE;
    }

    private static ObjectNode kind(GroupVersionKind kind) {
        return Json.object()
                .put("group", kind.group())
                .put("version", kind.version())
                .put("kind", kind.kind());
    }

    private static ObjectNode resource(ResourceType type) {
        return Json.object()
                .put("group", type.id().group())
                .put("version", type.version())
                .put("resource", type.id().resource());
    }

    private static ObjectNode user(UserInfo user) {
        ObjectNode tree = Json.object().put("username", user.name());
        if (!user.uid().isEmpty()) {
            tree.put("uid", user.uid());
        }
        if (!user.groups().isEmpty()) {
            ArrayNode groups = tree.putArray("groups");
            user.groups().forEach(groups::add);
        }
        if (!user.extra().isEmpty()) {
            ObjectNode extra = tree.putObject("extra");
            user.extra()
                    .forEach((key, values) -> values.forEach(extra.withArrayProperty(key)::add));
        }
        return tree;
    }
}
