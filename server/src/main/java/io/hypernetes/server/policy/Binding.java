package io.hypernetes.server.policy;

import io.hypernetes.server.matching.RequestMatcher;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/**
 * Puts a policy to work.
 *
 * @param paramRef missing when there is none
 * @param actions Deny, Warn, Audit
 */
record Binding(
        String name,
        String policy,
        RequestMatcher matcher,
        JsonNode paramRef,
        List<String> actions) {
    static Binding of(ObjectNode binding) {
        JsonNode spec = binding.path("spec");
        return new Binding(
                binding.path("metadata").path("name").asString(""),
                spec.path("policyName").asString(""),
                RequestMatcher.of(spec.path("matchResources")),
                spec.path("paramRef"),
                Policy.texts(spec.path("validationActions")));
    }
}
