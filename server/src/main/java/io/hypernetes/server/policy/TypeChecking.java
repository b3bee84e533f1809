package io.hypernetes.server.policy;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.ResourceTypes;
import io.hypernetes.cel.CompilationException;
import io.hypernetes.cel.Environment;
import io.hypernetes.cel.type.DeclaredType;
import io.hypernetes.server.matching.Environments;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is wrong with a policy's expressions for the kinds that it names: a warning, since the same
 * expression may be right for another kind (KEP-3488). Pure.
 */
final class TypeChecking {
    private static final int MOST_TYPES = 10;

    private TypeChecking() {}

    /** As {@code status.typeChecking}. */
    static ObjectNode of(JsonNode policy, ResourceTypes types) {
        JsonNode spec = policy.path("spec");
        List<ResourceType> checked = named(spec.path("matchConstraints"), types);
        Optional<DeclaredType> params = params(spec.path("paramKind"), types);
        Map<String, List<String>> warnings = new LinkedHashMap<>();
        for (ResourceType type : checked) {
            check(spec, type, params, warnings);
        }
        ObjectNode checking = Json.object();
        if (!warnings.isEmpty()) {
            ArrayNode list = checking.putArray("expressionWarnings");
            warnings.forEach((field, texts) ->
                    list.addObject()
                            .put("fieldRef", field)
                            .put("warning", String.join("\n", texts)));
        }
        return checking;
    }

    /** Of a wildcard nothing can be said. */
    private static List<ResourceType> named(JsonNode constraints, ResourceTypes types) {
        List<ResourceType> named = new ArrayList<>();
        for (JsonNode rule : constraints.path("resourceRules")) {
            for (String group : Policy.texts(rule.path("apiGroups"))) {
                for (String version : Policy.texts(rule.path("apiVersions"))) {
                    for (String resource : Policy.texts(rule.path("resources"))) {
                        types.find(group, version, resource)
                                .filter(type -> !named.contains(type))
                                .filter(_ -> named.size() < MOST_TYPES)
                                .ifPresent(named::add);
                    }
                }
            }
        }
        return named;
    }

    private static Optional<DeclaredType> params(JsonNode kind, ResourceTypes types) {
        if (!kind.isObject()) {
            return Optional.empty();
        }
        io.hypernetes.api.GroupVersionKind wanted =
                io.hypernetes.api.GroupVersionKind.of(
                        kind.path("apiVersion").asString(""), kind.path("kind").asString(""));
        return Optional.of(types.find(wanted).map(ObjectTypes::of).orElse(DeclaredType.DYN));
    }

    private static void check(
            JsonNode spec,
            ResourceType type,
            Optional<DeclaredType> params,
            Map<String, List<String>> warnings) {
        Environment environment = Environments.request(ObjectTypes.of(type), params);
        for (JsonNode variable : spec.path("variables")) {
            String name = "variables." + variable.path("name").asString("");
            try {
                environment =
                        environment.withResult(
                                name,
                                environment.compile(variable.path("expression").asString("")));
            } catch (CompilationException e) {
                environment = environment.with(name, DeclaredType.DYN);
            }
        }
        int number = 0;
        for (JsonNode validation : spec.path("validations")) {
            for (String field : List.of("expression", "messageExpression")) {
                String text = validation.path(field).asString("");
                try {
                    if (!text.isEmpty()) {
                        environment.compile(text);
                    }
                } catch (CompilationException e) {
                    warnings.computeIfAbsent(
                                    "spec.validations[" + number + "]." + field,
                                    _ -> new ArrayList<>())
                            .add(type.groupVersionKind() + ": " + e.text());
                }
            }
            number++;
        }
    }
}
