package io.hypernetes.server.policy;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.select.LabelSelector;
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.server.admission.AdmissionRequest;
import io.hypernetes.server.registry.Extent;
import io.hypernetes.server.registry.ObjectFilter;
import io.hypernetes.server.registry.Reads;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;

/** Finds the objects that a binding gives to its policy as {@code params}. */
final class Parameters {
    private final WorldTypes types;
    private final Reads reads;

    Parameters(WorldTypes types, Reads reads) {
        this.types = types;
        this.reads = reads;
    }

    /**
     * One evaluation for each; an empty one when the policy or the binding has no parameters, none
     * at all when there are no objects and that is allowed.
     */
    List<Optional<ObjectNode>> of(Policy policy, Binding binding, AdmissionRequest request)
            throws ConfigurationException {
        if (policy.paramKind().isEmpty() || !binding.paramRef().isObject()) {
            return List.of(Optional.empty());
        }
        Tenant tenant = request.call().tenant();
        ResourceType type =
                types.of(tenant)
                        .find(policy.paramKind().get())
                        .orElseThrow(() ->
                                new ConfigurationException(
                                        "paramKind kind `"
                                                + policy.paramKind().get()
                                                + "` not known"));
        String namespace = namespace(type, binding.paramRef(), request);
        String name = binding.paramRef().path("name").asString("");
        List<Optional<ObjectNode>> found =
                namesNobody(namespace) || namesNobody(name)
                        ? List.of()
                        : found(type, tenant, namespace, name, binding.paramRef());
        boolean required =
                binding.paramRef().path("parameterNotFoundAction").asString("").equals("Deny");
        if (found.isEmpty() && required) {
            throw new ConfigurationException(
                    "no params found for policy binding with `Deny` parameterNotFoundAction");
        }
        return found;
    }

    /** No rule keeps such a reference from being written; there is nothing that it can mean. */
    private static boolean namesNobody(String name) {
        return name.indexOf('/') >= 0;
    }

    private List<Optional<ObjectNode>> found(
            ResourceType type, Tenant tenant, String namespace, String name, JsonNode reference) {
        return name.isEmpty()
                ? selected(type, tenant, namespace, reference.path("selector"))
                : reads.find(type, tenant, namespace, name).stream()
                        .map(object -> Optional.of(object.tree()))
                        .toList();
    }

    private static String namespace(ResourceType type, JsonNode reference, AdmissionRequest request)
            throws ConfigurationException {
        String given = reference.path("namespace").asString("");
        if (!type.namespaced()) {
            if (!given.isEmpty()) {
                throw new ConfigurationException(
                        "paramRef.namespace must not be provided for a cluster-scoped"
                                + " `paramKind`");
            }
            return "";
        }
        if (given.isEmpty() && request.namespace().isEmpty()) {
            throw new ConfigurationException(
                    "cannot use namespaced paramRef in policy binding that matches cluster-scoped"
                            + " resources");
        }
        return given.isEmpty() ? request.namespace() : given;
    }

    private List<Optional<ObjectNode>> selected(
            ResourceType type, Tenant tenant, String namespace, JsonNode selector) {
        LabelSelector labels = LabelSelector.fromObject(selector);
        return reads
                .listCurrent(
                        new Extent(type, Optional.of(tenant), namespace, ObjectFilter.EVERYTHING))
                .stream()
                .filter(object -> labels.matches(object.tree()))
                .map(object -> Optional.of(object.tree()))
                .toList();
    }
}
