package io.hypernetes.server.review;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.kind.Errors;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.server.request.RequestInfo;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** The rules for SubjectAccessReviews and their relatives, in upstream's words. */
final class AccessReviews {

    private AccessReviews() {}

    /** Throws Invalid. */
    static void check(ObjectNode review, RequestInfo info) {
        boolean local = info.resource().startsWith("local");
        Errors errors = new Errors();
        Field root = Field.root(review, errors);
        Field spec = root.at("spec");
        spec(spec, !info.resource().startsWith("self"));
        ObjectNode metadata = root.at("metadata").object().deepCopy();
        metadata.remove("managedFields");
        if (local) {
            metadata.remove("namespace");
        }
        if (!metadata.valueStream().allMatch(AccessReviews::isZero)) {
            root.at("metadata").invalid("must be empty" + (local ? " except for namespace" : ""));
        }
        Field namespace = spec.at("resourceAttributes").at("namespace");
        if (local && spec.at("resourceAttributes").isSet() && !namespace.is(info.namespace())) {
            namespace.invalid(namespace.text(), "must match metadata.namespace");
        }
        if (local && spec.at("nonResourceAttributes").isSet()) {
            shown(spec.at("nonResourceAttributes"), "disallowed on this kind of request");
        }
        if (!errors.all().isEmpty()) {
            // Upstream names no kind: that of its own version of the review is not set there.
            throw ApiException.invalid(
                    new GroupVersionKind("authorization.k8s.io", "v1", ""), "", errors.all());
        }
    }

    /** What Go cannot tell from a field that is not there. */
    private static boolean isZero(JsonNode value) {
        return value.isContainer()
                ? value.isEmpty()
                : value.isNull() || value.asString().isEmpty() || value.asString().equals("0");
    }

    private static void spec(Field spec, boolean ofOthers) {
        Field resource = spec.at("resourceAttributes");
        Field other = spec.at("nonResourceAttributes");
        if (resource.isSet() && other.isSet()) {
            shown(other, "cannot be specified in combination with resourceAttributes");
        }
        if (!resource.isSet() && !other.isSet()) {
            resource.invalid(
                    NullNode.getInstance(),
                    "exactly one of nonResourceAttributes or resourceAttributes must be"
                            + " specified");
        }
        if (ofOthers && !spec.at("user").isGiven() && !spec.at("groups").isGiven()) {
            spec.at("user").invalid("", "at least one of user or group must be specified");
        }
        for (String name : List.of("fieldSelector", "labelSelector")) {
            Field selector = resource.at(name);
            Field raw = selector.at("rawSelector");
            Field requirements = selector.at("requirements");
            if (raw.isGiven() && requirements.isGiven()) {
                raw.invalid("may not specified at the same time as requirements");
            }
            if (selector.isSet() && !raw.isGiven() && !requirements.isGiven()) {
                requirements.tellRequired(
                        "when spec.resourceAttributes."
                                + name
                                + " is specified, requirements or rawSelector is required");
            }
        }
    }

    /** With the names of the fields in upstream's program, which it prints. */
    private static void shown(Field attributes, String detail) {
        attributes.invalid(
                Json.object()
                        .put("Path", attributes.at("path").text())
                        .put("Verb", attributes.at("verb").text()),
                detail);
    }
}
