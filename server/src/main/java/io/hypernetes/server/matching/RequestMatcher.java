package io.hypernetes.server.matching;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.select.LabelSelector;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.server.admission.AdmissionRequest;
import io.hypernetes.server.admission.AdmissionRequest.Operation;
import io.hypernetes.server.registry.Reads;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rules and selectors of a webhook, a policy or a binding.
 *
 * @param equivalent a rule for one version of a resource is for all of them
 */
public record RequestMatcher(
        LabelSelector namespaces,
        LabelSelector objects,
        List<ResourceRule> rules,
        List<ResourceRule> excluded,
        boolean equivalent) {
    private static final String CONFIGURATION = "admissionregistration.k8s.io";

    /**
     * @param match a webhook, whose rules are {@code rules}, or {@code MatchResources}, whose rules
     *     are {@code resourceRules}
     */
    public static RequestMatcher of(JsonNode match) {
        return new RequestMatcher(
                selector(match.path("namespaceSelector")),
                selector(match.path("objectSelector")),
                rules(match.has("rules") ? match.path("rules") : match.path("resourceRules")),
                rules(match.path("excludeResourceRules")),
                !match.path("matchPolicy").asString("").equals("Exact"));
    }

    /** Where nothing is said, everything is meant. */
    private static LabelSelector selector(JsonNode selector) {
        return selector.isObject() ? LabelSelector.fromObject(selector) : LabelSelector.EVERYTHING;
    }

    private static List<ResourceRule> rules(JsonNode list) {
        List<ResourceRule> rules = new ArrayList<>();
        list.forEach(rule -> rules.add(ResourceRule.of(rule)));
        return List.copyOf(rules);
    }

    /** What is never asked about: who writes the rules must be able to mend them. */
    public static boolean isExempt(AdmissionRequest request) {
        return request.type().id().group().equals(CONFIGURATION);
    }

    /**
     * @return the type as which the request is seen: its own, or another version that a rule names.
     *     Throws NotFound when the namespace is not there
     */
    public Optional<ResourceType> match(AdmissionRequest request, WorldTypes types, Reads reads) {
        Optional<ResourceType> seen = matchRules(rules, request, types);
        if (seen.isEmpty()
                || matchRules(excluded, request, types).isPresent()
                || !matchesNamespace(request, reads)
                || !matchesObject(request)) {
            return Optional.empty();
        }
        return seen;
    }

    /** The same for a binding, which may leave the rules out. */
    public boolean covers(AdmissionRequest request, WorldTypes types, Reads reads) {
        return (rules.isEmpty() || matchRules(rules, request, types).isPresent())
                && matchRules(excluded, request, types).isEmpty()
                && matchesNamespace(request, reads)
                && matchesObject(request);
    }

    private Optional<ResourceType> matchRules(
            List<ResourceRule> list, AdmissionRequest request, WorldTypes types) {
        ResourceType own = request.type();
        for (ResourceRule rule : list) {
            if (rule.matches(request, own)) {
                return Optional.of(own);
            }
        }
        if (!equivalent || !own.storage().converts()) {
            return Optional.empty();
        }
        for (ResourceRule rule : list) {
            for (ResourceType other : types.of(request.call().tenant()).all()) {
                if (other.storage().location().equals(own.storage().location())
                        && rule.matches(request, other)) {
                    return Optional.of(other);
                }
            }
        }
        return Optional.empty();
    }

    private boolean matchesNamespace(AdmissionRequest request, Reads reads) {
        if (namespaces.isEverything()) {
            return true;
        }
        boolean namespaceItself = request.type().id().equals(BuiltinTypes.NAMESPACES.id());
        if (request.namespace().isEmpty() && !namespaceItself) {
            return true;
        }
        if (namespaceItself && request.subresource().isEmpty()) {
            return namespaces.matches(request.object());
        }
        String name = namespaceItself ? request.name() : request.namespace();
        return reads.find(BuiltinTypes.NAMESPACES, request.call().tenant(), "", name)
                .map(namespace -> namespaces.matches(namespace.tree()))
                .orElseThrow(() -> ApiException.notFound(BuiltinTypes.NAMESPACES.id(), name));
    }

    /** New or old state: a change of labels cannot slip away from a rule. */
    private boolean matchesObject(AdmissionRequest request) {
        if (objects.isEverything()) {
            return true;
        }
        ObjectNode object = request.object();
        return request.operation() != Operation.DELETE && matches(object)
                || request.old().map(this::matches).orElse(false);
    }

    private boolean matches(ObjectNode object) {
        return object.path("metadata").isObject() && objects.matches(Metadata.labels(object));
    }
}
