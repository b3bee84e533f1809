package io.hypernetes.server.matching;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.server.admission.AdmissionRequest;

import tools.jackson.databind.JsonNode;

import java.util.HashSet;
import java.util.Set;

/**
 * A {@code RuleWithOperations} of {@code admissionregistration.k8s.io/v1}.
 *
 * @param names of objects, empty for all (policies only)
 */
record ResourceRule(
        Set<String> operations,
        Set<String> groups,
        Set<String> versions,
        Set<String> resources,
        String scope,
        Set<String> names) {
    private static final String ALL = "*";

    static ResourceRule of(JsonNode rule) {
        return new ResourceRule(
                texts(rule.path("operations")),
                texts(rule.path("apiGroups")),
                texts(rule.path("apiVersions")),
                texts(rule.path("resources")),
                rule.path("scope").asString(ALL),
                texts(rule.path("resourceNames")));
    }

    private static Set<String> texts(JsonNode list) {
        Set<String> texts = new HashSet<>();
        list.forEach(text -> texts.add(text.asString("")));
        return Set.copyOf(texts);
    }

    /**
     * @param as the request's own type, or another version of it
     */
    boolean matches(AdmissionRequest request, ResourceType as) {
        return has(operations, request.operation().name())
                && has(groups, as.id().group())
                && has(versions, as.version())
                && matchesResource(as.id().resource(), request.subresource())
                && matchesScope(as, request)
                && (names.isEmpty() || names.contains(request.name()));
    }

    private static boolean has(Set<String> allowed, String value) {
        return allowed.contains(ALL) || allowed.contains(value);
    }

    private boolean matchesResource(String resource, String subresource) {
        for (String entry : resources) {
            int slash = entry.indexOf('/');
            String name = slash < 0 ? entry : entry.substring(0, slash);
            String part = slash < 0 ? "" : entry.substring(slash + 1);
            if ((name.equals(ALL) || name.equals(resource))
                    && (part.equals(ALL) || part.equals(subresource))) {
                return true;
            }
        }
        return false;
    }

    /** A namespace itself is of the cluster's scope. */
    private boolean matchesScope(ResourceType type, AdmissionRequest request) {
        boolean namespaced =
                !type.id().equals(BuiltinTypes.NAMESPACES.id()) && !request.namespace().isEmpty();
        return switch (scope) {
            case "Namespaced" -> namespaced;
            case "Cluster" -> !namespaced;
            default -> true;
        };
    }
}
