package io.hypernetes.cel.rules;

import io.hypernetes.api.FieldError;
import io.hypernetes.cel.CompilationException;
import io.hypernetes.cel.Environment;
import io.hypernetes.cel.Expression;

import tools.jackson.databind.JsonNode;

import java.util.Optional;

/**
 * One of {@code x-kubernetes-validations}.
 *
 * @param error why it could not be compiled; empty when it was
 * @param messageError why its message could not be compiled
 * @param path within the object, with its leading dot or bracket, empty for the object itself
 */
record Rule(
        String text,
        String message,
        String messageText,
        Optional<FieldError.Type> reason,
        String path,
        boolean optionalOldSelf,
        Optional<Expression> expression,
        Optional<Expression> messageExpression,
        String error,
        String messageError) {
    static final String SELF = "self";
    static final String OLD_SELF = "oldSelf";

    /**
     * @param plain the environment of {@code self} and {@code oldSelf}
     * @param optional the same with an optional {@code oldSelf}
     */
    static Rule compile(JsonNode rule, Environment plain, Environment optional) {
        String text = rule.path("rule").asString("");
        String messageText = rule.path("messageExpression").asString("");
        boolean optionalOldSelf = rule.path("optionalOldSelf").asBoolean(false);
        Environment environment = optionalOldSelf ? optional : plain;
        Optional<Expression> expression = Optional.empty();
        Optional<Expression> messageExpression = Optional.empty();
        String error = "";
        String messageError = "";
        if (!text.isBlank()) {
            try {
                Expression compiled = environment.compile(text);
                if (compiled.isBoolean()) {
                    expression = Optional.of(compiled);
                } else {
                    error = "cel expression must evaluate to a bool";
                }
            } catch (CompilationException e) {
                error = "compilation failed: " + e.text();
            }
        }
        if (error.isEmpty() && !messageText.isEmpty()) {
            try {
                Expression compiled = environment.compile(messageText);
                if (compiled.isString()) {
                    messageExpression = Optional.of(compiled);
                } else {
                    messageError = "messageExpression must evaluate to a string";
                }
            } catch (CompilationException e) {
                messageError = "messageExpression compilation failed: " + e.text();
            }
        }
        return new Rule(
                text,
                rule.path("message").asString(""),
                messageText,
                reason(rule.path("reason").asString("")),
                rule.path("fieldPath").asString(""),
                optionalOldSelf,
                expression,
                messageExpression,
                error,
                messageError);
    }

    private static Optional<FieldError.Type> reason(String reason) {
        return switch (reason) {
            case "FieldValueForbidden" -> Optional.of(FieldError.Type.FORBIDDEN);
            case "FieldValueRequired" -> Optional.of(FieldError.Type.REQUIRED);
            case "FieldValueDuplicate" -> Optional.of(FieldError.Type.DUPLICATE);
            default -> Optional.empty();
        };
    }

    boolean usesOldSelf() {
        return expression.map(e -> e.uses(OLD_SELF)).orElse(false);
    }

    /** What the rule is called where it could not be evaluated. */
    String shown() {
        return message.isEmpty() ? text.strip() : message.strip();
    }

    String failure() {
        return message.isEmpty() ? "failed rule: " + text.strip() : message.strip();
    }
}
