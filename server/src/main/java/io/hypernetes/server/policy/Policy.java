package io.hypernetes.server.policy;

import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.cel.CompilationException;
import io.hypernetes.cel.Environment;
import io.hypernetes.cel.Expression;
import io.hypernetes.server.matching.Conditions;
import io.hypernetes.server.matching.Environments;
import io.hypernetes.server.matching.RequestMatcher;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What both kinds of policies have, compiled.
 *
 * @param paramKind empty when the policy takes no parameters
 * @param variables in their order; each sees those before it
 * @param environment of the policy's own expressions, with its variables
 * @param error why it cannot be used; empty when it can
 */
record Policy(
        String name,
        RequestMatcher matcher,
        Conditions conditions,
        Optional<GroupVersionKind> paramKind,
        Map<String, Expression> variables,
        Environment environment,
        boolean ignoresFailures,
        String error) {
    static Policy of(ObjectNode policy) {
        JsonNode spec = policy.path("spec");
        JsonNode paramKind = spec.path("paramKind");
        Environment environment = Environments.request(paramKind.isObject());
        Conditions conditions = Conditions.of(spec.path("matchConditions"), environment);
        Map<String, Expression> variables = new LinkedHashMap<>();
        String error = "";
        for (JsonNode variable : spec.path("variables")) {
            String name = variable.path("name").asString("");
            try {
                Expression expression =
                        environment.compile(variable.path("expression").asString(""));
                variables.put(name, expression);
                environment = environment.withResult("variables." + name, expression);
            } catch (CompilationException e) {
                error = "compilation failed: " + e.text();
            }
        }
        return new Policy(
                policy.path("metadata").path("name").asString(""),
                RequestMatcher.of(spec.path("matchConstraints")),
                conditions,
                paramKind.isObject()
                        ? Optional.of(
                                GroupVersionKind.of(
                                        paramKind.path("apiVersion").asString(""),
                                        paramKind.path("kind").asString("")))
                        : Optional.empty(),
                variables,
                environment,
                spec.path("failurePolicy").asString("").equals("Ignore"),
                error);
    }

    /** The texts of a list. */
    static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asString("")));
        return List.copyOf(texts);
    }
}
