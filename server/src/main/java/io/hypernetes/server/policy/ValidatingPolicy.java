package io.hypernetes.server.policy;

import io.hypernetes.cel.CompilationException;
import io.hypernetes.cel.Environment;
import io.hypernetes.cel.Expression;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A ValidatingAdmissionPolicy, compiled. */
record ValidatingPolicy(Policy policy, List<Validation> validations, List<Annotation> annotations) {
    /**
     * @param error why it could not be compiled; empty when it was
     */
    record Validation(
            String text,
            Optional<Expression> expression,
            Optional<Expression> message,
            String plainMessage,
            String reason,
            String error) {}

    record Annotation(String key, Optional<Expression> value, String error) {}

    static ValidatingPolicy of(ObjectNode object) {
        Policy policy = Policy.of(object);
        Environment environment = policy.environment();
        List<Validation> validations = new ArrayList<>();
        for (JsonNode validation : object.path("spec").path("validations")) {
            validations.add(validation(validation, environment));
        }
        List<Annotation> annotations = new ArrayList<>();
        for (JsonNode annotation : object.path("spec").path("auditAnnotations")) {
            String key = annotation.path("key").asString("");
            try {
                annotations.add(
                        new Annotation(
                                key,
                                Optional.of(
                                        environment.compile(
                                                annotation.path("valueExpression").asString(""))),
                                ""));
            } catch (CompilationException e) {
                annotations.add(
                        new Annotation(key, Optional.empty(), "compilation failed: " + e.text()));
            }
        }
        return new ValidatingPolicy(policy, List.copyOf(validations), List.copyOf(annotations));
    }

    private static Validation validation(JsonNode validation, Environment environment) {
        String text = validation.path("expression").asString("");
        String messageText = validation.path("messageExpression").asString("");
        Optional<Expression> expression = Optional.empty();
        Optional<Expression> message = Optional.empty();
        String error = "";
        try {
            Expression compiled = environment.compile(text);
            if (compiled.isBoolean() || compiled.isDynamic()) {
                expression = Optional.of(compiled);
            } else {
                error = "compilation failed: must evaluate to bool";
            }
            if (!messageText.isEmpty()) {
                message = Optional.of(environment.compile(messageText));
            }
        } catch (CompilationException e) {
            error = "compilation failed: " + e.text();
        }
        return new Validation(
                text,
                expression,
                message,
                validation.path("message").asString(""),
                validation.path("reason").asString(""),
                error);
    }
}
